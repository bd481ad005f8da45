"""The event loop of a run: on uvloop where it is installed, which takes a third of the work off a call."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_COLLECT_AFTER = 20_000
"""Objects made between two looks for cycles; Python's 700 look over the cells in work again and again."""


def run(work: Coroutine[Any, Any, T]) -> T:
    """`asyncio.run` on the quickest loop at hand, with the garbage collector told what will stay."""
    gc.freeze()  # what was imported is no garbage: to look through it took a sixth of a run
    gc.set_threshold(_COLLECT_AFTER, 20, 20)
    with asyncio.Runner(loop_factory=_new_loop()) as runner:
        return runner.run(work)


def _new_loop() -> Any:
    try:
        import uvloop
    except ImportError:  # there is no wheel for this machine
        return None
    return uvloop.new_event_loop
