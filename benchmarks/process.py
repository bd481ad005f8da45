"""A measurement in a process of its own: its CPU seconds and its peak memory, nobody else's."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path


def measure(*arguments: str) -> tuple[float, float]:
    """CPU seconds and peak MB of `python ARGUMENTS`, whose last printed words are those of `tell`."""
    ended = subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True)
    seconds, megabytes = ended.stdout.split()[-2:]
    return float(seconds), float(megabytes)


def tell() -> None:
    """The measured process says what it took. (VmHWM: ru_maxrss starts at the peak of the forker.)"""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    print(time.process_time(), int(status["VmHWM"].split()[0]) / 1024)


def cpu_seconds(arguments: Sequence[str], folder: Path | None = None) -> float:
    """User and system seconds of `python ARGUMENTS`, once it has ended. `folder`: where it runs."""
    # Without compiled files each start would compile Glaze anew, which no installed program does.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *arguments],
        check=True,
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
