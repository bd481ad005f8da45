"""A run of `glaze enrich` with a clock on its asking: from the first cell to the last commit.

Start-up, reading the sheet, making the job and writing the values back are before and after it.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator


@contextlib.contextmanager
def clocked() -> Iterator[None]:
    """Prints the seconds, and the CPU seconds, of what is done in it."""
    began, used = time.perf_counter(), time.process_time()
    yield
    print(time.perf_counter() - began, time.process_time() - used, flush=True)


def watch() -> None:
    """From here on, this process prints the seconds of asking, and the CPU seconds, when it is over."""
    from glaze_cli.cli import running

    ask = running._ask

    async def timed(*arguments: object) -> None:
        with clocked():
            await ask(*arguments)  # type: ignore[arg-type]

    running._ask = timed  # the one seam: the run itself is what people run
