"""`glaze status JOB` in its plainest form, answered without what it takes to read a whole command line.

A prompt, a status bar or a script may look at a job every second: Typer alone would be half of the time.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path


def quick(arguments: Sequence[str]) -> int | None:
    """The exit code; None, with nothing done, where Typer has to read the arguments.

    Raises what the command raises.
    """
    return _status(list(arguments[1:])) if arguments and arguments[0] == "status" else None


def _status(rest: list[str]) -> int | None:
    json, store = "--json" in rest, None
    words = [word for word in rest if word != "--json"]
    if "--store" in words[:-1]:
        place = words.index("--store")
        store = words[place + 1]
        del words[place : place + 2]
    named = words if store is None else [*words, store]
    if len(words) != 1 or any(not word or word.startswith("-") for word in named):
        return None
    if store and os.access(store, os.F_OK) and not os.access(store, os.R_OK):
        return None  # Typer has a sentence for it
    from glaze_cli.cli.standing import print_standing, standing, store_of

    (job,) = words
    connection = store_of(Path(store) if store else None, job)
    print_standing(standing(connection, job), json)
    return 0
