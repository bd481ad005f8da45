"""Answers: the cache. Found and not found are both remembered; "never asked" is None."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from glaze_cli.model import Answer, Field, Found, Lookup, Micros, NotFound

GET_ANSWER = "SELECT * FROM answers WHERE key = ?"

PUT_ANSWER = """
INSERT OR REPLACE INTO answers
    (key, provider, version, inputs, wants, found, answer, confidence, citations, cost, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

_ENCODER = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class KeptAnswer:
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
    answer = json.loads(row["answer"])
    if not row["found"]:
        return KeptAnswer(NotFound(answer["detail"]), row["created_at"], Micros(row["cost"] or 0))
    values = {Field(name): value for name, value in answer["values"].items()}
    citations = tuple(json.loads(row["citations"]))
    return KeptAnswer(
        Found(values, row["confidence"], citations), row["created_at"], Micros(row["cost"] or 0)
    )


def put_answer(connection: sqlite3.Connection, lookup: Lookup, answer: Answer, cost: Micros, at: str) -> None:
    """Remember it. Inside the caller's transaction, which is the one that settles its bill."""
    found = isinstance(answer, Found)
    body = {"values": dict(answer.values)} if isinstance(answer, Found) else {"detail": answer.detail}
    confidence = answer.confidence if isinstance(answer, Found) else None
    citations = answer.citations if isinstance(answer, Found) else ()
    connection.execute(
        PUT_ANSWER,
        (
            lookup.key,
            lookup.provider,
            lookup.version,
            _ENCODER.encode(dict(lookup.inputs)),
            lookup.wants,
            int(found),
            _ENCODER.encode(body),
            confidence,
            json.dumps(citations) if citations else "[]",
            cost,
            at,
        ),
    )
