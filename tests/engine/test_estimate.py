"""What a run would ask and cost: compared with what it does ask and cost."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.engine.estimate import Estimate, Estimator
from glaze_cli.engine.runner import Run, run_job
from glaze_cli.model import Lookup, NotFound, Tier
from glaze_cli.store.clock import utc_now
from glaze_cli.store.connect import connect
from glaze_cli.store.history import Record, records
from glaze_cli.store.tasks import queued_rows
from tests.engine.fakes import Fake, make_run

ROWS = [{"Company": "acme"}, {"Company": " acme "}, {"Company": "bolt"}, {}]


def estimate(run: Run, seen: Mapping[str, Record] | None = None) -> Estimate:
    """Of a run that is about to begin."""
    known = records(run.reader) if seen is None else seen
    estimator = Estimator(run.columns, run.fields, run.settings.attempts, known, run.reader, utc_now())
    return estimator.run(queued_rows(run.reader, run.job.id))


def money(found: Estimate) -> tuple[int, int, int]:
    """(minimum, expected, maximum)."""
    return found.minimum, found.expected, found.maximum


def paid(name: str, price: int, reply: object = "x.com", **more: object) -> Fake:
    """A provider that costs something."""
    return Fake(name, reply, price=price, tier=Tier.CHEAP, **more)  # type: ignore[arg-type]


def test_equal_questions_are_counted_once() -> None:
    """Four rows, two companies: two lookups."""
    found = estimate(make_run(ROWS, [paid("a", 10)]))
    assert [(one.provider, one.lookups) for one in found.providers] == [("a", 2)]
    assert (found.cells, money(found)) == (4, (20, 20, 20))


def test_the_waterfall_is_walked_to_its_end_for_the_maximum() -> None:
    """At least: the first has an answer. At most: nobody has. Likely: as often as not, without a past."""
    found = estimate(make_run(ROWS, [Fake("free"), paid("a", 10), paid("b", 100)]))
    by_name = {one.provider: money_of(one) for one in found.providers}
    assert by_name == {"free": (0, 0, 0), "a": (0, 10, 20), "b": (0, 50, 200)}


def money_of(one: object) -> tuple[int, int, int]:
    """(minimum, expected, maximum) of a provider."""
    return one.minimum, one.expected, one.maximum  # type: ignore[attr-defined]


def test_what_this_store_has_seen_counts() -> None:
    """A provider that had three answers in four, and cost half its price on average."""
    seen = {"a": Record(hits=749, misses=249, calls=1000, spent=5_000)}
    found = estimate(make_run(ROWS, [paid("a", 10), paid("b", 100)]), seen)
    by_name = {one.provider: money_of(one) for one in found.providers}
    assert by_name == {"a": (10, 10, 20), "b": (0, 50, 200)}


def test_remembered_answers_cost_nothing() -> None:
    """A run after the run: all cells from the cache, and nobody is asked."""
    store = connect(":memory:")
    asyncio.run(run_job(make_run(ROWS, [paid("a", 10)], store=store), asyncio.Event()))
    again = make_run(ROWS, [paid("a", 10)], store=store, job_id="job2")
    found = estimate(again)
    assert (found.remembered, found.maximum, found.providers) == (3, 0, ())


def test_who_said_no_before_is_not_asked_again() -> None:
    """A remembered miss leaves the next provider's price."""
    store = connect(":memory:")
    asyncio.run(run_job(make_run(ROWS, [paid("a", 10, NotFound())], store=store), asyncio.Event()))
    found = estimate(make_run(ROWS, [paid("a", 10), paid("b", 100)], store=store, job_id="job2"))
    assert [(one.provider, one.maximum) for one in found.providers] == [("b", 200)]


def test_what_is_only_found_in_the_run_may_be_asked() -> None:
    """E-mail needs a domain that is filled in the same run: it may be asked once a row, or not at all."""
    emails = paid("mail", 100, needs=("domain",), gives=("email",))
    columns = {"headers": ("Company", "Domain", "Email"), "fill": ("Domain", "Email")}
    found = estimate(make_run(ROWS, [paid("a", 10), emails], **columns))  # type: ignore[arg-type]
    by_name = {one.provider: money_of(one) for one in found.providers}
    assert (by_name["mail"][0], by_name["mail"][2]) == (0, 400)


def test_what_two_columns_will_ask_together_counts_once() -> None:
    """One provider fills both from a domain that is only found in the run: one question a row."""
    both = paid("a", 10, needs=("domain",), gives=("email", "phone"))
    columns = {"headers": ("Company", "Domain", "Email", "Phone"), "fill": ("Domain", "Email", "Phone")}
    found = estimate(make_run(ROWS, [Fake("free"), both], **columns))  # type: ignore[arg-type]
    assert {one.provider: one.lookups for one in found.providers}["a"] == 4


def test_what_fails_and_is_billed_may_be_billed_each_time() -> None:
    """A service that bills errors costs at most its price for each attempt."""
    provider = paid("a", 10)
    provider.bills_errors = True
    found = estimate(make_run(ROWS, [provider]))
    assert money(found) == (20, 20, 2 * 3 * 10)  # one call each is what is likely


CELL = st.fixed_dictionaries(
    {},
    optional={name: st.sampled_from(["", "x", "y", "z"]) for name in ("Company", "Domain", "Email")},
)


@settings(max_examples=60)
@given(
    rows=st.lists(CELL, min_size=1, max_size=6),
    answers=st.lists(st.sampled_from(["v", "w", None]), min_size=1, max_size=7),
    fill=st.sampled_from([("Domain",), ("Domain", "Email"), ("Email",), ("Email", "Phone", "Domain")]),
    prices=st.lists(st.integers(0, 9), min_size=3, max_size=3),
)
def test_no_run_costs_more_than_its_maximum(
    rows: Sequence[Mapping[str, str]], answers: Sequence[str | None], fill: tuple[str, ...], prices: list[int]
) -> None:
    """Whatever the rows hold and whoever answers what."""
    turn = iter(range(10**6))

    def reply(lookup: Lookup) -> str | None:
        return answers[next(turn) % len(answers)]

    providers = [
        paid("a", prices[0], reply, needs=("company",), gives=("domain",)),
        paid("b", prices[1], reply, needs=("domain",), gives=("email", "phone")),
        paid("c", prices[2], reply, needs=("*",), gives=("domain", "email")),
        paid("d", prices[2], reply, needs=("email",), gives=("domain", "phone")),
    ]
    headers = ("Company", "Domain", "Email", "Phone")
    rows = [{name: text for name, text in row.items() if text and name not in fill} for row in rows]
    run = make_run(rows, providers, headers=headers, fill=fill)
    run = replace(run, settings=replace(run.settings, concurrency=3))
    found = estimate(run)
    job = asyncio.run(run_job(run, asyncio.Event()))
    assert job.spent <= found.maximum
    assert found.minimum <= found.expected <= found.maximum
    calls = sum(len(provider.calls) for provider in providers)
    assert calls <= sum(one.lookups for one in found.providers)


@pytest.mark.parametrize("rows", [[], [{"Company": "acme"}] * 3])
def test_nothing_is_left_behind(rows: list[dict[str, str]]) -> None:
    """An estimate writes nothing into the store."""
    run = make_run(rows or [{}], [paid("a", 10)])
    before = list(run.reader.iterdump())
    estimate(run)
    assert list(run.reader.iterdump()) == before
