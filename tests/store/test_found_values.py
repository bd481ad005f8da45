"""What is written back, read from the records without reading them whole."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.model import TaskStatus
from glaze_cli.store.found_values import found_values
from glaze_cli.store.json_text import encode
from glaze_cli.store.tasks import done_tasks
from glaze_cli.store.writer import Writer
from tests.store.fakes import done, store_with_job

TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.text('ab"\\\n\t{},:é\u2028', max_size=6)
VALUES = TEXTS | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)


def agrees(records: Sequence[str]) -> None:
    """A job whose cells, two a row, have those records: its values are what the records say."""
    connection, job = store_with_job(rows=(len(records) + 1) // 2)

    async def end() -> None:
        writer = Writer(connection, job.id)
        for task in range(1, len(records) + 1):
            writer.end(done(task, (task + 1) // 2))
        await writer.close()

    asyncio.run(end())
    stored = [(record, task) for task, record in enumerate(records, 1)]
    connection.executemany("UPDATE cell_enrichment_tasks SET result = ? WHERE id = ?", stored)
    slow = [(t.row, t.column, t.value, t.old) for t in done_tasks(connection, job.id)]
    assert repr([tuple(value) for value in found_values(connection, job.id)]) == repr(slow)
    connection.close()


@given(st.lists(st.tuples(VALUES, st.dictionaries(TEXTS, VALUES, max_size=2)), min_size=1, max_size=5))
def test_a_value_is_what_its_record_says(found: list[tuple[object, Mapping[str, object]]]) -> None:
    """Whatever the value is, whatever comes after it, and whoever of the two wrote the record."""
    records = [{"value": value, "confidence": 1.0, "metadata": more} for value, more in found]
    agrees([encode(record) for record in records])
    agrees([json.dumps(record) for record in records])


@pytest.mark.parametrize(
    "record",
    [
        '{"source":"free","value":"last"}',
        '{"metadata":{"value":"inner"},"value":"outer"}',
        '{ "value" : "spaced" }',
        '{"value":""}',
        '{"value":"a\\"b"}',
        '{"value":12345678901234567890123}',
    ],
)
def test_records_that_begin_otherwise_are_read_whole(record: str) -> None:
    """The quick way is for records as they are written; any other JSON is read as JSON."""
    agrees([record])


def test_the_cells_of_a_row_come_by_column() -> None:
    """Whatever order they were stored in."""
    connection, job = store_with_job(rows=2)
    connection.execute("UPDATE cell_enrichment_tasks SET status = 'done', result = '{\"value\":\"v\"}'")
    connection.execute("UPDATE cell_enrichment_tasks SET column_id = 3 - column_id")
    assert [(v.row, v.column) for v in found_values(connection, job.id)] == [(2, 2), (2, 3), (3, 2), (3, 3)]


def test_only_what_was_found_comes() -> None:
    """A miss has no value, and neither has a cell that was not asked."""
    connection, job = store_with_job(rows=2)

    async def end() -> None:
        writer = Writer(connection, job.id)
        writer.end(done(1, 1, TaskStatus.NOT_FOUND))
        writer.end(done(3, 2, value="found"))
        await writer.close()

    asyncio.run(end())
    assert [tuple(value) for value in found_values(connection, job.id)] == [(3, 2, "found", None)]
