"""Answers that come later: submitted once, journalled, fetched, also by a later run."""

from __future__ import annotations

import asyncio

from glaze_cli.engine.runner import Run, run_job
from glaze_cli.errors import LookupFailed, Throttled
from glaze_cli.model import Answer, Field, Found, JobStatus, Lookup, Submitted
from glaze_cli.model.settings import RunSettings
from glaze_cli.store.jobs import Job
from tests.engine.fakes import Fake, SleptTime, make_run
from tests.engine.test_runner import cells, run

ACME = {"Company": "Acme"}
QUICK = RunSettings(wait_min=0, wait_max=1, grace=0)


class Later(Fake):
    """Answers a submitted question after so many `collect`s; an error stands for one of them."""

    def __init__(self, *collects: object) -> None:
        super().__init__("later", Submitted("job 7", 5.0), price=20_000)
        self.handles: list[str] = []
        self._collects = list(collects)

    async def collect(self, lookup: Lookup, handle: str) -> Answer | Submitted:
        self.handles.append(handle)
        said = self._collects.pop(0)
        if isinstance(said, Exception):
            raise said
        return said  # type: ignore[return-value]


HIT = Found({Field("domain"): "acme.com"}, cost=None)


def attempts(made: Run) -> list[tuple[str, str | None]]:
    """(status, handle) of each."""
    return [tuple(row) for row in made.reader.execute("SELECT status, handle FROM attempts ORDER BY id")]


def test_it_is_asked_for_until_it_is_there() -> None:
    """One question, paid once; not ready, throttled, then the answer. The cell's time does not run."""
    provider = Later(Submitted("job 7", 400.0), Throttled("busy", 2.0, "throttled"), HIT)
    made = make_run([ACME], [provider], settings=QUICK, clock=SleptTime())
    job = run(made)
    assert cells(made) == [("done", None, "acme.com")]
    assert (len(provider.calls), provider.handles, job.spent) == (1, ["job 7"] * 3, 20_000)
    assert attempts(made) == [("settled", "job 7")]


def test_a_later_run_goes_on_with_it() -> None:
    """Killed while it waits: the attempt keeps its handle and its reservation, and nothing is paid again."""
    asleep = asyncio.Event()

    async def for_ever(seconds: float) -> None:
        asleep.set()
        await asyncio.Event().wait()

    provider = Later(HIT)
    made = make_run([ACME], [provider], settings=QUICK)
    stopped = Run(**{**vars(made), "sleep": for_ever})

    async def cut() -> None:
        running = asyncio.create_task(run_job(stopped, asyncio.Event()))
        await asleep.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(cut())
    assert attempts(made) == [("open", "job 7")]
    job = run(made)
    assert (job.status, job.spent, job.reserved, job.unknown_calls) == (JobStatus.COMPLETED, 20_000, 0, 0)
    assert len(provider.calls) == 1
    assert cells(made) == [("done", None, "acme.com")]


def test_another_job_with_the_same_question_fetches_it_too() -> None:
    """The question was paid by an earlier job that never came back: its answer serves the new one."""
    provider = Later(HIT)
    first = make_run([ACME], [provider], settings=QUICK)
    first.writer.execute(
        "INSERT INTO attempts (job_id, provider, lookup_key, status, reserved, opened_at, handle) "
        "VALUES ('job1', 'later', ?, 'open', 20000, 'now', 'job 7')",
        (Lookup.about("later", "1", {Field("company"): "Acme"}).key,),
    )
    second = make_run([ACME], [provider], settings=QUICK, store=first.writer, job_id="job2")
    job: Job = run(second)
    assert (job.done_tasks, job.spent, provider.calls) == (1, 0, [])


def test_an_answer_that_never_comes_fails_by_timeout_and_stays_fetchable() -> None:
    """After a quarter of an hour the cell fails in words; the attempt is still open for the next run."""
    provider = Later(*[Submitted("job 7", 100.0)] * 20)
    made = make_run([ACME], [provider], settings=QUICK)
    run(made)
    assert cells(made) == [("failed", "timeout", None)]
    assert attempts(made) == [("open", "job 7")]


def test_a_failed_job_of_the_service_is_closed() -> None:
    """The service says that it failed: so does the cell, and the attempt is over."""
    made = make_run([ACME], [Later(LookupFailed("the job failed"))], settings=QUICK)
    job = run(made)
    assert cells(made) == [("failed", "provider_error", None)]
    assert (attempts(made), job.reserved) == ([("refused", "job 7")], 0)
