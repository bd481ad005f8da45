"""The command line: mounts commands, turns errors into sentences and exit codes."""

from __future__ import annotations

import gc
import sys

_YOUNG = 50_000
"""Objects made before the first search for garbage. Python's 700 would have start-up, which makes no garbage,
searched some hundred times: an eighth of the time of `glaze status`."""


def main() -> None:
    """The `glaze` command."""
    gc.set_threshold(_YOUNG, 20, 20)
    from glaze_cli.cli.exits import run
    from glaze_cli.cli.leave import leave

    leave(run(sys.argv[1:]))
