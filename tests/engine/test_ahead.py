"""What is remembered is looked up for many rows together, and nothing that came meanwhile is missed."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from glaze_cli.model import Keep
from tests.engine.fakes import QUICK, Fake, make_run
from tests.engine.test_runner import cells, run

ONE_BY_ONE = replace(QUICK, concurrency=1)


def test_remembered_answers_of_many_rows_take_one_look() -> None:
    """250 cells whose answers an earlier job got: three questions to the store, not 250, and no call."""
    rows = [{"Company": f"c{number}"} for number in range(250)]
    first = make_run(rows, [Fake(reply="x.com")])
    run(first)
    provider = Fake(reply="y.com")
    again = make_run(rows, [provider], store=first.reader, job_id="job2", settings=ONE_BY_ONE)
    said: list[str] = []
    again.reader.set_trace_callback(said.append)
    run(again)
    again.reader.set_trace_callback(None)
    assert provider.calls == []
    assert [value for *_, value in cells(again)] == ["x.com"] * 500
    assert sum("JOIN answers" in statement for statement in said) == 3


def test_what_was_answered_since_the_look_is_not_asked_again() -> None:
    """The same question first and last of a stretch, kept or not, with commits between: one call for both."""
    for keep in (Keep(), Keep(store=False)):
        provider = Fake(reply=lambda lookup: slowly("x.com"), keep=keep)
        companies = ["same", *(f"c{number}" for number in range(8)), "same"]
        made = make_run([{"Company": name} for name in companies], [provider], settings=ONE_BY_ONE)
        run(made)
        assert len(provider.calls) == 9
        assert [status for status, _, _ in cells(made)] == ["done"] * 10


def test_an_answer_on_its_way_into_the_store_is_no_miss() -> None:
    """Rows 100 and 109 ask the same: the second's stretch is looked up before the first is committed."""
    provider = Fake(reply=lambda lookup: slowly("x.com") if "other" in lookup["company"] else "x.com")
    others = [f"other{number}" for number in range(8)]
    companies = [*(f"c{number}" for number in range(99)), "same", *others, "same"]
    made = make_run([{"Company": name} for name in companies], [provider], settings=ONE_BY_ONE)
    run(made)
    assert len(provider.calls) == 108


async def slowly(value: str, seconds: float = 0.03) -> str:
    """After as long as it takes the writer to commit."""
    await asyncio.sleep(seconds)
    return value
