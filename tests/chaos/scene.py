"""What the tests of crashes share: a sheet of companies, a paid service's manifest, the ledger as it is."""

from __future__ import annotations

import contextlib
import csv
import os
import sqlite3
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.chaos.server import domain_of
from tests.cli.program import Program
from tests.cli.service import MANIFEST

KILLS = int(os.environ.get("GLAZE_CHAOS_KILLS", "20"))
"""How often the long tests kill the program."""

PRICE = 10_000
"""Millionths of a dollar: what a call costs."""

QUICK = "[defaults]\nattempts = 2\nwait_min = 0\nwait_max = 0\n"
"""No long waits between attempts."""


def paid_service(folder: Path, url: str, more: str = "", settings: str = "") -> None:
    """The manifest, and the glaze.toml, beside the sheet. `more` is added to the operation."""
    manifests = folder / "glaze" / "providers"
    manifests.mkdir(parents=True, exist_ok=True)
    (manifests / "acme.toml").write_text(MANIFEST.format(name="acme", url=url, usd="0.01", more=more))
    (folder / "glaze.toml").write_text(settings)


def names(count: int) -> list[str]:
    """So many companies."""
    return [f"firm{number:04}" for number in range(1, count + 1)]


def sheet_of(folder: Path, count: int, name: str = "leads.csv") -> Path:
    """A CSV of so many companies, each its own, without their domains."""
    path = folder / name
    path.write_text("\n".join(["Company,Domain", *(f"{name}," for name in names(count)), ""]), "utf-8")
    return path


def enrich(path: Path, *more: object) -> list[str]:
    """The arguments that fill the sheet from the paid service."""
    return ["enrich", str(path), "--columns", "Domain", "--provider", "acme", "--plain", *map(str, more)]


def filled(path: Path) -> set[str]:
    """The companies whose domain the sheet holds; any other value in it fails the test."""
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.reader(handle))[1:]
    assert [row[0] for row in rows] == names(len(rows))
    assert {row[1] for row in rows} <= {"", *(domain_of(row[0]) for row in rows)}
    return {row[0] for row in rows if row[1]}


@contextlib.contextmanager
def looking_at(store: Path) -> Iterator[sqlite3.Connection]:
    """The store, read without touching it: no lock is left, no write-ahead log is folded in."""
    with contextlib.closing(sqlite3.connect(f"{store.as_uri()}?mode=ro", timeout=30, uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


class Ledger:
    """What glaze itself recorded of its calls, and what became of the cells."""

    def __init__(self, store: Path) -> None:
        with looking_at(store) as connection:
            self.attempts = connection.execute(
                "SELECT a.*, json_extract(r.data, '$.Company') AS company FROM attempts a "
                "JOIN cell_enrichment_tasks t ON t.id = a.task_id JOIN rows r ON r.id = t.row_id "
                "ORDER BY a.id"
            ).fetchall()
            cells = connection.execute(
                "SELECT t.status, t.reason, json_extract(r.data, '$.Company') AS company "
                "FROM cell_enrichment_tasks t JOIN rows r ON r.id = t.row_id"
            ).fetchall()
            self.total = connection.execute("SELECT count(*) FROM attempts").fetchone()[0]
        self.words = Counter(row["reason"] or row["status"] for row in cells)
        self.word_of = {row["company"]: row["reason"] or row["status"] for row in cells}
        assert len(self.attempts) == self.total, "an attempt belongs to no cell"
        assert len(cells) == len(self.word_of)

    def by_company(self) -> dict[str, list[sqlite3.Row]]:
        """The attempts about each, in their order; none for a company that was never asked about."""
        found: dict[str, list[sqlite3.Row]] = defaultdict(list)
        for attempt in self.attempts:
            found[attempt["company"]].append(attempt)
        return found

    def having(self, status: str) -> list[sqlite3.Row]:
        """Attempts of that status."""
        return [attempt for attempt in self.attempts if attempt["status"] == status]

    def repeats(self) -> list[sqlite3.Row]:
        """Attempts that ask again what an earlier one asked whose outcome is unknown."""
        return [attempt for attempt in self.attempts if attempt["repeats"]]


def until(holds: Callable[[], bool], what: str, seconds: float = 30.0) -> None:
    """Wait until it holds; `what` is said where it never does."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"waited {seconds:g} s in vain: {what}"
        time.sleep(0.01)


def job_of(glaze: Program) -> str:
    """The latest job's id."""
    job: str = glaze("status", "--json").json[0]["jobId"]
    return job
