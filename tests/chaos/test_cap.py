"""A spending cap holds by the service's own count, at any concurrency, whatever is killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.killing import Killing, Spec
from tests.chaos.scene import KILLS, Ledger, enrich, filled, paid_service, sheet_of
from tests.chaos.server import Shop, taking
from tests.cli.program import Program

CELLS = 400
ANSWER_S = (0.2, 0.5)
SEEDS = range(1, 1 + max(1, KILLS // 40))


def killed_job(glaze: Program, killing: Killing, first: list[str], again: list[str], seed: int) -> str:
    """50 at once, killed among the answers, resumed until a run has ended by itself: at the cap. The job."""
    came = killing(Spec(str(glaze.folder), first, again, 2, seed, span_s=0.02, answers=20, early=0.0))
    assert (came.code, came.kills > 0) == (4, True)
    return came.job


def check(glaze: Program, shop: Shop, job: str, path: Path, most: int) -> None:
    """The job is paused, the service was asked no more often than paid for, and what it said is written."""
    document, ledger = glaze("status", job, "--json").json, Ledger(glaze.store)
    assert document["status"] == "paused"
    assert len(shop.calls) <= most
    assert max(shop.counted.values()) == 1
    assert len(ledger.attempts) == most  # all that the cap allows was used, lost calls included
    assert (document["cost"]["spent"], document["cost"]["reserved"]) == (pytest.approx(most / 100), 0)
    unknown, settled = ledger.having("unknown"), ledger.having("settled")
    assert unknown, "the kills came too late to prove anything"
    assert settled, "the kills came too early to prove anything"
    assert document["cost"]["unknownCalls"] == len(unknown) == ledger.words["unknown_outcome"]
    assert len(filled(path)) == document["doneTasks"] == len(settled)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_jobs_cap_holds_through_kills(glaze: Program, killing: Killing, seed: int) -> None:
    """$0.50 at $0.01 a call: never more than 50 calls; with --max-cost 1.00 it goes on, to 100 in all."""
    with Shop(taking(*ANSWER_S, seed)) as shop:
        paid_service(glaze.folder, shop.url)
        path = sheet_of(glaze.folder, CELLS)
        first = enrich(path, "--concurrency", 50, "--max-cost", "0.50")
        job = killed_job(glaze, killing, first, ["resume", "JOB", "--plain"], seed)
        check(glaze, shop, job, path, 50)
        higher = ["resume", "JOB", "--max-cost", "1.00", "--plain"]
        killed_job(glaze, killing, higher, higher, seed)
        check(glaze, shop, job, path, 100)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_cap_of_a_provider_holds_through_kills(glaze: Program, killing: Killing, seed: int) -> None:
    """[providers.acme] max_cost = 0.30, no cap of the job: never more than 30 calls; raised, it goes on."""
    cap, again = "[providers.acme]\nmax_cost = {}\n", ["resume", "JOB", "--plain"]
    with Shop(taking(*ANSWER_S, seed)) as shop:
        paid_service(glaze.folder, shop.url, settings=cap.format(0.30))
        path = sheet_of(glaze.folder, CELLS)
        job = killed_job(glaze, killing, enrich(path, "--concurrency", 50), again, seed)
        check(glaze, shop, job, path, 30)
        paid_service(glaze.folder, shop.url, settings=cap.format(0.60))
        killed_job(glaze, killing, again, again, seed)
        check(glaze, shop, job, path, 60)
