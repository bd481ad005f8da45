"""`glaze why`: cells that were asked anew, skipped or purged, and sheets by the beginning of their names."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.scene import QUICK, enrich, paid_service
from tests.chaos.server import Shop
from tests.cli.program import Program
from tests.cli.receipts import DONE, SHEET, calls, reply, shown, told


@pytest.fixture
def shop() -> Iterator[Shop]:
    """The service with its log."""
    with Shop(reply) as shop:
        yield shop


@pytest.fixture
def path(glaze: Program, shop: Shop) -> Path:
    """A sheet that was filled once."""
    paid_service(glaze.folder, shop.url, settings=QUICK)
    path = glaze.leads(text=SHEET)
    assert glaze(*enrich(path)).code == 3
    return path


def test_a_sheet_is_named_by_the_beginning_of_its_name(
    glaze: Program, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the sheets that the store knows, those of this folder first; what may be two is refused."""
    monkeypatch.chdir(path.parent)
    whole = told(glaze, "leads.csv", DONE)
    assert whole["file"] == str(path)
    for name in ("lea", "LEADS", path):
        assert told(glaze, name, DONE)["cell"] == whole["cell"]
    elsewhere = glaze.folder / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert told(glaze, "leads.csv", DONE)["inFile"] == {
        "file": str(path),
        "holds": True,
        "now": whole["value"],
    }
    monkeypatch.chdir(path.parent)
    assert glaze("enrich", glaze.leads("leaves.csv", SHEET), *enrich(path)[2:]).code == 3
    ran = glaze("why", "lea", DONE)
    assert (ran.code, ran.out) == (2, "")
    assert "lea is the beginning of several sheets" in ran.err
    job = glaze.last_job()["jobId"]
    assert glaze("enrich", glaze.leads(f"{job[:3]}.csv", SHEET), *enrich(path)[2:]).code == 3
    assert f"{job[:3]} may be job {job} or " in glaze("why", job[:3], DONE).err


def test_a_job_with_a_slip_in_its_name(glaze: Program, path: Path) -> None:
    """The one that may have been meant is named; nothing is guessed."""
    job = glaze.last_job()["jobId"]
    slip = f"{job[:-1]}{'0' if job[-1] != '0' else '1'}"
    ran = glaze("why", slip, DONE)
    assert (ran.code, ran.out) == (2, "")
    assert f"There is no job {slip} in this store; did you mean {job}?" in ran.err


def test_a_cell_that_was_asked_about_anew(glaze: Program, path: Path, shop: Shop) -> None:
    """With --refresh it has a call of its own; the earlier receipt says that its answer was replaced."""
    first = glaze.last_job()["jobId"]
    assert glaze(*enrich(path, "--refresh", "--overwrite", "--range", "2:2")).code == 0
    document = told(glaze, path, DONE)
    (step,) = document["steps"]
    assert (document["source"], document["cost"], document["old"]) == ("cheap", 0.01, "acme inc.example")
    assert [call["own"] for call in step["ledger"]] == [False, True]
    assert (shop.counted["acme inc"], step["answer"]["newer"]) == (2, False)
    assert told(glaze, first, DONE)["steps"][0]["answer"]["newer"]
    assert "given after this cell ended, in place of the one it saw" in shown(glaze, first, DONE)


def test_a_cell_whose_first_job_was_purged(glaze: Program, path: Path) -> None:
    """What is gone is not told, and what is left is true: a remembered answer, whose call is not known."""
    first = glaze.last_job()["jobId"]
    assert glaze("undo", first).code == 0
    assert glaze(*enrich(path)).code == 3
    second = glaze.last_job()["jobId"]
    with sqlite3.connect(glaze.store) as connection:
        connection.execute("DELETE FROM attempts WHERE job_id = ?", (first,))
    document = told(glaze, path, DONE)
    assert (document["steps"][0]["from"], calls(document)) == ("cache", [])
    assert "from cache, answered" in shown(glaze, path, DONE)
    assert glaze("purge", "--job", second, "--yes").code == 0
    assert glaze("purge", "--job", first, "--yes", "--unwritten").code == 0
    assert "No job of this store has worked on" in glaze("why", path, DONE).err


def test_a_cell_that_was_skipped(glaze: Program, shop: Shop) -> None:
    """A condition that did not hold, and an input that the row lacked: nobody was asked, and why is told."""
    settings = f"{QUICK}[columns.Domain]\nwhen = \"Country == 'US'\"\n"
    paid_service(glaze.folder, shop.url, settings=settings)
    path = glaze.leads(text="Company,Country,Domain\nacme inc,DE,\n,US,\n")
    assert glaze("enrich", path, "--columns", "Domain", "--provider", "acme", "--plain").code == 0
    assert [
        (told(glaze, path, cell)["status"], told(glaze, path, cell)["steps"]) for cell in ("C2", "C3")
    ] == [
        ("skipped", []),
        ("skipped", []),
    ]
    assert "Country == 'US' does not hold" in shown(glaze, path, "C2")
    assert "the row lacks what a provider needs" in shown(glaze, path, "C3")
    assert not shop.calls


def test_an_input_that_an_earlier_job_filled(glaze: Program, shop: Shop) -> None:
    """Its receipt is told in short, with the job that found it."""
    paid_service(glaze.folder, shop.url, settings=QUICK)
    second = (glaze.folder / "glaze" / "providers" / "acme.toml").read_text("utf-8")
    second = second.replace('id = "acme"', 'id = "deep"').replace('["domain"]', '["industry"]', 1)
    second = second.replace('["company"]', '["domain"]').replace("{company}", "{domain}")
    (glaze.folder / "glaze" / "providers" / "deep.toml").write_text(
        second.replace("{domain = ", "{industry = "), "utf-8"
    )
    path = glaze.leads(text="Company,Domain,Industry\nacme inc,,\n")
    assert glaze("enrich", path, "--columns", "Domain", "--provider", "acme", "--plain").code == 0
    first = glaze.last_job()["jobId"]
    assert glaze("enrich", path, "--columns", "Industry", "--provider", "deep", "--plain").code == 0
    (read,) = told(glaze, path, "C2")["inputs"]
    assert (read["read"], read["found"]["jobId"], read["found"]["cell"]) == (True, first, "B2")
    assert f"B2, found by acme (cheap, confidence 1.00, $0.01) in job {first}" in shown(glaze, path, "C2")


def test_a_value_that_was_kept_out_of_the_file(glaze: Program, path: Path) -> None:
    """A job that was written says nothing about one cell: the file it was written to is looked at."""
    job = glaze.last_job()["jobId"]
    assert told(glaze, job, DONE)["inFile"]["holds"]
    assert glaze("undo", job).code == 0
    assert told(glaze, job, DONE)["inFile"] == {"file": str(path), "holds": False, "now": None}
    assert "the cell is empty in" in shown(glaze, job, DONE)
