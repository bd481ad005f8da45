"""Free calls: in the ledger and in the cache together, once they were answered."""

from __future__ import annotations

from glaze_cli.model import Field, Found, Lookup, NotFound, Tier
from glaze_cli.store.answers import get_answer
from glaze_cli.store.free_calls import FreeCall, record_free_calls
from tests.store.fakes import ASKED, NOON, store_with_job

LATER = "2026-11-23T12:00:00.250Z"
OTHER = Lookup.about("gleif", "1", {Field("company"): "nobody"})


def test_calls_and_answers_are_written_together() -> None:
    """Found and not found, each with its cell, its times and no bill."""
    connection, job = store_with_job()
    hit = FreeCall(Tier.FREE, ASKED, Found({Field("email"): "a@b.com"}, 0.8), True, NOON, LATER, 1)
    miss = FreeCall(Tier.FREE, OTHER, NotFound("nothing"), True, NOON, LATER, 2)
    record_free_calls(connection, job.id, [hit, miss])
    rows = connection.execute(
        "SELECT provider, tier, status, outcome, reserved, billed, opened_at, closed_at, task_id, lookup_key "
        "FROM attempts ORDER BY id"
    ).fetchall()
    assert [tuple(row) for row in rows] == [
        ("hunter", "free", "settled", "hit", 0, 0, NOON, LATER, 1, ASKED.key),
        ("gleif", "free", "settled", "miss", 0, 0, NOON, LATER, 2, OTHER.key),
    ]
    kept = get_answer(connection, ASKED)
    assert kept is not None and kept.answer == hit.answer and kept.at == LATER and kept.cost == 0
    assert getattr(get_answer(connection, OTHER), "answer", None) == miss.answer


def test_an_answer_that_must_not_be_kept_is_not() -> None:
    """The call is in the ledger all the same."""
    connection, job = store_with_job()
    record_free_calls(connection, job.id, [FreeCall(Tier.FREE, ASKED, NotFound(), False, NOON, LATER, None)])
    assert get_answer(connection, ASKED) is None
    assert connection.execute("SELECT count(*) FROM attempts").fetchone()[0] == 1
