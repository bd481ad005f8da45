"""`glaze cost`: what was spent, on what, and what the cache saved."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from glaze_cli.cli import completion
from glaze_cli.cli import options as o

if TYPE_CHECKING:
    from glaze_cli.cli.show import View
    from glaze_cli.store.costs import Cost, Spending


class By(StrEnum):
    """What costs can be summed by: GROUPINGS of the store, which are not loaded for `--help`."""

    PROVIDER = "provider"
    MONTH = "month"
    JOB = "job"
    SHEET = "sheet"
    COLUMN = "column"


def cost(
    by: Annotated[
        By | None,
        typer.Option("--by", help="Sum by this (default: provider; JSON: all five).", show_default=False),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="DATE",
            help="Only calls since that day (UTC): 2026-11-01.",
            show_default=False,
        ),
    ] = None,
    job: Annotated[
        str | None,
        typer.Option(
            "--job",
            metavar="JOB",
            help="Only of this job: its id, or its beginning.",
            show_default=False,
            autocompletion=completion.jobs,
        ),
    ] = None,
    store: o.Store = None,
    json_: o.Json = False,
) -> int:
    """What was spent by provider, month, job, sheet or column, and what the cache saved."""
    from glaze_cli.cli.show import View

    day = "" if since is None else _day(since)
    wanted = [by] if by else list(By) if json_ else [By.PROVIDER]
    view = View(json=json_)
    spending = _read(store, day, job, By.COLUMN in wanted)
    if view.json:
        view.print_json(_document(spending, wanted, since))
    elif spending is None:
        view.say("No job yet. `glaze enrich SHEET --range B2:D40` makes one.")
    else:
        _print(spending, wanted[0], day, view)
    return 0


def _day(text: str) -> str:
    """The day as the store sorts it. Raises ConfigError."""
    from datetime import date

    from glaze_cli.errors import ConfigError

    try:
        if date.fromisoformat(text).isoformat() == text:  # of its many forms, the one that people write
            return text
    except ValueError:
        pass
    raise ConfigError(f"--since takes a date such as 2026-11-01 (year, month, day), not {text!r}.")


def _read(store: Path | None, since: str, job: str | None, columns: bool) -> Spending | None:
    """None where there is no store: looking makes none. Raises InputError for a job that is not there."""
    from glaze_cli.config import store_path
    from glaze_cli.errors import InputError

    path = store_path(store)
    if not path.exists():
        if job is not None:
            raise InputError(f"There is no job {job}: there is no store at {path} yet.")
        return None
    from glaze_cli.store.connect import connect
    from glaze_cli.store.costs import read_costs
    from glaze_cli.store.jobs import get_job

    connection = connect(path)
    return read_costs(connection, since, None if job is None else get_job(connection, job).id, columns)


def _print(spending: Spending, by: By, since: str, view: View) -> None:
    """The table to stdout, and what has to be known about it to stderr."""
    from glaze_cli.cli.show import out_console
    from glaze_cli.ui.costs import print_costs

    document = _document(spending, [by], since)
    parts = document[_key(by)]
    print_costs(out_console(), document["total"], parts, by)
    if spending.total.unknown_calls:
        view.say("Unknown is the part of it for calls whose reply was lost: they may have been billed.")
    if by is By.COLUMN and any(part["column"] is None and not part["purged"] for part in parts):
        view.say("Not known: calls that an older Glaze made, which did not note the cell.")
    if spending.cut_month:
        view.say(
            f"Purged jobs are kept by whole months: what they cost in {spending.cut_month} is left out, "
            f"since that month began before {since}."
        )


def _document(spending: Spending | None, wanted: Sequence[By], since: str | None) -> dict[str, Any]:
    """As JSON, with `byProvider` and so on as they are wanted; amounts are dollars."""
    from glaze_cli.model import usd
    from glaze_cli.store.costs import Spending

    spending = spending or Spending()
    document: dict[str, Any] = {
        "since": since,
        "total": {**_amounts(spending.total), "reserved": usd(spending.reserved)},
        "leftOutMonth": spending.cut_month,
    }
    for by in wanted:
        parts = [{**group.name, **_amounts(group.cost)} for group in spending.groups(by)]
        if by is By.COLUMN:  # what the cache saved is not known by column
            parts = [{key: part[key] for key in part if key not in ("saved", "cacheHits")} for part in parts]
        document[_key(by)] = parts
    return document


def _key(by: By) -> str:
    return f"by{by.capitalize()}"


def _amounts(cost: Cost) -> dict[str, Any]:
    from glaze_cli.model import usd

    return {
        "calls": cost.calls,
        "spent": usd(cost.spent),
        "unknown": usd(cost.unknown),
        "unknownCalls": cost.unknown_calls,
        "saved": usd(cost.saved),
        "cacheHits": cost.cache_hits,
    }
