"""What is counted of a job's cells."""

from __future__ import annotations

from typing import Any

import pytest

from glaze_cli.model import TaskStatus, column_letters
from glaze_cli.ui.pages.facts import LONG, MOST_NAMES, count, filled
from tests.ui.pages.jobs import HOSTILE, facts, finished, record, step

HIT = step("gleif", "free", "hit")


def cell(**more: Any) -> dict[str, Any]:
    """A done cell as the store gives it."""
    return {"cell": "B2", "column": "Email", "status": "done", "record": record("x", 0.9, HIT)} | more


def test_a_job_is_counted_once_through() -> None:
    """Statuses, columns, tiers, providers, confidence, failures and lines agree with the cells."""
    miss, failed = step("gleif", "free", "miss"), step("hunter", "cheap", "failed")
    connection, job = finished(
        [
            (TaskStatus.DONE, None, None, record("a", 0.95, HIT)),
            (TaskStatus.FAILED, "timeout", "took longer than 5 s", record(None, None, miss, failed)),
            (TaskStatus.DONE, None, None, record("b", 1.0, miss, step("hunter", "cheap", "hit", cost=0.01))),
            (TaskStatus.NOT_FOUND, None, "none", record(None, None, miss)),
            (TaskStatus.SKIPPED, "condition", "Country does not hold", record(None, None)),
        ]
    )
    found = facts(connection, job)
    assert found.cells == 6
    assert found.counts == {"done": 2, "failed": 1, "not_found": 1, "skipped": 1, "queued": 1}
    assert [(name, filled(counts)) for name, counts in found.columns.items()] == [
        ("Email", 2 / 3),
        ("Phone", 0),
    ]
    assert found.tiers() == {"cache": 0, "free": 1, "cheap": 1, "premium": 0}
    assert [(part.name, dict(part.steps)) for part in found.providers] == [
        ("gleif", {"served": 1, "missed": 3}),
        ("hunter", {"failed": 1, "served": 1}),
    ]
    assert found.confidence == [0] * 9 + [2]
    (failure,) = found.failures
    assert (failure.reason, failure.cells, failure.examples) == (
        "timeout",
        1,
        [("C2", "Phone", "took longer than 5 s")],
    )
    assert [trouble.reason for trouble in found.skips] == ["condition"]
    assert found.lines[2] == ("B3", "Email", "done", "b", 1.0, "cheap", "hunter", 0.01, "")


@pytest.mark.parametrize(
    ("outcome", "more", "step_name"),
    [
        ("hit", {}, "served"),
        ("hit", {"from": "cache"}, "remembered"),
        ("hit", {"from": "another cell's call"}, "served"),  # it was asked in this job
        ("too_weak", {}, "weak"),
        ("miss", {}, "missed"),
        ("failed", {}, "failed"),
        ("dropped", {}, "failed"),
        ("opted_out", {}, None),
        ("not_asked", {}, None),
    ],
)
def test_each_outcome_has_its_place(outcome: str, more: dict[str, str], step_name: str | None) -> None:
    """Served, remembered, too weak, missed and failed are different words."""
    parts = count([cell(record=record("x", 0.9, step("gleif", "free", outcome) | more))]).providers
    assert [dict(part.steps) for part in parts] == ([{step_name: 1}] if step_name else [])


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"cell": "B2", "status": "done", "record": None},
        {"record": {"value": 1, "metadata": "no"}},
        {"record": {"confidence": "much", "metadata": {"attempts": "none", "cost": "?"}}},
        {"record": {"confidence": float("nan"), "metadata": {"attempts": [1, {}, {"outcome": "hit"}]}}},
        {"record": {"metadata": {"attempts": [{"outcome": "hit", "provider": "x", "tier": "odd"}]}}},
        {"status": "failed"},
    ],
)
def test_records_of_older_versions_may_lack_anything(odd: dict[str, Any]) -> None:
    """No cell of a store can stop a report."""
    assert len(count([odd]).lines) == 1


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_text_is_inert_and_cut(text: str) -> None:
    """No control character and no change of direction is left, and no text is long."""
    odd = step(text, text, "hit")
    found = count(
        [
            cell(column=text, record=record(text, 0.9, odd), error=text, reason=text, status=status)
            for status in ("done", "failed", text)
        ]
    )
    for line in found.lines:
        for part in line:
            assert not isinstance(part, str) or (part.isprintable() and len(part) <= 2 * LONG + 4)


def test_names_without_end_stay_few() -> None:
    """Columns, sources, reasons and providers are told apart up to a limit."""
    cells = (
        {
            "cell": f"{column_letters(n + 1)}2",
            "column": f"c{n}",
            "status": "failed" if n % 2 else "done",
            "reason": f"r{n}",
            "record": record("x", 0.5, step(f"p{n}", f"t{n}", "hit")),
        }
        for n in range(1_000)
    )
    found = count(cells)
    assert len(found.columns) <= MOST_NAMES + 1
    assert len(found.troubles) <= MOST_NAMES + 1
    assert len(found.parts) <= MOST_NAMES >= len(found.sources)
    assert sum(counts.total() for counts in found.columns.values()) == 1_000


def test_columns_of_one_name_are_told_apart() -> None:
    """Two headers that are the same, or as long as they are shown, stay two columns."""
    cells = [cell(), cell(cell="C2"), cell(cell="D2", column="y" * 600), cell(cell="E2", column="y" * 601)]
    assert list(count([*cells, *cells]).columns) == ["Email", "Email (C)", "y" * 80 + "…", "y" * 80 + "… (E)"]


def test_the_table_has_an_end() -> None:
    """All cells are counted; the first so many are kept."""
    found = count((cell() for _ in range(30)), most=20)
    assert (found.cells, len(found.lines)) == (30, 20)


def test_examples_with_the_same_words_are_told_together() -> None:
    """The sentence once, with the cells that it is about."""
    failed = record(None, None, step("hunter", "cheap", "failed"))
    cells = [(TaskStatus.FAILED, "timeout", words, failed) for words in ("slow", "slower", "slow")]
    (trouble,) = facts(*finished(cells)).failures
    assert trouble.told == {"slow": [("B2", "Email"), ("B3", "Email")], "slower": [("C2", "Phone")]}
