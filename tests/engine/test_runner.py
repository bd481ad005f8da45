"""One run of a job, from queued cells to its end."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from glaze_cli.engine.events import CellFinished, ProviderDropped
from glaze_cli.engine.runner import Run, run_job
from glaze_cli.errors import LookupFailed, ProviderUnusable, Throttled
from glaze_cli.model import Field, Found, JobStatus, Lookup, Tier
from glaze_cli.model.settings import RunSettings
from glaze_cli.store.jobs import Job
from tests.engine.fakes import QUICK, Fake, make_run

ACME = {"Company": "Acme"}


def run(run: Run) -> Job:
    """To its end, without a stop."""

    async def go() -> Job:
        return await run_job(run, asyncio.Event())

    return asyncio.run(go())


def cells(run: Run) -> list[tuple[str, str | None, Any]]:
    """(status, reason, value) of each task, in order."""
    rows = run.reader.execute("SELECT status, reason, result FROM cell_enrichment_tasks ORDER BY id")
    return [(r["status"], r["reason"], json.loads(r["result"] or "{}").get("value")) for r in rows]


def test_a_found_value_has_its_whole_record() -> None:
    """A done task keeps value, confidence, source, timestamp, cost and each provider tried."""
    dear = Fake("dear", "acme.com", tier=Tier.PREMIUM, price=30_000)
    made = make_run([ACME], [Fake("free", None), dear])
    job = run(made)
    record = json.loads(made.reader.execute("SELECT result FROM cell_enrichment_tasks").fetchone()[0])
    assert (job.status, job.done_tasks, job.spent) == (JobStatus.COMPLETED, 1, 30_000)
    assert record["value"] == "acme.com"
    assert record["source"] == "premium"
    assert record["timestamp"]
    assert record["metadata"]["cost"] == 0.03
    assert record["metadata"]["provider"] == "dear"
    assert [(a["provider"], a["outcome"]) for a in record["metadata"]["attempts"]] == [
        ("free", "miss"),
        ("dear", "hit"),
    ]


@pytest.mark.parametrize(
    ("replies", "status", "reason"),
    [
        ([None, None], "not_found", None),  # all answered, none had it
        ([LookupFailed("broken"), None], "failed", "provider_error"),  # one failed: it may be there after all
        ([None, LookupFailed("slow", "timeout")], "failed", "timeout"),  # the last word is the failure's
        ([ProviderUnusable("bad key")], "failed", "auth"),  # dropped
        ([Throttled("busy", 0, "throttled")], "failed", "throttled"),  # repeated, then failed
        ([ValueError("oops")], "failed", "defect"),  # a provider's own defect is not a miss
        ([Found({})], "not_found", None),  # an answer about something else
    ],
)
def test_not_found_and_failed_are_different_words(
    replies: list[object], status: str, reason: str | None
) -> None:
    """A cell is not found only when every provider answered and none had a value."""
    made = make_run([ACME], [Fake(f"p{number}", reply) for number, reply in enumerate(replies)])
    job = run(made)
    assert cells(made) == [(status, reason, None)]
    assert job.status is (JobStatus.FAILED if status == "failed" else JobStatus.COMPLETED)


def test_a_row_without_the_inputs_is_skipped() -> None:
    """Nobody is asked about a row that lacks what the provider needs."""
    provider = Fake(reply="x.com")
    made = make_run([{}, {"Company": "   "}], [provider])
    run(made)
    assert cells(made) == [("skipped", "missing_input", None)] * 2
    assert provider.calls == []


def test_a_weak_answer_moves_on() -> None:
    """An answer under the minimum confidence is not taken, and the receipt says what it was."""
    made = make_run([ACME], [Fake("weak", "wrong.com", confidence=0.2), Fake("sure", "right.com")])
    run(made)
    assert cells(made) == [("done", None, "right.com")]
    trail = json.loads(made.reader.execute("SELECT result FROM cell_enrichment_tasks").fetchone()[0])
    weak = trail["metadata"]["attempts"][0]
    assert (weak["outcome"], weak["value"], weak["confidence"]) == ("too_weak", "wrong.com", 0.2)


def test_equal_lookups_are_one_call() -> None:
    """Ten rows with the same input cost one call, and the others join it or find it in the cache."""

    async def slow() -> str:
        await asyncio.sleep(0.01)
        return "acme.com"

    provider = Fake(reply=lambda _: slow(), price=10_000)
    made = make_run([ACME] * 10, [provider])
    job = run(made)
    assert len(provider.calls) == 1
    assert (job.done_tasks, job.spent) == (10, 10_000)
    again = make_run([ACME] * 3, [provider], store=made.writer, job_id="job2")
    assert run(again).spent == 0
    assert len(provider.calls) == 1


def test_one_answer_fills_every_field_it_holds() -> None:
    """Three columns of a row that one provider gives are one call."""
    answer = Found({"domain": "a.com", "industry": "Steel", "city": "Ulm"})  # type: ignore[dict-item]
    provider = Fake(reply=answer, gives=("domain", "industry", "city"))
    headers = ("Company", "Domain", "Industry", "City")
    made = make_run([ACME], [provider], headers=headers, fill=headers[1:])
    run(made)
    assert len(provider.calls) == 1
    assert [value for _, _, value in cells(made)] == ["a.com", "Steel", "Ulm"]


def test_a_feeding_cell_comes_first() -> None:
    """A cell that another selected cell needs as input is filled first, and its value is used."""
    mail = Fake("mail", lambda lookup: f"info@{lookup['domain']}", needs=("domain",), gives=("email",))
    domain = Fake("domain", "acme.com", needs=("company",), gives=("domain",))
    made = make_run([ACME], [mail, domain], headers=("Company", "Email", "Domain"), fill=("Email", "Domain"))
    run(made)
    values = {value for _, _, value in cells(made)}
    assert values == {"info@acme.com", "acme.com"}


def test_an_unusable_provider_is_dropped_once() -> None:
    """After a bad key, at most `concurrency` calls are made in all, and it is said once."""
    provider = Fake(reply=ProviderUnusable("set FAKE_KEY"))
    made = make_run([{"Company": f"c{n}"} for n in range(50)], [provider])
    run(made)
    assert len(provider.calls) <= QUICK.concurrency
    assert [event.sentence for event in made.listener.of(ProviderDropped)] == ["set FAKE_KEY"]  # type: ignore[attr-defined]


def test_the_cap_is_never_exceeded_and_the_job_pauses() -> None:
    """At a cap of five calls' price five calls are made, and the rest stays queued for `resume`."""

    async def slow() -> str:
        await asyncio.sleep(0.001)
        return "x.com"

    provider = Fake(reply=lambda _: slow(), price=10_000)
    made = make_run([{"Company": f"c{n}"} for n in range(20)], [provider], cap=50_000)
    job = run(made)
    assert (job.status, job.spent, job.reserved) == (JobStatus.PAUSED, 50_000, 0)
    assert len(provider.calls) == 5
    assert [status for status, _, _ in cells(made)].count("queued") == 15


