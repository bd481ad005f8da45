"""The one door for a call: limits, pauses, the circuit breaker, and who is dropped."""

from __future__ import annotations

import asyncio
import dataclasses
import time

import pytest

from glaze_cli.engine.runner import run_job
from glaze_cli.errors import LookupFailed, ProviderUnusable, Throttled
from glaze_cli.model import FailReason, Found, JobStatus, Limits, Lookup, Micros, Tier, Window
from glaze_cli.model.pace import Pace
from glaze_cli.model.settings import RunSettings
from glaze_cli.store.pace import get_pace, put_pace
from tests.engine.fakes import QUICK, Fake, SleptTime, make_run
from tests.engine.test_runner import cells, run

MANY = [{"Company": f"c{number}"} for number in range(40)]
WIDE = RunSettings(concurrency=20, wait_min=0, wait_max=0, grace=5)


class Watched(Fake):
    """Notes the moments of its calls and how many there were at once."""

    def __init__(self, clock: SleptTime, **more: object) -> None:
        super().__init__("fake", "x.com", **more)  # type: ignore[arg-type]
        self.moments: list[float] = []
        self.most = self._now = 0
        self._clock = clock

    async def look_up(self, lookup):  # type: ignore[no-untyped-def]
        self.moments.append(self._clock.now())
        self._now += 1
        self.most = max(self.most, self._now)
        await asyncio.sleep(0.002)
        self._now -= 1
        return await super().look_up(lookup)


def test_no_more_calls_at_once_than_the_provider_allows() -> None:
    """Twenty cells at once, three calls at once."""
    provider = Watched(SleptTime(), limits=Limits(concurrency=3))
    made = make_run(MANY, [provider], settings=WIDE)
    assert run(made).done_tasks == 40
    assert provider.most == 3
    assert made.reader.execute("SELECT count(*) FROM provider_places").fetchone()[0] == 0


def test_waiting_for_a_window_fails_no_cell() -> None:
    """Five a minute: 40 calls take at least seven minutes; all are done, though a cell has only two."""
    clock = SleptTime()
    began = clock.now()
    provider = Fake(reply="x.com", limits=Limits((Window(5, 60.0),), 100))
    job = run(make_run(MANY, [provider], settings=WIDE, clock=clock))
    assert (job.done_tasks, job.failed_tasks) == (40, 0)
    assert clock.now() - began >= 7 * 60


def test_a_used_up_daily_limit_fails_the_cells_at_once() -> None:
    """Nobody waits until tomorrow: the reason is said, and nothing is called."""
    provider = Fake(reply="x.com", limits=Limits((Window(2, 86_400.0),), 1))
    made = make_run(MANY[:5], [provider])
    run(made)
    assert [(status, reason) for status, reason, _ in cells(made)] == [("done", None)] * 2 + [
        ("failed", "throttled")
    ] * 3
    assert len(provider.calls) == 2
    error = made.reader.execute("SELECT error FROM cell_enrichment_tasks WHERE id = 5").fetchone()[0]
    assert error.startswith("fake is not asked for another 86,4") and "limit is used up" in error


def test_told_to_wait_all_lookups_wait() -> None:
    """A service that is busy is left alone by every cell, and by other jobs, not only by the one it told."""
    clock = SleptTime()
    replies = iter([Throttled("busy", 7.0, "throttled")])
    provider = Watched(clock)
    provider._reply = lambda lookup: next(replies, "x.com")
    made = make_run(MANY[:6], [provider], settings=RunSettings(concurrency=1, wait_min=0), clock=clock)
    assert run(made).done_tasks == 6
    first, *others = provider.moments
    assert min(others) - first >= 7
    assert get_pace(made.reader, "fake", clock.now()).interval > 0  # and it is asked more slowly for a while


def test_a_dead_host_is_paused_and_not_hammered() -> None:
    """Refused connections: a handful of calls, one trial, and the rest of the cells is told at once."""
    clock = SleptTime()
    provider = Fake(reply=Throttled("cannot be reached", reason="unreachable"))
    made = make_run([{"Company": f"c{n}"} for n in range(500)], [provider], settings=QUICK, clock=clock)
    job = run(made)
    assert job.status is JobStatus.FAILED
    assert len(provider.calls) <= 5 + QUICK.concurrency
    assert {reason for _, reason, _ in cells(made)} == {"unreachable"}


