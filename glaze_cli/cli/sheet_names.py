"""Sheets that are named by a unique beginning: for commands that read, never for those that write them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path

from glaze_cli.cli.next_step import sheets_in
from glaze_cli.errors import InputError

MOST_NAMED = 5
"""Names that an error gives as examples."""


def meant_sheet(path: Path) -> Path:
    """The path itself where it is there, else the one sheet of its folder whose name begins so; where there
    is none, the path. Raises InputError where there are several."""
    if str(path) == "-" or path.exists():
        return path
    return beginning(path.name, [path.parent / name for name in sheets_in(path.parent)]) or path


def known_sheet(name: str, known: Iterable[str]) -> Path | None:
    """Of the files that a store knows, the one whose name is so or begins so: in this folder first. None
    where there is none. Raises InputError where there are several."""
    path = Path(name)
    if path.name != name:
        return None
    files = [Path(file) for file in known]
    here = beginning(name, [file for file in files if file.parent == Path().absolute()])
    return here or beginning(name, files)


def near_sheet(name: str, known: Iterable[str]) -> str:
    """`; did you mean leads.csv?` of the files that a store knows; "" where none is called alike."""
    names = sorted({Path(file).name for file in known})
    close = difflib.get_close_matches(Path(name).name, names, 1, cutoff=0.7)
    return f"; did you mean {close[0]}?" if close and close[0] != Path(name).name else ""


def beginning(name: str, files: Sequence[Path]) -> Path | None:
    """The file that is called so, or so without its ending, or else the only one whose name begins so."""
    folded = name.casefold()
    if not folded:
        return None
    for called in (
        [file for file in files if file.name.casefold() == folded],
        [file for file in files if file.stem.casefold() == folded],
        [file for file in files if file.name.casefold().startswith(folded)],
    ):
        if len(called) == 1:
            return called[0]
        if called:
            some = ", ".join(sorted(str(file) for file in called)[:MOST_NAMED])
            raise InputError(f"{name} is the beginning of several sheets ({some}); give more of its name.")
    return None
