"""`glaze why`: the receipt of one cell, from the store alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from glaze_cli.cli import completion
from glaze_cli.cli import options as o

if TYPE_CHECKING:
    import sqlite3

    from glaze_cli.cli.place import Place
    from glaze_cli.store.jobs import Job


def why(
    target: Annotated[
        str,
        typer.Argument(
            metavar="SHEET|JOB",
            help="The sheet, or a job's id; the beginning of either will do.",
            show_default=False,
            autocompletion=completion.sheets_and_jobs,
        ),
    ],
    cell: Annotated[
        str | None,
        typer.Argument(metavar="CELL", help="The cell: C17, or 'Q3 leads'!C17.", show_default=False),
    ] = None,
    sheet: Annotated[
        str | None,
        typer.Option(
            "--sheet", help="The worksheet (default: the first that was worked on).", show_default=False
        ),
    ] = None,
    job: Annotated[
        str | None,
        typer.Option(
            "--job",
            metavar="JOB",
            help="That job's receipt (default: the latest).",
            show_default=False,
            autocompletion=completion.jobs,
        ),
    ] = None,
    raw: Annotated[bool, typer.Option("--raw", help="Each answer whole, as it is remembered.")] = False,
    store: o.Store = None,
    json_: o.Json = False,
) -> int:
    """Why a cell holds what it holds, or nothing: what was read, who was asked, what they said and cost."""
    from glaze_cli.cli.show import View, out_console

    if cell is None and job is not None:  # glaze why C17 --job 3f2a
        target, cell, job = job, target, None
    document = _document(store, target, cell or "", sheet, job)
    view = View(json=json_)
    if view.json:
        view.print_json(document)
    else:
        from glaze_cli.ui.receipt import print_receipt

        print_receipt(out_console(), document, raw)
    return 0


def _document(store: Path | None, target: str, name: str, tab: str | None, job: str | None) -> dict[str, Any]:
    """The receipt, or why there is none. Raises InputError, StoreError; looking makes no store."""
    from glaze_cli.cli.unasked import unasked
    from glaze_cli.config import store_path
    from glaze_cli.errors import InputError
    from glaze_cli.sheets.a1 import parse_cell
    from glaze_cli.store.connect import connect

    own_tab, _, cell = (part.strip() for part in name.rpartition("!"))
    if len(own_tab) > 1 and own_tab[0] == own_tab[-1] == "'":
        own_tab = own_tab[1:-1].replace("''", "'")
    if not cell:
        raise InputError("No cell is named; write it like this: glaze why leads.csv C17.")
    row, column = parse_cell(cell)
    path = store_path(store)
    if not path.exists():
        raise InputError(f"No job has asked about {name}: there is no store at {path} yet.")
    place = _find(connect(path), target, own_tab or tab, job)
    return place.receipt(row, column) or unasked(place, row, column)


def _find(connection: sqlite3.Connection, target: str, tab: str | None, job: str | None) -> Place:
    """Which sheet is meant, and which job of it, where one is named. Raises InputError."""
    from glaze_cli.cli.place import Place
    from glaze_cli.cli.sheet_names import near_sheet
    from glaze_cli.errors import InputError
    from glaze_cli.store.asked import files, tables_of
    from glaze_cli.store.jobs import get_job

    path = Path(target)
    tables = tables_of(connection, str(path.absolute()))
    if not tables and not path.exists():
        found = _by_beginning(connection, target)
        if not isinstance(found, Path):
            return _of_job(connection, found, tab)
        path, tables = found, tables_of(connection, str(found.absolute()))
    if not tables:
        hint = near_sheet(target, files(connection)) or "; `glaze status` lists the jobs there are."
        raise InputError(f"No job of this store has worked on {target}{hint}")
    chosen = None if job is None else get_job(connection, job)
    if chosen is not None and chosen.table_id not in tables.values():
        raise InputError(f"Job {chosen.id} is about {chosen.path}, not about {path}.")
    if tab is None:
        return Place(connection, chosen.table_id if chosen else next(iter(tables.values())), chosen, path)
    for known, table_id in tables.items():
        if known.casefold() == tab.casefold():
            return Place(connection, table_id, chosen, path)
    known_tabs = f"known are {', '.join(tables)}" if any(tables) else "it has no worksheets"
    raise InputError(f"No job has worked on worksheet {tab} of {path}; {known_tabs}.")


def _by_beginning(connection: sqlite3.Connection, name: str) -> Job | Path:
    """The job or the sheet whose name begins so; a file that nobody knows as it was typed. Raises InputError
    where it may be either, or nothing that is there."""
    from glaze_cli.cli.sheet_names import known_sheet
    from glaze_cli.errors import InputError
    from glaze_cli.store.asked import files
    from glaze_cli.store.jobs import get_job, list_jobs

    sheet = known_sheet(name, files(connection))
    jobs = list_jobs(connection, 1, name)
    if sheet is not None and jobs and jobs[0].id != name:
        raise InputError(f"{name} may be job {jobs[0].id} or {sheet}; give more of its name.")
    if sheet is not None and not jobs:
        return sheet
    path = Path(name)
    return path if path.suffix or path.name != name else get_job(connection, name)


def _of_job(connection: sqlite3.Connection, named: Job, tab: str | None) -> Place:
    """Its sheet. Raises InputError where another worksheet is asked about."""
    from glaze_cli.cli.place import Place
    from glaze_cli.errors import InputError

    if tab is not None and tab.casefold() != named.sheet.casefold():
        there = f"worksheet {named.sheet}" if named.sheet else "a file without worksheets"
        raise InputError(f"Job {named.id} asked about {there}, not about {tab}.")
    return Place(connection, named.table_id, named, None)
