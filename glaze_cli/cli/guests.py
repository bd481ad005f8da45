"""Whether packages of other people bring providers, seen without reading all that every package says."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path

from glaze_cli.providers.registry import GROUP

_INFO = (".dist-info", ".egg-info")
_EGG = "egg-info"
"""What it is called within an egg."""


@cache
def has_guests() -> bool:
    """Whether there may be some here; looked for once."""
    return may_have_guests(sys.path, sys.meta_path)


def may_have_guests(path: Sequence[str], finders: Sequence[object]) -> bool:
    """False only where it is certain that no installed package has an entry point of ours.

    importlib.metadata, which finds them, takes 25 ms to import and to parse what all packages say; nearly
    nobody has such a package. It looks for the same files in the same folders: where one names our group, and
    wherever else packages may be found (an archive, a finder of somebody's own), it has to be asked.
    """
    others = (finder for finder in finders if finder is not PathFinder)
    if any(hasattr(finder, "find_distributions") for finder in others):
        return True
    return any(Path(folder).is_file() or any(map(_names_us, _said(folder))) for folder in path)


def _said(folder: str) -> Iterator[str]:
    """Where its packages would list their entry points."""
    with contextlib.suppress(OSError), os.scandir(folder or ".") as entries:  # not there, or not to be read
        for entry in entries:
            if entry.name.lower().endswith(_INFO) or entry.name.lower() == _EGG:
                yield f"{entry.path}/entry_points.txt"


def _names_us(place: str) -> bool:
    # Most packages have no such file; by way of a Path, finding that out takes twice as long.
    with contextlib.suppress(OSError), open(place, "rb") as listed:  # noqa: PTH123
        return GROUP.encode() in listed.read()
    return False
