"""The command line: mounts commands, turns errors into sentences and exit codes."""

from __future__ import annotations

import sys


def main() -> None:
    """The `glaze` command."""
    from glaze_cli.cli.exits import run

    sys.exit(run(sys.argv[1:]))
