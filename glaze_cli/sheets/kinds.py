"""Kinds of sheet files by their suffix, and which can become which."""

from __future__ import annotations

from pathlib import Path

from glaze_cli.errors import SheetRefused

TEXTS = (".csv", ".tsv", ".txt", ".tab")
WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm")
READ_ONLY = (".ods", ".xlsb", ".xls")
PLAIN = (".csv", ".tsv", ".xlsx")
"""What a file of a read-only kind can be written to, as values alone."""


def refuse_target(path: Path, format: str, target: Path) -> None:
    """Raise SheetRefused when a file of that `Book.format` cannot be written as `target`: its bytes would
    belie the name. To be asked before any money is spent; every `Book.write` asks again."""
    suffix = target.suffix.lower()
    if f".{format}" in READ_ONLY:
        if suffix not in PLAIN:
            raise SheetRefused(
                f"{path} can be read, but a {suffix} file cannot be written without harm; write a new"
                f" one: --output {path.stem}.xlsx, or --output {path.stem}.csv."
            )
    elif f".{format}" in WORKBOOKS:
        if suffix != f".{format}" and target != path:
            raise SheetRefused(f"{path} stays a .{format}: name the output {target.stem}.{format}.")
    elif suffix in WORKBOOKS + READ_ONLY:
        raise SheetRefused(f"{path} is text and stays text: name the output {target.stem}.csv.")
