"""The cache, and joining calls in flight."""

from __future__ import annotations

import asyncio
import json

import pytest

from glaze_cli.engine.runner import Run
from glaze_cli.model import Field, Found, Keep, NotFound
from glaze_cli.model.settings import ColumnSettings, RunSettings, Settings
from tests.engine.fakes import Fake, make_run
from tests.engine.test_runner import cells, run

ROWS = [{"Company": f"c{number % 20}"} for number in range(500)]
THREE = Found({Field("domain"): "a.com", Field("industry"): "Steel", Field("city"): "Ulm"})
HEADERS = ("Company", "Domain", "Industry", "City")


def five_hundred(provider: Fake, earlier: Run | None = None, **settings: float) -> Run:
    """500 rows of 20 companies, three columns that one provider fills."""
    return make_run(
        ROWS,
        [provider],
        headers=HEADERS,
        fill=HEADERS[1:],
        store=earlier.writer if earlier else None,
        job_id=f"job{len(provider.calls)}x{'b' if earlier else 'a'}",
        wishes=Settings(**settings),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("answer", [THREE, NotFound("nothing")])
def test_one_question_is_asked_once(answer: Found | NotFound) -> None:
    """1,500 cells of 20 companies: 20 calls; again: none; with --refresh: 20. Not found counts as well."""

    async def slow() -> Found | NotFound:
        await asyncio.sleep(0.001)
        return answer

    provider = Fake(reply=lambda _: slow(), gives=("domain", "industry", "city"))
    made = five_hundred(provider)
    run(made)
    assert len(provider.calls) == 20
    again = five_hundred(provider, made)
    job = run(again)
    assert len(provider.calls) == 20
    assert job.done_tasks + job.not_found_tasks == 1_500
    anew = make_run(
        ROWS,
        [provider],
        headers=HEADERS,
        fill=HEADERS[1:],
        store=made.writer,
        job_id="anew",
        wishes=Settings(max_age=0.0),
    )
    run(anew)
    assert len(provider.calls) == 40


def test_an_old_answer_is_asked_anew() -> None:
    """What is older than the provider's word, or the column's `refresh`, is stale."""
    provider = Fake(reply="x.com", keep=Keep(90 * 86_400.0, 30 * 86_400.0))
    store = (made := make_run([{"Company": "Acme"}], [provider])).writer
    run(made)
    monthly = Settings(columns={"Domain": ColumnSettings(refresh=30 * 86_400.0)})
    for number, (age, wishes, calls) in enumerate(
        [
            ("-40 days", Settings(), 1),  # the provider's answers hold for 90 days
            ("-40 days", monthly, 2),  # the column wants them newer
            ("-100 days", Settings(), 3),  # too old for everybody
        ]
    ):
        store.execute(f"UPDATE answers SET created_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '{age}')")
        run(make_run([{"Company": "Acme"}], [provider], store=store, job_id=f"j{number}", wishes=wishes))
        assert len(provider.calls) == calls, age


def test_what_must_not_be_stored_is_not_stored_and_asked_once_a_run() -> None:
    """Terms forbid a cache: within the run an equal question is one call, afterwards nothing is kept."""
    provider = Fake(reply="x.com", keep=Keep(store=False))
    made = make_run([{"Company": "Acme"}] * 5, [provider], settings=RunSettings(concurrency=1))
    run(made)
    assert [value for _, _, value in cells(made)] == ["x.com"] * 5
    assert len(provider.calls) == 1
    assert made.reader.execute("SELECT count(*) FROM answers").fetchone()[0] == 0
    run(make_run([{"Company": "Acme"}], [provider], store=made.writer, job_id="j2"))
    assert len(provider.calls) == 2


def test_a_changed_note_pays_nothing() -> None:
    """Only the inputs that a provider reads make the question."""
    provider = Fake(reply="x.com", price=10_000)
    first = make_run([{"Company": "Acme", "Note": "call"}], [provider], headers=("Company", "Note", "Domain"))
    run(first)
    second = make_run(
        [{"Company": "  Acme ", "Note": "called"}],
        [provider],
        headers=("Company", "Note", "Domain"),
        store=first.writer,
        job_id="j2",
    )
    run(second)
    assert [call.inputs for call in provider.calls] == [(("company", "Acme"),)]


def test_the_receipt_says_when_a_kept_answer_was_given() -> None:
    """From the cache: with its date."""
    provider = Fake(reply="x.com")
    made = make_run([{"Company": "Acme"}], [provider])
    run(made)
    again = make_run([{"Company": "Acme"}], [provider], store=made.writer, job_id="j2")
    run(again)
    record = json.loads(
        made.reader.execute("SELECT result FROM cell_enrichment_tasks WHERE job_id = 'j2'").fetchone()[0]
    )
    (step,) = record["metadata"]["attempts"]
    kept = made.reader.execute("SELECT created_at FROM answers").fetchone()[0]
    assert (step["from"], step["answered"], record["source"]) == ("cache", kept, "cache")