def test_a_host_that_comes_back_is_asked_again() -> None:
    """Five failures, a pause, a trial that succeeds: the other cells are done."""
    replies = iter([LookupFailed("cut", "unknown_outcome")] * 5)
    provider = Fake(reply=lambda lookup: next(replies, "x.com"))
    clock = SleptTime()
    made = make_run(MANY, [provider], settings=RunSettings(concurrency=1), clock=clock)
    job = run(made)
    assert (job.done_tasks, job.failed_tasks) == (35, 5)
    assert get_pace(made.reader, "fake", clock.now()) == Pace()


def test_a_long_wait_is_not_waited_for() -> None:
    """A service that says "tomorrow" fails the cell with its words; the next job does not ask it either."""
    provider = Fake(reply=Throttled("come back later", 50_000.0, "throttled"))
    made = make_run(MANY[:3], [provider], settings=RunSettings(concurrency=1))
    run(made)
    assert {reason for _, reason, _ in cells(made)} == {"throttled"}
    assert len(provider.calls) == 1
    again = make_run(MANY[3:6], [provider], store=made.writer, job_id="job2")
    run(again)
    assert len(provider.calls) == 1


def test_after_a_refused_key_not_even_those_that_wait_are_sent() -> None:
    """One place: of ten cells at once only the first asks; the others hear why."""
    provider = Fake(reply=ProviderUnusable("set FAKE_KEY"), limits=Limits(concurrency=1))
    made = make_run(MANY, [provider])
    run(made)
    assert len(provider.calls) == 1
    assert {reason for _, reason, _ in cells(made)} == {"auth"}


@pytest.mark.parametrize("cap", [0, 25_000])
def test_a_call_over_the_cap_leaves_its_place(cap: int) -> None:
    """Refused by the cap: no place is held, and the rest is queued."""
    provider = Fake(reply="x.com", price=10_000, limits=Limits(concurrency=1))
    made = make_run(MANY, [provider], cap=cap)
    assert run(made).status is JobStatus.PAUSED
    assert len(provider.calls) == cap // 10_000
    assert made.reader.execute("SELECT count(*) FROM provider_places").fetchone()[0] == 0


def test_a_provider_that_is_taken_for_broken_is_not_asked_by_a_new_job() -> None:
    """The state is the store's: another job hears at once what this one found out."""
    clock = SleptTime()
    made = make_run(MANY[:2], [provider := Fake(reply="x.com")], clock=clock)
    put_pace(made.writer, "fake", Pace(clock.now() + 20, 0.0, 6, 2))
    run(made)
    assert provider.calls == []
    assert {reason for _, reason, _ in cells(made)} == {"unreachable"}


def test_a_stop_does_not_wait_for_those_that_wait() -> None:
    """One call a minute: stopped, the calls that wait for their turn are not made, and nothing is unknown."""
    stop = asyncio.Event()
    provider = Fake(reply=lambda lookup: stop.set() or "x.com", limits=Limits((Window(1, 60.0),), 10))
    made = make_run(MANY, [provider], settings=RunSettings(concurrency=10, grace=30))
    real = dataclasses.replace(made, epoch=time.time, sleep=asyncio.sleep)
    began = time.monotonic()
    job = asyncio.run(run_job(real, stop))
    assert time.monotonic() - began < 5
    assert (job.status, job.done_tasks, job.unknown_calls) == (JobStatus.INTERRUPTED, 1, 0)
    assert [status for status, _, _ in cells(made)].count("queued") == 39


def test_a_price_that_breaks_is_the_providers_defect_alone() -> None:
    """It fails its own cells; the run goes on, and the next provider fills them."""

    class Broken(Fake):
        def price(self, lookup: Lookup) -> Micros:
            raise ZeroDivisionError("no such price")

    broken = Broken("broken", "never.com")
    made = make_run(MANY, [broken, Fake("sound", "x.com", price=10_000, tier=Tier.CHEAP)])
    job = run(made)
    assert (job.status, job.done_tasks, job.spent) == (JobStatus.COMPLETED, 40, 400_000)
    assert broken.calls == []
    alone = make_run(MANY[:3], [broken], store=made.writer, job_id="alone")
    run(alone)
    failed = made.reader.execute("SELECT reason, error FROM cell_enrichment_tasks WHERE job_id = 'alone'")
    assert {tuple(row) for row in failed} == {("defect", "broken broke: ZeroDivisionError: no such price")}