def test_a_lost_reply_counts_as_spent_and_is_not_repeated() -> None:
    """A call whose outcome is unknown may have been billed: it is counted so, and not sent again."""
    provider = Fake(reply=LookupFailed("cut", "unknown_outcome"), price=10_000)
    made = make_run([ACME], [provider])
    job = run(made)
    assert len(provider.calls) == 1
    assert (job.spent, job.unknown, job.unknown_calls) == (10_000, 10_000, 1)
    assert cells(made) == [("failed", "unknown_outcome", None)]


def test_a_slow_cell_holds_no_other() -> None:
    """One cell that hangs fails by timeout; the others are done."""

    async def hang() -> str:
        await asyncio.sleep(60)
        return "never"

    provider = Fake(reply=lambda lookup: hang() if lookup["company"] == "c0" else "x.com")
    settings = RunSettings(concurrency=2, cell_timeout=0.5, grace=0)
    made = make_run([{"Company": f"c{n}"} for n in range(20)], [provider], settings=settings)
    job = run(made)
    assert (job.done_tasks, job.failed_tasks) == (19, 1)
    assert cells(made)[0][:2] == ("failed", "timeout")


def test_a_stop_leaves_the_rest_queued_and_resume_repeats_nothing() -> None:
    """After a stop what was answered is kept, the rest is queued, and a second run asks only that."""
    stop = asyncio.Event()

    def reply(lookup: Lookup) -> str:
        if len(provider.calls) == 5:
            stop.set()
        return "x.com"

    provider = Fake(reply=reply)
    made = make_run(
        [{"Company": f"c{n}"} for n in range(40)], [provider], settings=RunSettings(concurrency=1)
    )

    async def go() -> Job:
        return await run_job(made, stop)

    job = asyncio.run(go())
    assert (job.status, job.done_tasks) == (JobStatus.INTERRUPTED, 5)
    assert run(made).status is JobStatus.COMPLETED
    assert len(provider.calls) == 40


def test_the_time_of_a_job_is_limited() -> None:
    """When the job's time is up, what was found is kept and the rest can be resumed."""

    async def slow() -> str:
        await asyncio.sleep(0.02)
        return "x.com"

    provider = Fake(reply=lambda _: slow())
    limited = RunSettings(concurrency=1, job_timeout=0.1)
    made = make_run([{"Company": f"c{n}"} for n in range(100)], [provider], settings=limited)
    job = run(made)
    assert job.status is JobStatus.INTERRUPTED
    assert 0 < job.done_tasks < 100


