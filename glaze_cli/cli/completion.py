"""What a shell offers for the word that is being typed. Quick, silent, and never an error."""

from __future__ import annotations

import csv
import functools
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from glaze_cli.sheets.base import Book

Offers = list[tuple[str, str]]
"""Words, each with what it is (shells that can, show it)."""

MOST = 100
LARGEST = 64_000_000
"""Bytes of a sheet that is opened for its headers or tabs: nobody waits longer for the Tab key."""
BUSY_SECONDS = 0.2


def _offering(
    found: Callable[[typer.Context, str], Iterator[tuple[str, str]]],
) -> Callable[[typer.Context, str], Offers]:
    """Those offers that can be shown and typed, and none where there is any trouble."""

    @functools.wraps(found)
    def offer(ctx: typer.Context, incomplete: str) -> Offers:
        from glaze_cli.ui.text import inert

        try:
            begun = ((word, what) for word, what in found(ctx, incomplete) if word.startswith(incomplete))
            return [(word, inert(what, 60)) for word, what in begun if word.isprintable()][:MOST]
        except Exception:  # a word on the prompt is no place for a traceback
            return []

    return offer


@_offering
def jobs(ctx: typer.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """The ids of the store's jobs, the latest first."""
    import contextlib
    import sqlite3

    from glaze_cli.config import store_path
    from glaze_cli.store.jobs import list_jobs

    store = store_path(_path(ctx, "store"))
    address = f"{store.absolute().as_uri()}?mode=ro"  # makes none, upgrades none, waits for nobody
    with contextlib.closing(sqlite3.connect(address, timeout=BUSY_SECONDS, uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        for job in list_jobs(connection, MOST, incomplete):
            sheet = f"{job.sheet}!" if job.sheet else ""
            yield job.id, f"{job.status}, {Path(job.path).name} {sheet}{job.range}"


@_offering
def sheets_and_jobs(ctx: typer.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """The sheets of this folder, then the jobs."""
    from glaze_cli.cli.next_step import sheets_in

    yield from ((name, "sheet") for name in sheets_in(Path()))
    yield from jobs(ctx, incomplete)


@_offering
def providers(ctx: typer.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """The names of the providers, the user's own among them."""
    from dataclasses import replace

    from glaze_cli.cli.provider_words import state
    from glaze_cli.cli.wiring import provider_set
    from glaze_cli.config import find_settings

    folders = tuple(map(Path, ctx.params.get("providers_dir") or ()))
    settings = replace(find_settings(_sheet(ctx), _path(ctx, "config")), manifests=folders)
    for name, provider in provider_set(settings).found.items():
        yield name, f"{provider.tier}, {state(provider)}"


@_offering
def headers(ctx: typer.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """The headers of the sheet on the command line; after a comma the next one."""
    from glaze_cli.model import column_letters
    from glaze_cli.sheets.headers import Headers

    sheet = _book(ctx).sheet(ctx.params.get("sheet"))
    before, comma, _ = incomplete.rpartition(",")
    named = next(csv.reader([before]), [])
    texts = Headers.of(sheet, int(ctx.params.get("header_row") or 1)).texts
    for column, text in enumerate(texts, 1):
        if text and text not in named:
            yield f"{before}{comma}{_in_list(text)}", f"column {column_letters(column)}"


@_offering
def tabs(ctx: typer.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """The worksheets of the workbook on the command line."""
    for number, name in enumerate(_book(ctx).sheet_names, 1):
        if name:
            yield name, f"tab {number}"


def _book(ctx: typer.Context) -> Book:
    """The sheet on the command line. Raises what opening it raises, and ValueError where it is too large."""
    from glaze_cli.cli.books import open_sheet

    path = _sheet(ctx)
    # `-` is no file: what is piped in is not ours to read.
    if path is None or not path.is_file() or path.stat().st_size > LARGEST:
        raise ValueError("no sheet that could be looked at now")
    return open_sheet(path, ctx.params.get("delimiter"), ctx.params.get("encoding"))


def _sheet(ctx: typer.Context) -> Path | None:
    """Behind an option that still wants its value, what is no option was not given to a parameter yet."""
    return _path(ctx, "sheet_path") or (Path(ctx.args[0]) if ctx.args else None)


def _path(ctx: typer.Context, name: str) -> Path | None:
    value: Any = ctx.params.get(name)
    return Path(value) if value else None


def _in_list(header: str) -> str:
    """The header as `--columns` takes it: a field of a CSV record."""
    if not any(mark in header for mark in ',"'):
        return header
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow([header])
    return text.getvalue()
