"""`glaze why`: the whole story of one cell, offline, as the service's own log has it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.scene import QUICK, enrich, paid_service
from tests.chaos.server import Reply, Shop
from tests.cli.program import Program
from tests.cli.receipts import DONE, LOST, MISSING, REFUSED, SHEET, calls, reply, shown, told


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


def test_a_done_cell(glaze: Program, path: Path, shop: Shop) -> None:
    """Value, winner, confidence against the least, cost, inputs, the answer as kept, and the file."""
    document = told(glaze, path, DONE)
    (step,) = document["steps"]
    assert (document["status"], document["value"], document["source"]) == (
        "done",
        "acme inc.example",
        "cheap",
    )
    assert (document["cost"], document["ledger"]["spent"], document["minConfidence"]) == (0.01, 0.01, 0.5)
    assert document["minConfidenceNoted"]
    assert [(one["header"], one["text"], one["read"]) for one in document["inputs"]] == [
        ("Company", "acme inc", True)
    ]
    assert step["inputs"] == {"company": "acme inc"}
    assert step["answer"]["values"] == {"domain": "acme inc.example"}
    assert calls(document) == [(DONE, True, "settled", "hit")]
    assert shop.counted["acme inc"] == len(calls(document))
    assert document["inFile"]["holds"]
    words = shown(glaze, path, DONE)
    for part in (
        *("done", "acme inc.example", "confidence 1.00 of at least 0.50", "cost $0.01", "leads.csv holds it"),
        *("asked with company = acme inc", "answered (hit), billed $0.01", '"domain": "acme inc.example"'),
    ):
        assert part in words


def test_a_cell_that_was_not_found(glaze: Program, path: Path, shop: Shop) -> None:
    """A miss is an answer: who was asked, and what the miss cost."""
    document = told(glaze, path, MISSING)
    assert (document["status"], document["value"], document["cost"]) == ("not_found", None, 0.01)
    assert calls(document) == [(MISSING, True, "settled", "miss")]
    assert (shop.counted["nobody"], document["steps"][0]["answer"]["found"]) == (1, False)
    assert "miss: it has nothing" in shown(glaze, path, MISSING)


def test_a_failed_cell(glaze: Program, path: Path, shop: Shop) -> None:
    """The reason, the service's sentence, and that nothing was billed."""
    document = told(glaze, path, REFUSED)
    assert (document["status"], document["reason"], document["cost"]) == ("failed", "bad_input", 0)
    assert calls(document) == [(REFUSED, True, "refused", "bad_input")]
    assert (shop.counted["bad"], document["steps"][0]["answer"]) == (1, None)
    assert [(one["header"], one["read"]) for one in document["inputs"]] == [("Company", True)]
    words = shown(glaze, path, REFUSED)
    assert "bad input: the provider refused the input" in words
    assert "refused, bad input; nothing billed" in words


def test_a_cached_cell(glaze: Program, path: Path, shop: Shop) -> None:
    """Whose call brought the answer, when, what it cost then; nothing was asked or spent for this cell."""
    first = glaze.last_job()["jobId"]
    assert glaze("undo", first).code == 0
    assert glaze(*enrich(path)).code == 3
    document = told(glaze, path, DONE)
    (step,) = document["steps"]
    assert (document["source"], document["cost"], step["from"]) == ("cache", 0, "cache")
    assert document["earlierJobs"] == [first]
    assert step["answeredAt"] == step["answer"]["answeredAt"] < document["timestamp"]
    assert (step["ledger"][0]["jobId"], calls(document)) == (first, [(DONE, False, "settled", "hit")])
    assert (shop.counted["acme inc"], document["ledger"]["calls"]) == (1, 0)
    words = shown(glaze, path, DONE)
    assert f"1 earlier job asked about it too: {first}" in words
    assert "from cache, answered" in words
    assert f"by job {first} about {DONE}: answered (hit), billed $0.01" in words
    assert told(glaze, first, DONE)["source"] == "cheap"
    assert told(glaze, path, DONE, "--job", first[:5]) == told(glaze, path, DONE, "--job", first)
    assert told(glaze, DONE, "--job", first) == told(glaze, first, DONE)


