"""A run of `glaze enrich` with a clock on its asking: from the first cell to the last commit.

Start-up, reading the sheet, making the job and writing the values back are before and after it.
"""

from __future__ import annotations

import time


def watch() -> None:
    """From here on, this process prints the seconds of asking, and the CPU seconds, when it is over."""
    from glaze_cli.cli import running

    ask = running._ask

    async def timed(*arguments: object) -> None:
        began, used = time.perf_counter(), time.process_time()
        await ask(*arguments)  # type: ignore[arg-type]
        print(time.perf_counter() - began, time.process_time() - used, flush=True)

    running._ask = timed  # the one seam: the run itself is what people run
