"""Answers on their way into the store."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from glaze_cli.engine.flight import Asked
from glaze_cli.engine.fresh import Fresh
from glaze_cli.model import Field, Found, Keep, Micros
from glaze_cli.store.writer import Writer
from tests.engine.fakes import QUICK, Fake, make_run
from tests.engine.test_runner import cells, run
from tests.store.fakes import NOON, store_with_job

ANSWER = Found({Field("domain"): "x.com"})


def test_an_answer_is_known_until_the_store_has_it() -> None:
    """Through the transaction that may hold it, and the one under way when it came; then it is forgotten."""
    connection, job = store_with_job()

    async def go() -> list[Asked | None]:
        writer = Writer(connection, job.id)
        fresh = Fresh(writer)
        fresh.put("key", Asked(ANSWER, calls=1, cost=Micros(5)), NOON)
        seen = [fresh.get("key")]
        for _ in range(2):
            await writer.do(lambda store: None)
            seen.append(fresh.get("key"))
        await writer.close()
        return seen

    known = Asked(ANSWER, cached=True, at=NOON, saved=Micros(5))
    assert asyncio.run(go()) == [known, known, None]


def test_the_next_cell_does_not_ask_again_what_was_answered_just_now() -> None:
    """One cell after another with the same question, kept or not: one call."""
    for keep in (Keep(), Keep(store=False)):
        provider = Fake(reply="x.com", keep=keep)
        rows = [{"Company": "same"}] * 20
        made = make_run(rows, [provider], settings=replace(QUICK, concurrency=1))
        run(made)
        assert len(provider.calls) == 1
        assert [status for status, _, _ in cells(made)] == ["done"] * 20
