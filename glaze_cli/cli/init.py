"""`glaze init`: a commented glaze.toml for a sheet, from what is recognised in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glaze_cli.cli import options as o

if TYPE_CHECKING:
    from collections.abc import Sequence

    from glaze_cli.cli.settings_text import Facts
    from glaze_cli.cli.survey import Survey
    from glaze_cli.model.settings import Settings
    from glaze_cli.sheets.base import Sheet

STDOUT = Path("-")
LOOKED_AT = 20
"""Rows that are looked at for headers, where the one that should hold them is empty."""


def init(
    sheet_path: o.SheetPath,
    sheet: o.SheetName = None,
    header_row: o.HeaderRow = 1,
    delimiter: o.Delimiter = None,
    encoding: o.Encoding = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Where to write it: a .toml file, or - for stdout (default: glaze.toml beside the sheet).",
            show_default=False,
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    store: o.Store = None,
) -> int:
    """Write a commented glaze.toml for a sheet: what is understood, what can be filled, and by whom."""
    from glaze_cli.cli.books import open_sheet
    from glaze_cli.cli.settings_text import settings_text
    from glaze_cli.cli.sheet_names import meant_sheet
    from glaze_cli.cli.show import View
    from glaze_cli.cli.survey import Survey
    from glaze_cli.config import find_settings
    from glaze_cli.errors import InputError
    from glaze_cli.sheets.headers import Headers

    typed_path, sheet_path = sheet_path, meant_sheet(sheet_path)
    target = _target(sheet_path, output, force)
    there = find_settings(sheet_path)
    book = open_sheet(sheet_path, delimiter, encoding, there)
    if header_row < 1:
        raise InputError(f"--header-row {header_row} is no row; rows count from 1.")
    found = book.sheet(sheet)
    headers = Headers.of(found, header_row)
    if not headers.texts:
        raise InputError(f"Row {header_row} of {sheet_path} holds no header; {_header_hint(found)}")
    survey = Survey.of(found, headers, _fresh(there, target), str(sheet_path))
    shadowed = _shadowed(there, target, sheet_path)
    text = settings_text(_facts(survey, sheet_path.name, shadowed))
    view = View()
    if sheet_path != typed_path:
        view.say(f"{typed_path} is taken for {sheet_path}.")
    for notice in book.notices:
        view.say(f"Note: {notice}")
    if output == STDOUT:
        typer.echo(text.encode(), nl=False)  # bytes: a terminal's own encoding may lack a header's letters
    else:
        _write(target, text, force)
        view.say(f"Wrote {target}: {_summary(survey)}.")
    if shadowed and output != STDOUT:
        view.say(f"Note: {shadowed} is not read for this sheet any more: copy from it what you need.")
    typed = [
        *_option("--sheet", sheet),
        *_option("--header-row", header_row if header_row != 1 else None),
        *_option("--delimiter", delimiter),
        *_option("--encoding", encoding),
    ]
    view.say(f"next: {_next(survey, sheet_path, typed, target if output != STDOUT else None, store)}")
    return 0


def _header_hint(sheet: Sheet) -> str:
    """Which row may hold the headers: the first of some that holds the most texts."""
    from itertools import islice

    from glaze_cli.sheets.headers import Headers

    rows = [row.number for row in islice(sheet.rows(1), LOOKED_AT)]
    filled = {row: sum(map(bool, Headers.of(sheet, row).texts)) for row in rows}
    if not any(filled.values()):
        return "name its row with --header-row."
    return f"--header-row {max(filled, key=filled.__getitem__)} looks like it."


def _target(sheet: Path, output: Path | None, force: bool) -> Path:
    """Where it is to be written; raises InputError where something else is there."""
    from glaze_cli.config.places import FILE_NAME
    from glaze_cli.errors import InputError

    if sheet == STDOUT:
        raise InputError("The settings are written beside a sheet: name its file, not -.")
    target = sheet.parent / FILE_NAME if output is None or output == STDOUT else output
    if output == STDOUT:
        return target
    if target.suffix.lower() != ".toml":  # with --force, a slip would cost somebody a sheet
        raise InputError(f"--output {target} is no .toml file; settings are written to nothing else.")
    if not force and (target.exists() or target.is_symlink()):
        raise InputError(
            f"{target} is there already; add --force to replace it, or see what it would be with -o -."
        )
    return target


def _fresh(there: Settings, target: Path) -> Settings:
    """The settings that hold once the file is there, in that folder: it changes nothing."""
    from glaze_cli.model.settings import Settings

    return Settings(contact=there.contact, source=target)


def _shadowed(there: Settings, target: Path, sheet: Path) -> str:
    """The settings that are read now, and will not be."""
    if there.source is None or not _is_found(target, sheet):
        return ""
    return "" if there.source.absolute() == target.absolute() else str(there.source)


def _is_found(target: Path, sheet: Path) -> bool:
    """Whether Glaze reads that file for the sheet without being told."""
    from glaze_cli.config.places import FILE_NAME

    return target.absolute() == sheet.absolute().parent / FILE_NAME


def _facts(survey: Survey, sheet: str, shadowed: str) -> Facts:
    from glaze_cli.cli.settings_text import Facts

    return Facts(sheet, survey.rows, survey.columns, survey.doubts, survey.wanted, shadowed)


def _write(target: Path, text: str, force: bool) -> None:
    from glaze_cli.errors import InputError, WriteFailed
    from glaze_cli.sheets.save import refuse_busy, replacing

    made = False
    try:
        refuse_busy(target)
        if not force:
            target.open("xb").close()  # of two at once only one makes it
            made = True
        with replacing(target) as handle:
            handle.write(text.encode())
    except FileExistsError:
        raise InputError(f"{target} is there already; add --force to replace it.") from None
    except WriteFailed as error:
        if made:
            target.unlink(missing_ok=True)
        raise InputError(str(error)) from error


def _summary(survey: Survey) -> str:
    """`12 columns can be filled, 1 of them once a key is set; 3 headers are not understood`."""
    later = sum(all(step.lacks for step in column.steps) for column in survey.columns)
    filled = len(survey.columns)
    words = f"{filled} {'column' if filled == 1 else 'columns'} with empty cells can be filled"
    if later:
        words += f", {later} of them only with a key or an address that is not set yet"
    doubts = len(survey.doubts)
    return words if not doubts else f"{words}; {doubts} {'header' if doubts == 1 else 'headers'} in doubt"


def _option(name: str, value: object) -> list[str]:
    return [] if value is None else [name, str(value)]


def _next(survey: Survey, sheet: Path, typed: Sequence[str], target: Path | None, store: Path | None) -> str:
    """The command that shows what would be asked; where nobody can be asked yet, the one that says why."""
    import shlex

    area = survey.ready_range()
    words = ["glaze", "enrich" if area else "columns", str(sheet), *typed]
    if target is not None and not _is_found(target, sheet):
        words += ["--config", str(target)]
    if area:
        words += ["--range", area, *_option("--store", store), "--dry-run"]
    return shlex.join(words)
