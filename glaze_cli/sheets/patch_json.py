"""The patch document: `{"file", "sha256", "cells": [{"sheet", "cell", "old", "new"}]}`, one cell a line."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, NoReturn, TextIO

from glaze_cli.errors import InputError, SelectionError, SheetError
from glaze_cli.model import CellRef, Change, Patch, Scalar


def write_patch(handle: TextIO, file: str, sha256: str, changes: Iterable[Change]) -> int:
    """Write a patch as it comes, holding one change at a time; how many there were."""
    head = json.dumps({"file": file, "sha256": sha256}, ensure_ascii=False)
    handle.write(head.removesuffix("}") + ', "cells": [')
    count = 0
    for change in changes:
        handle.write(",\n  " if count else "\n  ")
        handle.write(json.dumps(_entry(change), ensure_ascii=False, allow_nan=False))
        count += 1
    handle.write("\n]}\n")
    return count


def read_patch(path: Path) -> Patch:
    """Read a patch, sorted into the order of a file. `sheet`, `old`, `file` and `sha256` may be left out.

    Raises InputError naming the entry that is wrong, or the two entries that set the same cell.
    """
    try:
        document = json.loads(path.read_text("utf-8-sig"), parse_constant=_no_number)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is no patch: it is not JSON ({error}).") from error
    if not isinstance(document, dict) or not isinstance(document.get("cells"), list):
        raise InputError(f'{path} is no patch; it must hold {{"file": …, "sha256": …, "cells": [ … ]}}.')
    changes: dict[CellRef, Change] = {}
    for number, entry in enumerate(document["cells"], 1):
        change = _change(entry, f"Entry {number} of {path}")
        if change.cell in changes:
            raise InputError(f"Entry {number} of {path} sets {change.cell} again; name each cell once.")
        changes[change.cell] = change
    ordered = tuple(changes[cell] for cell in sorted(changes))
    return Patch(str(document.get("file") or ""), str(document.get("sha256") or ""), ordered)


def file_sha256(path: Path) -> str:
    """The fingerprint of a file's bytes. Raises SheetError when it cannot be read."""
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise SheetError(f"{path} cannot be read: {error.strerror or error}.") from error


def _entry(change: Change) -> dict[str, Scalar | None]:
    sheet: dict[str, Scalar | None] = {"sheet": change.cell.sheet} if change.cell.sheet else {}
    old = {"old": change.old} if change.old_known else {}
    new = change.new.isoformat() if isinstance(change.new, date) else change.new
    return {**sheet, "cell": change.cell.a1, **old, "new": new}


def _change(entry: Any, where: str) -> Change:
    """One entry of the document; `where` begins the sentence when it is wrong."""
    if not isinstance(entry, dict):
        raise InputError(f'{where} is no cell; write it like {{"cell": "C17", "old": null, "new": "x"}}.')
    for key in ("cell", "new"):
        if key not in entry:
            raise InputError(f'{where} lacks "{key}".')
    sheet = entry.get("sheet") or ""
    if not isinstance(sheet, str):
        raise InputError(f'{where}: "sheet" must be the name of a sheet.')
    from glaze_cli.sheets.a1 import parse_cell  # who wants a fingerprint only has no use for it

    try:
        row, column = parse_cell(str(entry["cell"]))
    except SelectionError as error:
        raise InputError(f"{where}: {error}") from error
    for key in ("old", "new"):
        value = entry.get(key)
        if not (value is None or isinstance(value, Scalar)) or (
            isinstance(value, float) and not math.isfinite(value)
        ):
            raise InputError(f'{where}: "{key}" must be a text, a number, true, false or null.')
    return Change(CellRef(sheet, row, column), entry["new"], entry.get("old"), old_known="old" in entry)


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")