def free_ledger(*replies: object) -> list[tuple[object, ...]]:
    """What the ledger says of free calls, one after another, that came to this."""
    answers = iter(replies)
    provider = Fake(reply=lambda lookup: next(answers))
    rows = [{"Company": f"c{number}"} for number in range(len(replies))]
    made = make_run(rows, [provider], settings=RunSettings(concurrency=1, attempts=1))
    run(made)
    found = made.reader.execute("SELECT status, outcome, reserved, billed, detail FROM attempts ORDER BY id")
    return [tuple(row) for row in found]


def test_free_calls_are_in_the_ledger_whatever_they_come_to() -> None:
    """Found, not found, failed and lost, the first one with a permit of its own and the others without."""
    lost, failed = LookupFailed("cut", "unknown_outcome"), LookupFailed("no such page", "provider_error")
    assert free_ledger("x.com", "y.com", None, failed, "z.com", lost, "a.com") == [
        ("settled", "hit", 0, 0, None),
        ("settled", "hit", 0, 0, None),
        ("settled", "miss", 0, 0, None),
        ("refused", "provider_error", 0, 0, "no such page"),
        ("settled", "hit", 0, 0, None),
        ("unknown", "unknown_outcome", 0, None, "cut"),
        ("settled", "hit", 0, 0, None),
    ]


def test_a_free_answer_that_was_billed_after_all_is_in_the_ledger_with_its_bill() -> None:
    """A bill over the price is recorded whole, and counts as spent."""
    provider = Fake(reply=lambda lookup: Found({"domain": "x.com"}, cost=Micros(7)))  # type: ignore[dict-item]
    made = make_run(MANY[:3], [provider], settings=RunSettings(concurrency=1))
    assert run(made).spent == 21
    assert [row[0] for row in made.reader.execute("SELECT billed FROM attempts")] == [7, 7, 7]


def test_a_free_call_under_way_is_not_in_the_ledger_and_its_loss_costs_nothing() -> None:
    """Nothing has to be written before it is sent: a crash there leaves no trace, and is asked again."""
    found: list[object] = []

    def look(lookup: Lookup) -> str:
        found.append(
            made.reader.execute("SELECT id FROM attempts WHERE lookup_key = ?", (lookup.key,)).fetchone()
        )
        return "x.com"

    made = make_run(MANY[:10], [Fake(reply=look)], settings=RunSettings(concurrency=1))
    run(made)
    assert found[1:] == [None] * 9
    assert made.reader.execute("SELECT count(*) FROM attempts").fetchone()[0] == 10


def test_another_process_that_took_the_job_over_is_noticed_by_free_calls() -> None:
    """Within a moment no more of them are made: those that went out meanwhile cost nothing."""
    clock = SleptTime()
    provider = Fake()

    def look(lookup: Lookup) -> str:
        if len(provider.calls) == 3:
            made.writer.execute("UPDATE enrichment_jobs SET owner = 'other'")
            clock._now += 5  # we slept meanwhile
        return "x.com"

    provider._reply = look
    made = make_run(MANY, [provider], settings=RunSettings(concurrency=1), clock=clock)
    run(made)
    assert len(provider.calls) == 3


def test_a_provider_that_cannot_say_whether_it_may_be_asked_again_is_not() -> None:
    """Its defect breaks no run: its cells are filled, and a lost reply is not asked for once more."""

    class Broken(Fake):
        def repeatable(self, lookup: Lookup) -> bool:
            raise ZeroDivisionError

    lost = LookupFailed("the reply was lost", FailReason.UNKNOWN_OUTCOME)
    replies = {"a": "x.com", "b": lost}
    broken = Broken("broken", lambda lookup: replies[lookup["company"]], price=10, tier=Tier.CHEAP)
    made = make_run([{"Company": "a"}, {"Company": "b"}], [broken])
    job = run(made)
    assert (job.done_tasks, job.failed_tasks, len(broken.calls)) == (1, 1, 2)