def test_an_unknown_cell(glaze: Program, path: Path, shop: Shop) -> None:
    """A lost reply: what it may have cost, which job made the call, and the call that repeated it."""
    first = glaze.last_job()["jobId"]
    document = told(glaze, path, LOST)
    assert (document["status"], document["reason"]) == ("failed", "unknown_outcome")
    assert calls(document) == [(LOST, True, "unknown", "unknown_outcome")]
    ledger = document["ledger"]
    assert (ledger["unknownCalls"], ledger["unknown"], shop.counted["lost"]) == (1, 0.01, 1)
    words = shown(glaze, path, LOST)
    assert "1 call without a reply: up to $0.01 may have been billed" in words
    assert f"`glaze resume {first} --retry-unknown` asks again" in words

    assert glaze(*enrich(path)).code == 3  # not asked again in silence, and why is told from the first call
    second = told(glaze, path, LOST)
    assert (second["reason"], calls(second)) == (
        "unknown_outcome",
        [(LOST, False, "unknown", "unknown_outcome")],
    )
    assert (shop.counted["lost"], second["ledger"]["calls"], second["steps"][0]["calls"]) == (1, 0, 0)

    assert glaze("resume", second["job"]["jobId"], "--retry-unknown").code == 3  # `bad` still fails
    third = told(glaze, path, LOST)
    lost, again = third["steps"][0]["ledger"]
    assert (third["status"], again["repeats"], again["own"], lost["own"]) == ("done", lost["id"], True, False)
    assert (shop.counted["lost"], third["cost"], third["ledger"]["repeatedCalls"]) == (2, 0.01, 1)
    words = shown(glaze, path, LOST)
    assert f"again after call {lost['id']}: answered (hit), billed $0.01" in words
    assert "later, by job" in shown(glaze, first, LOST)


def test_a_call_that_no_step_tells_of(glaze: Program, shop: Shop) -> None:
    """A cell whose time ended while its call was silent: the call is told all the same."""
    silent = Shop(lambda company, times: Reply(after=600))
    with silent:
        paid_service(glaze.folder, silent.url, settings=f"{QUICK}cell_timeout = 1\ngrace = 0\n")
        path = glaze.leads(text="Company,Domain\nacme inc,\n")
        glaze(*enrich(path))
    document = told(glaze, path, DONE)
    assert (document["reason"], document["steps"], silent.counted["acme inc"]) == ("timeout", [], 1)
    assert [call["status"] for call in document["otherCalls"]] == ["unknown"]
    words = shown(glaze, path, DONE)
    assert "its reply was lost" in words
    assert "up to $0.01 may have been billed" in words


def test_an_input_that_was_found_has_its_receipt(glaze: Program, shop: Shop) -> None:
    """An input that the job found itself is told with who found it, and from what."""
    paid_service(glaze.folder, shop.url, settings=QUICK)
    second = (glaze.folder / "glaze" / "providers" / "acme.toml").read_text("utf-8")
    second = second.replace('id = "acme"', 'id = "deep"').replace('["domain"]', '["industry"]', 1)
    second = second.replace('["company"]', '["domain"]').replace("{company}", "{domain}")
    second = second.replace("{domain = ", "{industry = ")
    (glaze.folder / "glaze" / "providers" / "deep.toml").write_text(second, "utf-8")
    path = glaze.leads(text="Company,Domain,Industry\nacme inc,,\n")
    words = ("--columns", "Domain,Industry", "--provider", "acme", "--provider", "deep", "--plain")
    assert glaze("enrich", path, *words).code == 0
    (read,) = told(glaze, path, "C2")["inputs"]
    assert (read["header"], read["text"], read["read"]) == ("Domain", "acme inc.example", True)
    assert (read["found"]["cell"], read["found"]["provider"], read["found"]["cost"]) == ("B2", "acme", 0.01)
    assert [inner["text"] for inner in read["found"]["inputs"]] == ["acme inc"]
    assert "B2, found by acme (cheap, confidence 1.00, $0.01) Company: acme inc" in shown(glaze, path, "C2")


def test_one_call_that_filled_two_cells(glaze: Program, shop: Shop) -> None:
    """The second cell cost nothing; its receipt has the answer, and the call that brought it."""
    paid_service(glaze.folder, shop.url, settings=QUICK)
    manifest = glaze.folder / "glaze" / "providers" / "acme.toml"
    text = manifest.read_text("utf-8").replace('["domain"]', '["domain", "industry"]')
    manifest.write_text(text.replace("{domain = ", '{industry = "body.domain", domain = '), "utf-8")
    path = glaze.leads(text="Company,Domain,Industry\nacme inc,,\n")
    assert glaze("enrich", path, "--columns", "Domain,Industry", "--provider", "acme", "--plain").code == 0
    first, second = (told(glaze, path, cell) for cell in ("B2", "C2"))
    assert (first["cost"], second["cost"], len(shop.calls)) == (0.01, 0, 1)
    assert second["steps"][0]["from"] == "another cell's call"
    assert (calls(first), calls(second)) == (
        [("B2", True, "settled", "hit")],
        [("B2", False, "settled", "hit")],
    )
    assert second["steps"][0]["answer"] == first["steps"][0]["answer"]


