"""kill -9 at random moments of a paid job: nothing is asked twice in silence, every cell has its end."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from sqlite3 import Row

import pytest

from tests.chaos.killing import Came, Killing, Spec
from tests.chaos.scene import KILLS, PRICE, Ledger, enrich, filled, names, paid_service, sheet_of
from tests.chaos.server import Shop, taking
from tests.cli.program import Program

CELLS = 500
SEED = 20261125
ANSWER_S = (0.02, 0.06)


def missing(company: str) -> bool:
    """Every ninth company is unknown to the service."""
    return int(company.removeprefix("firm")) % 9 == 0


def killed_job(
    glaze: Program, killing: Killing, shop: Shop, at_once: int, lost: int, *again: str
) -> tuple[Came, Path]:
    """500 cells at $0.01, killed `KILLS` times, resumed until it has ended; and its sheet."""
    paid_service(glaze.folder, shop.url)
    path = sheet_of(glaze.folder, CELLS)
    spec = Spec(
        folder=str(glaze.folder),
        first=enrich(path, "--concurrency", at_once),
        again=["resume", "JOB", "--plain", *again],
        kills=KILLS,
        seed=SEED + KILLS,
        span_s=0.5,
        pace=at_once / (sum(ANSWER_S) / 2),
        lost=lost,
    )
    return killing(spec), path


def test_without_leave_nothing_is_asked_twice(glaze: Program, killing: Killing) -> None:
    """Every cell has its final word, no company is in the service's log twice, unknown calls are counted."""
    at_once = max(1, min(10, 400 // max(1, KILLS)))  # a kill costs the cells in flight, and there are 500
    with Shop(taking(*ANSWER_S, SEED, missing)) as shop:
        came, path = killed_job(glaze, killing, shop, at_once, at_once)
    cost, ledger, log = glaze("status", came.job, "--json").json["cost"], Ledger(glaze.store), shop.counted
    assert came.kills == KILLS, "the job ended before its last kill"
    assert came.code == (3 if cost["unknownCalls"] else 0)
    assert [company for company, calls in log.items() if calls > 1] == []
    for company in names(CELLS):
        answer = "not_found" if missing(company) else "done"
        allowed = {answer, "unknown_outcome"} if log[company] else {"unknown_outcome"}
        assert ledger.word_of[company] in allowed, company
    assert filled(path) == {company for company, word in ledger.word_of.items() if word == "done"}
    assert cost["unknownCalls"] == ledger.words["unknown_outcome"] == len(ledger.having("unknown"))
    assert {attempt["id"] for attempt in ledger.having("unknown")} == came.in_flight
    assert cost["repeatedCalls"] == len(ledger.repeats()) == 0
    assert in_micros(cost["unknown"]) == PRICE * cost["unknownCalls"]
    assert in_micros(cost["spent"]) <= PRICE * (len(shop.calls) + cost["unknownCalls"])
    assert in_micros(cost["spent"]) == PRICE * len(ledger.attempts)
    assert in_micros(cost["reserved"]) == 0


def test_with_leave_what_is_asked_twice_is_counted(glaze: Program, killing: Killing) -> None:
    """--retry-unknown: every cell is answered; each second call is one that glaze reported as repeated."""
    at_once = max(1, min(10, 1_000 // max(1, KILLS)))  # so that there is something left to kill
    with Shop(taking(*ANSWER_S, SEED, missing)) as shop:
        came, path = killed_job(glaze, killing, shop, at_once, 0, "--retry-unknown")
    cost, ledger, log = glaze("status", came.job, "--json").json["cost"], Ledger(glaze.store), shop.counted
    assert (came.code, came.kills) == (0, KILLS)
    asked = ledger.by_company()
    for company in names(CELLS):
        assert ledger.word_of[company] == ("not_found" if missing(company) else "done")
        *unknown, settled = asked[company]
        assert settled["status"] == "settled"
        assert {attempt["status"] for attempt in unknown} <= {"unknown"}
        assert 1 <= log[company] <= 1 + len(unknown)
    assert filled(path) == {company for company in names(CELLS) if not missing(company)}
    never_sent = [attempt for attempt, calls in calls_of(ledger, shop) if not calls]
    assert {attempt["status"] for attempt in never_sent} <= {"unknown"}
    second = len(shop.calls) - CELLS
    assert {attempt["id"] for attempt in ledger.having("unknown")} == came.in_flight
    assert cost["unknownCalls"] == len(came.in_flight)
    assert cost["repeatedCalls"] == len(ledger.repeats()) == second + len(never_sent)
    assert second <= len(came.in_flight)
    assert in_micros(cost["spent"]) == PRICE * len(ledger.attempts)
    assert in_micros(cost["reserved"]) == 0


@pytest.mark.parametrize("seed", range(max(1, KILLS // 20)))
def test_a_short_job_is_killed_anywhere(glaze: Program, killing: Killing, seed: int) -> None:
    """From the first line read to the last byte written: the sheet has what the store has, no repeats."""
    with Shop(taking(0.0, 0.04, seed)) as shop:
        paid_service(glaze.folder, shop.url)
        path = sheet_of(glaze.folder, 20)
        first, again = enrich(path, "--concurrency", 4), ["resume", "JOB", "--plain"]
        came = killing(Spec(str(glaze.folder), first, again, 5, seed, span_s=0.0, early=1.0))
    ledger = Ledger(glaze.store)
    assert set(ledger.words) <= {"done", "unknown_outcome"}
    assert came.code in (0, 3)
    assert filled(path) == {company for company, word in ledger.word_of.items() if word == "done"}
    assert max(shop.counted.values()) == 1
    assert {attempt["id"] for attempt in ledger.having("unknown")} == came.in_flight


def calls_of(ledger: Ledger, shop: Shop) -> list[tuple[Row, int]]:
    """Each attempt, with how many calls arrived of it: never more than one, and never one of no attempt."""
    arrived: dict[int, int] = {}
    asked = ledger.by_company()
    for call in shop.calls:
        before = [
            attempt["id"] for attempt in asked[call.company] if seconds(attempt["opened_at"]) <= call.at
        ]
        assert before, f"{call.company} was asked before that was recorded"
        arrived[before[-1]] = arrived.get(before[-1], 0) + 1
    assert set(arrived.values()) == {1}
    assert {attempt["id"] for attempt in ledger.having("settled")} <= set(arrived)
    return [(attempt, arrived.get(attempt["id"], 0)) for attempt in ledger.attempts]


def seconds(at: str) -> float:
    """Since 1970, of a time in the store."""
    return datetime.fromisoformat(at).timestamp()


def in_micros(dollars: float) -> int:
    """An amount of the job's document."""
    return round(dollars * 1_000_000)
