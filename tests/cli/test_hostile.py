"""Text from a sheet, a service or a file's name is inert wherever it is shown, and whole in JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from glaze_cli.cli.request import EnrichRequest, KeptRequest
from glaze_cli.model import TaskStatus
from glaze_cli.store.connect import connect
from tests.cli.program import Program
from tests.ui.pages.jobs import HOSTILE, finished, pay, record, step

TEXTS = HOSTILE | {
    "osc 52": "\x1b]52;c;ZXZpbA==\x07",
    "c1": "\x9b2J\x9d8;;http://evil.example\x9clink\x85next",
    "address": "javascript:alert(1)",
    "long": "x" * 100_000,
    "backspaces": "rm -rf\b\b\b\b\b\bls    \rok",
}
SHOWN = (
    *(("why", "job1", cell) for cell in ("B2", "B3", "C2", "C3")),
    ("why", "job1", "B2", "--raw"),
    *(("status", "job1"), ("status", "job1", "--cells"), ("status",), ("jobs",), ("diff", "job1")),
    *(("cost", "--by", by) for by in ("provider", "month", "job", "sheet", "column")),
    ("report", "job1", "--md"),
)
DOCUMENTS = (
    *(("why", "job1", cell) for cell in ("B2", "B3", "C2")),
    *(("status", "job1"), ("status", "job1", "--cells"), ("status",), ("jobs",), ("diff", "job1"), ("cost",)),
)


ACTS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a terminal would act upon."""


def acting(text: str) -> set[str]:
    """The characters in it that a terminal would act upon."""
    return set(ACTS.findall(text))


def hostile_job(glaze: Program, text: str) -> None:
    """A job in whose every place the text stands."""
    tried = step(text, text, "hit", detail=text, cost=0.01)
    value = record(text, 0.9, tried)
    value["metadata"]["citations"] = [text]
    weak = record(None, None, step(text, "cheap", "too_weak", value=text, detail=text))
    cells = [
        (TaskStatus.DONE, None, None, value),
        (TaskStatus.FAILED, text, text, record(None, None, step(text, text, "failed", detail=text))),
        (TaskStatus.NOT_FOUND, None, text, weak),
        (TaskStatus.SKIPPED, text, text, record(None, None)),
    ]
    connection = connect(glaze.store)
    name = text[:200].replace("/", "").replace("\0", "")
    finished(cells, connection, (text, "Phone"), str(glaze.folder / f"{name}.xlsx"))
    pay(connection, calls=1)
    request = KeptRequest(EnrichRequest(text), (text, "Phone"), 1, ()).to_json()
    connection.execute("UPDATE enrichment_jobs SET request = ?", (json.dumps(request),))
    connection.execute("UPDATE tables SET sheet = ?", (text[:500],))
    connection.execute("UPDATE rows SET data = ?", (json.dumps({text: text, "Company": text}),))
    connection.execute("UPDATE cell_enrichment_tasks SET old = ?", (json.dumps(text),))
    connection.execute(
        "UPDATE attempts SET provider = ?, detail = ?, task_id = 1, status = 'unknown'", (text, text)
    )
    connection.execute("UPDATE job_providers SET provider = ?", (text,))
    connection.execute(
        "UPDATE enrichment_jobs SET error = ?, log = ?, range = ?, written_to = ?", (text, text, text, text)
    )
    connection.close()


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
def test_on_a_screen(glaze: Program, text: str) -> None:
    """No escape sequence, control character or change of direction is printed, and a long text is cut."""
    hostile_job(glaze, text)
    for words in SHOWN:
        ran = glaze(*words)
        assert (words, ran.code, acting(ran.out + ran.err)) == (words, 0, set())
        assert len(ran.out) < 100_000


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
def test_in_json(glaze: Program, text: str) -> None:
    """A valid document that holds the text as it is, and no raw control character."""
    hostile_job(glaze, text)
    for words in DOCUMENTS:
        ran = glaze(*words, "--json")
        assert (words, ran.code, acting(ran.out)) == (words, 0, set())
        assert words == ("cost",) or text in _texts(ran.json)


def _texts(document: object) -> set[str]:
    """All texts in it."""
    if isinstance(document, str):
        return {document}
    if isinstance(document, dict):
        return set().union(*map(_texts, (*document, *document.values())))
    return set().union(*map(_texts, document)) if isinstance(document, list) else set()


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
def test_headers_and_names_of_files(glaze: Program, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a sheet that is only looked at."""
    import csv

    monkeypatch.chdir(glaze.folder)
    name = text[:80].replace("/", "").replace("\0", "") + ".csv"
    with Path(name).open("w", encoding="utf-8", errors="replace", newline="") as handle:
        csv.writer(handle).writerows([(text[:30_000], "Country", text[:99]), ("x", "DE", "")])
    for words in (("columns", f"./{name}"), ("init", f"./{name}"), ("init", "-o", "-", f"./{name}")):
        ran = glaze(*words)
        assert (words, acting(ran.out + ran.err)) == (words, set())
    ran = glaze("why", f"./{name}", "B2")
    assert acting(ran.err) == set()


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
def test_error_sentences(glaze: Program, text: str) -> None:
    """What they quote cannot act either, whether it was typed or stands in a store."""
    hostile_job(glaze, text)
    for words in (
        ("columns", f"{text[:99]}.csv"),
        ("why", text[:99], "B2"),
        ("why", "job1", f"{text[:50]}!B2"),
    ):
        ran = glaze(*words)
        assert acting(ran.out + ran.err) == set()
