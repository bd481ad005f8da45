"""What the figures of a benchmark are of."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sqlite3
import statistics
from datetime import date

from process import cpu_seconds


def machine(*libraries: str) -> str:
    """One line: the machine and how busy it is, the versions of these libraries, and the day."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = "".join(f"{name} {importlib.metadata.version(name)}, " for name in libraries)
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, {versions}load {os.getloadavg()[0]:.1f}; {date.today()}."
    )


def bare_start(times: int = 9) -> float:
    """CPU seconds of `python -c pass`, the median of so many: how quick the machine is just now."""
    return statistics.median(cpu_seconds(("-c", "pass")) for _ in range(times))
