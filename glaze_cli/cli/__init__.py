"""The command line: mounts commands, turns errors into sentences and exit codes."""

from __future__ import annotations

import gc
import sys

_YOUNG = 100_000
"""Objects made before a first search for garbage. Starting makes nearly as many, and no garbage: with
Python's 700 an eighth of the time of `glaze status` went into looking. A run's loop has its own number."""


def main() -> None:
    """The `glaze` command."""
    gc.set_threshold(_YOUNG, 10, 10)
    from glaze_cli.cli.exits import run
    from glaze_cli.cli.leave import leave

    leave(run(sys.argv[1:]))
