"""What the whole suite runs with, so that it takes minutes. A test sees none of it."""

from __future__ import annotations

import gc
import importlib.util
import os
import sys

import hypothesis

# What is imported and collected stays. With Python's 700, it would be searched for garbage again and again.
gc.set_threshold(10_000, 10, 10)

# httpcore tries to import it for every lock, and Python searches all folders for what is not installed.
if importlib.util.find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment]


# No test is timed: on a busy machine, a single example may wait for a disk or another process.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


def pytest_collection_finish() -> None:
    """What was collected need not be searched either."""
    gc.freeze()


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: a third of its time, a test waits for a clock, a disk or a process."""
    return (os.cpu_count() or 1) + 1
