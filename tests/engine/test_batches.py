"""Lookups that come together go out together."""

from __future__ import annotations

from collections.abc import Sequence

from glaze_cli.errors import LookupFailed, ProviderUnusable, Throttled
from glaze_cli.model import Answer, Field, Found, JobStatus, Lookup, NotFound
from glaze_cli.model.settings import RunSettings
from tests.engine.fakes import Fake, make_run
from tests.engine.test_runner import cells, run

MANY = [{"Company": f"c{number}"} for number in range(40)]
WIDE = RunSettings(concurrency=20, wait_min=0, wait_max=0, grace=5)


class Bulk(Fake):
    """Takes ten lookups a call; notes how many each call had."""

    def __init__(self, fails: Sequence[Exception] = (), **more: object) -> None:
        super().__init__("bulk", **more)  # type: ignore[arg-type]
        self.sizes: list[int] = []
        self._fails = list(fails)

    def batch_of(self, lookup: Lookup) -> int:
        return 10

    async def look_up(self, lookup: Lookup) -> Answer:
        (answer,) = await self.look_up_many([lookup])
        if isinstance(answer, LookupFailed):
            raise answer
        return answer

    async def look_up_many(self, lookups: Sequence[Lookup]) -> Sequence[Answer | LookupFailed]:
        self.sizes.append(len(lookups))
        if self._fails:
            raise self._fails.pop(0)
        return [_answer(lookup["company"]) for lookup in lookups]


def _answer(company: str) -> Answer | LookupFailed:
    match company:
        case "c3":
            return NotFound("nobody")
        case "c4":
            return LookupFailed("bad one", "bad_input")
    return Found({Field("domain"): f"{company}.com"})


def test_twenty_cells_at_once_are_two_calls() -> None:
    """40 lookups in batches of ten; each gets its own answer, miss or failure, and its own bill."""
    provider = Bulk(price=10_000)
    made = make_run(MANY, [provider], settings=WIDE)
    job = run(made)
    assert sum(provider.sizes) == 40 and max(provider.sizes) == 10 and len(provider.sizes) <= 8
    outcomes = cells(made)
    assert outcomes[0] == ("done", None, "c0.com") and outcomes[39] == ("done", None, "c39.com")
    assert outcomes[3] == ("not_found", None, None) and outcomes[4] == ("failed", "bad_input", None)
    assert (job.spent, job.reserved) == (39 * 10_000, 0)
    assert made.reader.execute("SELECT count(*) FROM attempts").fetchone()[0] == 40


def test_a_throttled_batch_is_sent_again_whole() -> None:
    """It was one call: all of it is repeated."""
    provider = Bulk([Throttled("busy", 0.1, "throttled")])
    made = make_run(MANY[:10], [provider], settings=WIDE)
    assert run(made).failed_tasks == 1  # c4, by its own answer
    assert provider.sizes == [10, 10]


def test_a_refused_batch_drops_the_provider() -> None:
    """A bad key is the key of all."""
    provider = Bulk([ProviderUnusable("set BULK_KEY")])
    made = make_run(MANY[:10], [provider], settings=WIDE)
    assert run(made).status is JobStatus.FAILED
    assert provider.sizes == [10]


def test_the_cap_lets_a_part_of_a_batch_go() -> None:
    """Three of ten are affordable: three are sent, the rest stays queued."""
    provider = Bulk(price=10_000)
    made = make_run(MANY[10:20], [provider], settings=WIDE, cap=30_000)
    job = run(made)
    assert (job.status, job.spent, job.done_tasks) == (JobStatus.PAUSED, 30_000, 3)
    assert provider.sizes == [3]