def test_counters_agree_with_the_tasks() -> None:
    """The job's counters, its providers' counters and the rows' states say the same as the tasks."""
    replies = {"a": "x.com", "b": None, "c": LookupFailed("no")}
    provider = Fake(reply=lambda lookup: replies[lookup["company"]])
    made = make_run([{"Company": name} for name in "abc"] + [{}], [provider])
    job = run(made)
    assert (job.done_tasks, job.not_found_tasks, job.failed_tasks, job.skipped_tasks) == (1, 1, 1, 1)
    counters = made.reader.execute("SELECT calls, hits, misses, errors FROM job_providers").fetchone()
    assert tuple(counters) == (3, 1, 1, 1)
    states = [row[0] for row in made.reader.execute("SELECT status FROM rows ORDER BY id")]
    assert states == ["done", "done", "failed", "done"]
    assert len(made.listener.of(CellFinished)) == 4  # type: ignore[attr-defined]


ROW_STATE = """
SELECT CASE WHEN sum(status = 'queued') THEN 'queued' WHEN sum(status = 'failed') THEN 'failed'
    ELSE 'done' END, avg(confidence)
FROM cell_enrichment_tasks GROUP BY row_id ORDER BY row_id
"""


@pytest.mark.parametrize("columns", [1, 3])
@pytest.mark.parametrize(
    ("cap", "slow"),
    [
        (None, False),  # every cell ends
        (10, False),  # the cap leaves some cells of some rows queued
        (None, True),  # cells take long enough to be written down as running
        (10, True),
    ],
)
def test_a_rows_state_is_that_of_its_cells(cap: int | None, slow: bool, columns: int) -> None:
    """After the run, whatever ended last in it and whatever did not."""

    async def reply(column: int, company: str) -> object:
        await asyncio.sleep(0.3 if slow and (column + int(company)) % 2 else 0)
        return LookupFailed("no") if (column * int(company)) % 5 == 4 else f"{column}.com"

    def provider(column: int) -> Fake:
        gives = ("domain", "industry", "phone")[column - 1]
        return Fake(gives, lambda asked: reply(column, asked["company"]), gives=(gives,), price=5)

    headers = ("Company", "Domain", "Industry", "Phone")
    rows = [{"Company": str(number)} for number in range(6)]
    fill, most = headers[1 : columns + 1], None if cap is None else cap * columns
    made = make_run(rows, [provider(n) for n in (1, 2, 3)], headers=headers, fill=fill, cap=most)
    run(made)
    derived = [tuple(row) for row in made.reader.execute(ROW_STATE)]
    stored = made.reader.execute("SELECT status, confidence FROM rows ORDER BY id")
    assert [tuple(row) for row in stored] == derived


def test_a_crash_leaves_open_attempts_unknown() -> None:
    """Attempts that a crash left open are unknown after recovery, and counted with their worst price."""
    made = make_run([ACME], [Fake(reply="x.com", price=10_000)])
    made.writer.execute(
        "INSERT INTO attempts (job_id, provider, lookup_key, status, reserved, opened_at) "
        "VALUES ('job1', 'fake', 'k', 'open', 10000, 'now')"
    )
    made.writer.execute("UPDATE enrichment_jobs SET reserved = 10000")
    made.writer.execute("UPDATE cell_enrichment_tasks SET status = 'running'")
    job = run(made)
    assert (job.unknown_calls, job.unknown, job.reserved, job.spent) == (1, 10_000, 0, 20_000)
    assert job.done_tasks == 1


def test_an_answer_about_the_row_serves_its_other_columns() -> None:
    """A provider that could be asked again by what it just found is not: the first answer holds it all."""
    answer = Found({"domain": "a.com", "industry": "Steel"})  # type: ignore[dict-item]
    provider = Fake(reply=answer, gives=("domain", "industry"))
    provider.needs = (frozenset({Field("domain")}), frozenset({Field("company")}))
    headers = ("Company", "Domain", "Industry")
    made = make_run([ACME], [provider], headers=headers, fill=headers[1:])
    run(made)
    assert [value for _, _, value in cells(made)] == ["a.com", "Steel"]
    assert len(provider.calls) == 1


def test_a_resumed_row_knows_what_was_filled_before() -> None:
    """A value that an earlier run of the job found is an input of the cells that are left."""
    mail = Fake("mail", lambda lookup: f"info@{lookup['domain']}", needs=("domain",), gives=("email",))
    domain = Fake("domain", "acme.com", needs=("company",), gives=("domain",))
    headers = ("Company", "Domain", "Email")
    made = make_run([ACME], [mail, domain], headers=headers, fill=headers[1:])
    run(made)
    made.writer.execute("UPDATE cell_enrichment_tasks SET status = 'queued', result = NULL WHERE id = 2")
    made.writer.execute("UPDATE enrichment_jobs SET done_tasks = 1")
    made.writer.execute("DELETE FROM answers")
    run(made)
    assert [value for _, _, value in cells(made)] == ["acme.com", "info@acme.com"]
    assert len(domain.calls) == 1