def test_what_the_file_holds_now(glaze: Program, path: Path) -> None:
    """A value that was changed since, or never written, is told."""
    path.write_text(path.read_text("utf-8").replace("acme inc.example", "mine.example"), "utf-8")
    assert told(glaze, path, DONE)["inFile"] == {"file": str(path), "holds": False, "now": "mine.example"}
    assert 'it holds "mine.example" now' in shown(glaze, path, DONE)
    path.unlink()
    assert told(glaze, path, DONE)["inFile"] is None
    assert "written to" in shown(glaze, path, DONE)


@pytest.mark.parametrize(
    ("cell", "because"),
    [
        ("B6", "asked about no cell of row 6"),
        ("B1", "Row 1 holds the headers"),
        ("A2", "outside of the range"),
        ("AA9", "outside of the range"),
    ],
)
def test_a_cell_that_nobody_asked_about(glaze: Program, path: Path, cell: str, because: str) -> None:
    """It is said, with the reason as far as it can be told; that is an answer, not an error."""
    document = told(glaze, path, cell)
    assert (document["asked"], document["cell"]) == (False, cell)
    assert because in document["because"]
    assert f"No job has asked about {cell}." in shown(glaze, path, cell)


def test_a_cell_that_was_filled_already(glaze: Program) -> None:
    """What it held when another cell of its row was asked about."""
    path = glaze.leads(text="Country,Country code,First name,Contact\nFrance,FR,,Anna Berg\n")
    glaze("enrich", path, "--range", "B2:C2", "--offline", "--quiet")
    assert 'It held "FR" already' in told(glaze, path, "B2")["because"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nope.csv", "B2"), "No job of this store has worked on nope.csv; `glaze status` lists"),
        (("leeds.csv", "B2"), "has worked on leeds.csv; did you mean leads.csv?"),
        (("ffff", "B2"), "There is no job ffff"),
        (("leads.csv",), "No cell is named"),
        (("leads.csv", "B2:B3"), "B2:B3 is not a cell"),
        (("leads.csv", "'it''s'!B2"), "No job has worked on worksheet it's"),
        (("leads.csv", "B2", "--sheet", "Q3"), "it has no worksheets"),
    ],
)
def test_what_cannot_be_told_is_a_sentence(
    glaze: Program, path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], sentence: str
) -> None:
    """Exit code 2, and what is wrong."""
    monkeypatch.chdir(path.parent)
    ran = glaze("why", *words)
    assert ran.code == 2
    assert sentence in ran.err


def test_looking_makes_no_store(glaze: Program) -> None:
    """A sentence where there is none yet."""
    assert glaze("why", "leads.csv", "B2").code == 2
    assert not glaze.store.exists()


def test_a_job_of_an_older_glaze(glaze: Program, path: Path) -> None:
    """Records, requests and calls without what was added later are told as far as they go."""
    with sqlite3.connect(glaze.store) as connection:
        connection.execute(
            "UPDATE cell_enrichment_tasks SET result = "
            "json_remove(result, '$.metadata.attempts[0].key', '$.metadata.attempts[0].confidence', "
            "'$.metadata.attempts[0].read', '$.metadata.attempts[0].least')"
        )
    assert calls(told(glaze, path, DONE)) == [(DONE, True, "settled", "hit")]  # the cell is in the ledger
    with sqlite3.connect(glaze.store) as connection:
        connection.execute("UPDATE attempts SET task_id = NULL")
        connection.execute("UPDATE enrichment_jobs SET request = '{}'")
    for cell in (DONE, MISSING, REFUSED, LOST):
        document = told(glaze, path, cell)
        assert (document["steps"][0]["ledger"], document["minConfidence"]) == ([], None)
        assert "acme (cheap)" in shown(glaze, path, cell)
    with sqlite3.connect(glaze.store) as connection:
        connection.execute("UPDATE cell_enrichment_tasks SET result = NULL, started_at = NULL")
    assert "B2" in shown(glaze, path, DONE)


def test_a_workbook_and_its_tabs(glaze: Program) -> None:
    """The first tab that was worked on, else the one that is named."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "Q3 leads"
    for sheet in (book.active, book.create_sheet("Other")):
        for row in (("Country", "Country code"), ("France", None)):
            sheet.append(row)
    path = glaze.folder / "leads.xlsx"
    book.save(path)
    for tab in ("Q3 leads", "Other"):
        assert glaze("enrich", path, "--sheet", tab, "--range", "B2", "--offline", "--quiet").code == 0
    assert told(glaze, path, "B2")["cell"] == "Q3 leads!B2"
    assert told(glaze, path, "'Q3 leads'!b2")["inFile"]["holds"]
    assert told(glaze, path, "other!$B$2") == told(glaze, path, "B2", "--sheet", "Other")
    assert told(glaze, path, "Other!B2")["cell"] == "Other!B2"
