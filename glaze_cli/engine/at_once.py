"""What need not be waited for: a coroutine's result, where it comes to one by itself."""

from __future__ import annotations

import types
from collections.abc import Awaitable, Coroutine, Generator
from typing import Any, TypeVar

T = TypeVar("T")


def at_once(work: Coroutine[Any, Any, T]) -> T | Awaitable[T]:
    """Its result, where it gets there without waiting; else what to await for it. Raises what it raises."""
    try:
        waits_for = work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    return _go_on(work, waits_for)


@types.coroutine
def _go_on(work: Coroutine[Any, Any, T], waits_for: Any) -> Generator[Any, Any, T]:
    """As `await work`, had that begun it."""
    try:
        while True:
            try:
                said = yield waits_for
            except GeneratorExit:
                work.close()
                raise
            except BaseException as error:
                waits_for = work.throw(error)
            else:
                waits_for = work.send(said)
    except StopIteration as end:
        result: T = end.value
        return result
