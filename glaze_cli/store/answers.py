"""Answers: the cache. Found and not found are both remembered; "never asked" is None."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from glaze_cli.model import Answer, Found, Lookup, Micros, NotFound
from glaze_cli.store.json_text import decode, encode

GET_ANSWER = "SELECT found, answer, confidence, citations, created_at, cost FROM answers WHERE key = ?"

# Many at once: to ask about each on its own takes twice as long.
GET_ANSWERS = """
SELECT a.key, a.found, a.answer, a.confidence, a.citations, a.created_at, a.cost
FROM json_each(?) asked CROSS JOIN answers a ON a.key = asked.atom
"""

PUT_ANSWER = """
INSERT OR REPLACE INTO answers
    (key, provider, version, inputs, wants, found, answer, confidence, citations, cost, created_at)
VALUES (?, ?, ?, ?, nullif(?, ''), ?, ?, ?, ?, ?, ?)
"""


class KeptAnswer(NamedTuple):
    """An answer from the cache and when it was given."""

    answer: Answer
    at: str
    cost: Micros
    """What it cost then."""


def get_answer(connection: sqlite3.Connection, lookup: Lookup) -> KeptAnswer | None:
    """What the provider answered to this question before; None when it was never asked."""
    row = connection.execute(GET_ANSWER, (lookup.key,)).fetchone()
    return None if row is None else _kept(*row)


def get_answers(connection: sqlite3.Connection, keys: Sequence[str]) -> dict[str, KeptAnswer]:
    """By key, what was answered to these questions; those that were never asked are absent."""
    cursor = connection.cursor()
    cursor.row_factory = None  # plain tuples: it is asked about every cell
    return {key: _kept(*row) for key, *row in cursor.execute(GET_ANSWERS, (encode(keys),))}


def _kept(found: int, text: str, confidence: float, citations: str, at: str, cost: int | None) -> KeptAnswer:
    answer = decode(text)
    if not found:
        return KeptAnswer(NotFound(answer["detail"]), at, Micros(cost or 0))
    cited = () if citations == "[]" else tuple(decode(citations))
    known = Found(answer["values"], confidence, cited)
    # What KeptAnswer(...) does in the end, in a third of its time: there is one a cell.
    return tuple.__new__(KeptAnswer, (known, at, cost or 0))


def put_answer(connection: sqlite3.Connection, lookup: Lookup, answer: Answer, cost: Micros, at: str) -> None:
    """Remember it. Inside the caller's transaction, which is the one that settles its bill."""
    connection.execute(PUT_ANSWER, answer_values(lookup, answer, cost, at))


def answer_values(lookup: Lookup, answer: Answer, cost: int, at: str) -> tuple[object, ...]:
    """What PUT_ANSWER takes; `cost` is in Micros."""
    if isinstance(answer, Found):
        body: dict[str, object] = {"values": dict(answer.values)}
        confidence, citations = answer.confidence, answer.citations
    else:
        body, confidence, citations = {"detail": answer.detail}, None, ()
    return (
        lookup.key,
        lookup.provider,
        lookup.version,
        encode(dict(lookup.inputs)),
        lookup.wants or "",  # (for a None sqlite3 looks for an adapter, each time)
        int(isinstance(answer, Found)),
        encode(body),
        confidence,
        encode(citations) if citations else "[]",
        cost,
        at,
    )
