"""Money in a run: three caps that hold, nothing paid twice in silence, savings counted."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from glaze_cli.engine.runner import Run, run_job
from glaze_cli.errors import LookupFailed, Stopped, Throttled
from glaze_cli.model import FailReason, Found, JobStatus, Lookup, Micros, NotFound, Tier
from glaze_cli.store.attempts import Attempt, settle_attempt
from glaze_cli.store.connect import connect
from glaze_cli.store.jobs import Job, get_job
from glaze_cli.store.permits import Intent
from glaze_cli.store.progress import start_job
from glaze_cli.store.transaction import transaction
from tests.engine.fakes import QUICK, Fake, make_run
from tests.engine.test_runner import cells, run
from tests.store.fakes import open_attempt

MANY = [{"Company": f"c{number}"} for number in range(60)]
LOST = LookupFailed("the reply was lost", FailReason.UNKNOWN_OUTCOME)


def paid(name: str = "paid", reply: object = "x.com", price: int = 10, **more: object) -> Fake:
    """A provider that costs something."""
    return Fake(name, reply, price=price, tier=Tier.CHEAP, **more)  # type: ignore[arg-type]


def spent_by(made: Run) -> dict[str, int]:
    """By provider, as the ledger has it."""
    rows = made.reader.execute("SELECT provider, spent FROM job_providers WHERE job_id = ?", (made.job.id,))
    return {row["provider"]: row["spent"] for row in rows}


async def slowly(answer: object) -> object:
    """So that many calls are under way at once."""
    await asyncio.sleep(0.001)
    return answer


@pytest.mark.parametrize("at_once", [1, 7, 50])
def test_a_providers_own_cap_holds_and_others_go_on(at_once: int) -> None:
    """The dear one stops at its cap; the next in the waterfall serves the rest, and the job completes."""
    dear = paid("dear", lambda _: slowly("dear.com"))
    cheap = paid("cheap", "cheap.com", price=1)
    made = make_run(MANY, [dear, cheap], settings=replace(QUICK, concurrency=at_once))
    made = replace(made, caps={"dear": Micros(95)})
    job = run(made)
    assert (job.status, job.done_tasks) == (JobStatus.COMPLETED, 60)
    assert len(dear.calls) == 9
    assert spent_by(made) == {"dear": 90, "cheap": 51}


def test_at_its_own_cap_the_job_pauses_where_nobody_else_is_left() -> None:
    """Its cells stay queued; with a higher cap the next run goes on."""
    provider = paid()
    made = replace(make_run(MANY, [provider]), caps={"paid": Micros(100)})
    job = run(made)
    assert (job.status, job.done_tasks, job.failed_tasks) == (JobStatus.PAUSED, 10, 0)
    job = run(replace(made, caps={"paid": Micros(150)}))
    assert (job.done_tasks, len(provider.calls)) == (15, 15)


def test_a_cell_costs_no_more_than_it_may() -> None:
    """What would go over its cap is not asked; the cell fails with that reason, a cheaper one still may."""
    first, dear, last = paid("first", None), paid("dear", "x.com", 100), paid("last", "y.com")
    made = make_run(MANY[:2], [first, dear, last], settings=replace(QUICK, max_cell_cost=Micros(25)))
    job = run(made)
    assert (job.done_tasks, job.spent) == (2, 40)
    assert dear.calls == []
    made = make_run(MANY[:2], [paid("first", None), dear], settings=replace(QUICK, max_cell_cost=Micros(25)))
    run(made)
    assert [(status, reason) for status, reason, _ in cells(made)] == [("failed", "budget")] * 2
    error = made.reader.execute("SELECT error FROM cell_enrichment_tasks").fetchone()[0]
    assert error == "dear may cost $0.0001, and the cell may cost only $0.000015 more"


def test_attempts_that_are_billed_each_count_for_the_cells_cap() -> None:
    """Three attempts at 10 may cost 30: too much for a cell that may cost 25."""
    provider = paid()
    provider.bills_errors = True
    made = make_run(MANY[:1], [provider], settings=replace(QUICK, max_cell_cost=Micros(25)))
    run(made)
    assert provider.calls == []


@pytest.mark.parametrize("caps", [{}, {"paid": Micros(50)}])
def test_what_flows_back_is_spent_on_those_who_waited_for_it(caps: dict[str, Micros]) -> None:
    """A service that bills hits, at a cap of five calls: thirty misses cost nothing, so all thirty are asked,
    ten at once; then five hits, and the rest is left."""
    replies = [NotFound(cost=Micros(0))] * 30 + ["x.com"] * 30
    turn = iter(replies)
    provider = paid(reply=lambda _: slowly(next(turn)))
    made = make_run(MANY, [provider], settings=replace(QUICK, concurrency=10), cap=None if caps else 50)
    job = run(replace(made, caps=caps))
    assert (job.not_found_tasks, job.done_tasks, job.spent) == (30, 5, 50)
    assert (job.status, len(provider.calls)) == (JobStatus.PAUSED, 35)
    slots = made.reader.execute("SELECT count(*) FROM provider_places").fetchone()[0]
    assert slots == 0


def test_a_stop_ends_the_wait_for_money() -> None:
    """Those held back are queued again at once."""

    async def go() -> Job:
        stop = asyncio.Event()
        task = asyncio.create_task(run_job(made, stop))
        await asked.wait()
        await asyncio.sleep(0.05)
        stop.set()
        await asyncio.sleep(0.05)
        gate.set()
        return await task

    asked, gate = asyncio.Event(), asyncio.Event()

    async def held() -> str:
        asked.set()
        await gate.wait()
        return "x.com"

    provider = paid(reply=lambda _: held())
    made = make_run(MANY[:5], [provider], settings=replace(QUICK, concurrency=5), cap=10)
    job = asyncio.run(go())
    assert (job.status, job.done_tasks, len(provider.calls)) == (JobStatus.INTERRUPTED, 1, 1)


def resumed(made: Run, **more: object) -> Job:
    """Another run of the job, with its failed cells queued again."""
    from glaze_cli.model import TaskStatus
    from glaze_cli.store.requeue import requeue

    with transaction(made.writer):
        requeue(made.writer, made.job.id, [TaskStatus.FAILED])
    return run(replace(made, **more))  # type: ignore[arg-type]


def test_a_lost_reply_is_not_asked_again_by_any_job() -> None:
    """Not for another cell, not after a retry, not by a new job; with --retry-unknown once, and counted."""
    replies = iter([LOST])
    provider = paid(reply=lambda _: next(replies, "x.com"))
    made = make_run([{"Company": "a"}, {"Company": "a"}], [provider], settings=replace(QUICK, concurrency=1))
    assert run(made).unknown_calls == 1
    assert [reason for _, reason, _ in cells(made)] == ["unknown_outcome"] * 2
    assert resumed(made).failed_tasks == 2
    other = make_run([{"Company": "a"}], [provider], store=made.writer, job_id="job2")
    assert run(other).failed_tasks == 1
    assert len(provider.calls) == 1
    error = other.reader.execute("SELECT error FROM cell_enrichment_tasks WHERE job_id = 'job2'").fetchone()
    assert "asked this before (job job1)" in error[0] and "--retry-unknown" in error[0]
    job = resumed(made, retry_unknown=True)
    assert (job.done_tasks, job.repeated_calls, len(provider.calls)) == (2, 1, 2)
    assert (job.unknown_calls, job.unknown, job.spent) == (1, 10, 20)  # the first may still have been billed
    assert resumed(other).done_tasks == 1
    assert len(provider.calls) == 2


def test_a_reply_lost_in_this_very_run_is_not_asked_again_in_it() -> None:
    """--retry-unknown is about what was lost before: whoever loses its reply now is not asked twice more."""
    provider = paid(reply=LOST)
    made = make_run([{"Company": "a"}] * 3, [provider], settings=replace(QUICK, concurrency=1))
    run(made)
    job = resumed(made, retry_unknown=True)
    assert (len(provider.calls), job.repeated_calls, job.unknown_calls) == (2, 1, 2)


def test_a_free_question_is_simply_asked_again() -> None:
    """There is nothing that could be billed twice."""
    replies = iter([LOST])
    provider = Fake(reply=lambda _: next(replies, "x.com"))
    made = make_run([{"Company": "a"}], [provider])
    run(made)
    job = resumed(made)
    assert (job.done_tasks, job.repeated_calls, len(provider.calls)) == (1, 0, 2)


def test_a_service_that_knows_calls_again_is_asked_again_and_billed_once() -> None:
    """In the same run, and after a crash."""
    replies = iter(
        [Throttled("lost", 0.0, FailReason.UNKNOWN_OUTCOME), Found({"domain": "x.com"}, 1.0, (), Micros(4))]
    )  # type: ignore[dict-item]
    provider = paid(reply=lambda _: next(replies))
    provider.repeatable = lambda lookup: True  # type: ignore[method-assign]
    made = make_run([{"Company": "a"}], [provider])
    job = run(made)
    assert (job.done_tasks, job.spent, job.unknown, job.unknown_calls) == (1, 4, 0, 0)
    assert spent_by(made) == {"paid": 4}
    assert json.loads(made.reader.execute("SELECT result FROM cell_enrichment_tasks").fetchone()[0])[
        "metadata"
    ]["cost"] == pytest.approx(0.000004)
    statuses = made.reader.execute("SELECT status, outcome, billed, repeats FROM attempts ORDER BY id")
    assert [tuple(row) for row in statuses] == [("settled", "repeated", 0, None), ("settled", "hit", 4, 1)]


def test_an_unknown_call_is_a_new_question_once_an_answer_would_be_stale() -> None:
    """Ninety days later, nobody would have remembered an answer either."""
    replies = iter([LOST])
    provider = paid(reply=lambda _: next(replies, "x.com"))
    made = make_run([{"Company": "a"}], [provider])
    run(made)
    made.writer.execute("UPDATE attempts SET opened_at = '2020-01-01T00:00:00.000Z'")
    assert resumed(made).done_tasks == 1


def test_a_question_that_another_job_is_asking_is_waited_for(tmp_path: Path) -> None:
    """Its answer serves this job too: paid for once, and counted as saved here."""
    provider = paid()
    beside = connect(tmp_path / "glaze.db")  # the other process's
    made = make_run([{"Company": "a"}], [provider], store=connect(tmp_path / "glaze.db"))
    other = make_run([{"Company": "a"}], [provider], store=made.writer, job_id="job2")
    start_job(beside, "job2", "other:1", other.job.created_at)
    lookup = Lookup.about("paid", "1", {"company": "a"})  # type: ignore[dict-item]
    attempt = open_attempt(
        beside, Intent("job2", "other:1", lookup, Tier.CHEAP, Micros(10)), other.job.created_at
    )
    assert isinstance(attempt, Attempt)

    def settle() -> None:
        with transaction(beside):
            found = Found({"domain": "x.com"}, 1.0)  # type: ignore[dict-item]
            settle_attempt(beside, attempt, lookup, found, made.now())

    async def both() -> Job:
        ours = asyncio.create_task(run_job(made, asyncio.Event()))
        await asyncio.sleep(0.1)
        assert not ours.done()
        await asyncio.to_thread(settle)  # the loop must be free: it may hold the store just now
        return await ours

    job = asyncio.run(both())
    assert (job.done_tasks, job.spent, provider.calls) == (1, 0, [])
    saved = made.reader.execute("SELECT saved FROM job_providers WHERE job_id = 'job1'").fetchone()[0]
    assert saved == 10


def test_what_is_remembered_counts_as_saved() -> None:
    """By what it cost when it was asked; one answer that fills two columns of a row saved nothing."""
    both = ("domain", "industry")
    more = {"headers": ("Company", "Domain", "Industry"), "fill": ("Domain", "Industry")}
    provider = paid(gives=both)
    first = make_run([{"Company": "a"}, {"Company": "b"}], [provider], **more)  # type: ignore[arg-type]
    run(first)
    second = make_run([{"Company": "a"}], [provider], store=first.writer, job_id="job2", **more)  # type: ignore[arg-type]
    run(second)
    saved = dict(first.reader.execute("SELECT job_id, saved FROM job_providers").fetchall())
    assert saved == {"job1": 0, "job2": 10}


def test_a_run_whose_job_was_taken_over_asks_nobody() -> None:
    """It slept while another process took the job: nothing is called, nothing paid, nothing ended by it."""
    provider = paid()
    made = make_run(MANY[:3], [provider])
    start_job(made.writer, "job1", "another:9", made.job.created_at)
    with pytest.raises(Stopped):
        run(made)
    assert (provider.calls, get_job(made.reader, "job1").status) == ([], JobStatus.RUNNING)


def test_taken_over_in_the_middle_it_stops_asking(tmp_path: Path) -> None:
    """The cells that are left stay queued for the other process."""

    async def reply(lookup: Lookup) -> str:
        if len(provider.calls) == 3:  # in a thread: the loop may hold the store just now
            await asyncio.to_thread(beside.execute, "UPDATE enrichment_jobs SET owner = 'another:9'")
        return "x.com"

    provider = paid(reply=reply)
    store, beside = connect(tmp_path / "glaze.db"), connect(tmp_path / "glaze.db")
    made = make_run(MANY[:10], [provider], settings=replace(QUICK, concurrency=1), store=store)
    run(made)
    assert len(provider.calls) == 3
    assert [status for status, _, _ in cells(made)] == ["done"] * 3 + ["queued"] * 7
    assert get_job(made.reader, "job1").status is JobStatus.RUNNING


def test_not_found_counts_no_more_when_it_is_asked_anew() -> None:
    """`retry --not-found`: misses from before are asked again, hits are not."""
    provider = paid(reply=lambda lookup: NotFound() if dict(lookup.inputs)["company"] == "b" else "x.com")
    made = make_run([{"Company": "a"}, {"Company": "b"}], [provider])
    run(made)
    again = make_run([{"Company": "a"}, {"Company": "b"}], [provider], store=made.writer, job_id="job2")
    run(replace(again, misses_since=again.now()))
    assert [dict(lookup.inputs)["company"] for lookup in provider.calls] == ["a", "b", "b"]
