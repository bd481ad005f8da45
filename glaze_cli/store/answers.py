"""Answers: the cache. Found and not found are both remembered; "never asked" is None."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from glaze_cli.model import Answer, Found, Lookup, Micros, NotFound
from glaze_cli.store.json_text import decode, encode

GET_ANSWER = "SELECT found, answer, confidence, citations, created_at, cost FROM answers WHERE key = ?"

PUT_ANSWER = """
INSERT OR REPLACE INTO answers
    (key, provider, version, inputs, wants, found, answer, confidence, citations, cost, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
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
    if row is None:
        return None
    found, text, confidence, citations, at, cost = row
    answer = decode(text)
    if not found:
        return KeptAnswer(NotFound(answer["detail"]), at, Micros(cost or 0))
    cited = () if citations == "[]" else tuple(decode(citations))
    return KeptAnswer(Found(answer["values"], confidence, cited), at, Micros(cost or 0))


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
        lookup.wants,
        int(isinstance(answer, Found)),
        encode(body),
        confidence,
        encode(citations) if citations else "[]",
        cost,
        at,
    )
