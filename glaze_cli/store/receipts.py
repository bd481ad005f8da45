"""Receipts: all that the store knows of one cell, as one document.

What an older Glaze did not note is left out, or None; nothing here is guessed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from glaze_cli.model import usd
from glaze_cli.store.asked import AskedCell, row_cells
from glaze_cli.store.read_inputs import Inputs, Reading, ending
from glaze_cli.store.told_calls import own_calls, same_question, sums, told_call

# The latest answer to a question.
KEPT = "SELECT * FROM answers WHERE key = ?"

_Doc = dict[str, Any]
_STEP = ("provider", "tier", "outcome", "detail", "confidence", "value", "cost", "calls", "from")


def receipt(connection: sqlite3.Connection, cell: AskedCell, reading: Reading) -> _Doc:
    """The cell's story as JSON: `glaze why --json`. Amounts are dollars."""
    return _Teller(connection, cell, reading).receipt(cell)


@dataclass(frozen=True, slots=True)
class _Question:
    """What a step asked, as far as it was noted."""

    key: str | None = None
    read: Sequence[str] | None = None
    """The fields it was made of."""


class _Teller:
    """Reads one row of one job."""

    def __init__(self, connection: sqlite3.Connection, cell: AskedCell, reading: Reading) -> None:
        self._connection = connection
        self._reading = reading
        self._row = row_cells(connection, cell)
        self._calls: dict[int, list[sqlite3.Row]] = {}
        self._inputs = Inputs(connection, self._row, reading, self._read_of)

    def receipt(self, cell: AskedCell) -> _Doc:
        steps, own = self._steps(cell), self._own(cell)
        told = {call["id"] for step in steps for call in step["ledger"]}
        least = [step["least"] for step in cell.metadata.get("attempts") or () if "least" in step]
        return {
            **ending(cell),
            "column": cell.header,
            **{name: getattr(cell, name) for name in ("field", "status", "reason", "error", "old")},
            "minConfidence": least[-1] if least else self._reading.minimum,
            "minConfidenceNoted": bool(least),
            "citations": list(cell.metadata.get("citations") or ()),
            "startedAt": cell.started_at,
            "completedAt": cell.completed_at,
            "inputs": self._inputs.of(cell),
            "steps": steps,
            "otherCalls": [told_call(row, cell) for row in own if row["id"] not in told],
            "ledger": sums(own),
        }

    def _own(self, cell: AskedCell) -> list[sqlite3.Row]:
        if cell.id not in self._calls:
            self._calls[cell.id] = own_calls(self._connection, cell)
        return self._calls[cell.id]

    def _steps(self, cell: AskedCell) -> list[_Doc]:
        return [self._step(cell, step) for step in cell.metadata.get("attempts") or ()]

    def _read_of(self, cell: AskedCell) -> tuple[frozenset[str], bool]:
        """The fields that its questions were made of; and whether there was one that is not known."""
        read = [self._read(cell, step) for step in cell.metadata.get("attempts") or ()]
        known = frozenset(name for names in read for name in names or ())
        # A cell that nobody was asked about had no question: what could have been read is told.
        return known, not read or any(names is None for names in read)

    def _read(self, cell: AskedCell, step: Mapping[str, Any]) -> Sequence[str] | None:
        question = self._question(cell, step)
        if question.read is not None:
            return question.read
        kept = self._kept(question.key)
        return None if kept is None else list(json.loads(kept["inputs"] or "{}"))

    def _kept(self, key: str | None) -> sqlite3.Row | None:
        found: sqlite3.Row | None = self._connection.execute(KEPT, (key,)).fetchone()
        return found

    def _step(self, cell: AskedCell, step: Mapping[str, Any]) -> _Doc:
        key, outcome = self._question(cell, step).key, step.get("outcome")
        kept = self._kept(key)
        provider = step.get("provider")
        rows = {row["id"]: row for row in same_question(self._connection, key, provider)}
        asked = [row for row in self._own(cell) if (row["lookup_key"], row["provider"]) == (key, provider)]
        rows |= {row["id"]: row for row in asked}  # its own, however many there were since
        calls = [told_call(rows[number], cell) for number in sorted(rows)]
        return {name: step.get(name) for name in _STEP} | {
            "reason": _reason(cell, step, calls) if outcome in ("failed", "dropped") else None,
            "answeredAt": step.get("answered"),
            "inputs": None if kept is None else json.loads(kept["inputs"] or "{}"),
            "answer": _answer(kept, cell) if outcome in ("hit", "miss", "too_weak") else None,
            "ledger": calls,
        }

    def _question(self, cell: AskedCell, step: Mapping[str, Any]) -> _Question:
        """That the step came to; a job of an older Glaze noted it only in the ledger."""
        if step.get("key") or step.get("read"):
            return _Question(step.get("key"), step.get("read"))
        # What was answered about another cell of the row was asked by that one.
        known = step.get("from")
        for one in [one for one in self._row if one.id != cell.id] if known else [cell]:
            steps = [s for s in one.metadata.get("attempts") or () if s.get("provider") == step["provider"]]
            asked = [s for s in steps if s.get("key") and s.get("confidence") is not None]
            # A provider of this machine has no question that is found again, but it read the same.
            asked = asked or [s for s in steps if s.get("read") and s.get("confidence") is not None]
            if asked:
                return _Question(asked[-1].get("key"), asked[-1].get("read"))
            if known != "cache":
                keys = [c["lookup_key"] for c in self._own(one) if c["provider"] == step["provider"]]
                if keys:
                    return _Question(str(keys[-1]))
        return _Question()


def _reason(cell: AskedCell, step: Mapping[str, Any], calls: Sequence[_Doc]) -> str | None:
    """Why a step failed: the cell's own word where it ended with it, else the ledger's of that try."""
    if step.get("detail") == cell.error:
        return cell.reason
    own = [call for call in calls if call["own"] and not call["earlier"] and not call["later"]]
    words = [call["outcome"] for call in own if call["status"] in ("refused", "unknown")]
    return words[-1] if words else None


def _answer(kept: sqlite3.Row | None, cell: AskedCell) -> _Doc | None:
    """As it is remembered; `newer`: it was given after the cell ended, in place of the one it saw."""
    if kept is None:
        return None
    return {
        "found": bool(kept["found"]),
        **json.loads(kept["answer"]),
        "confidence": kept["confidence"],
        "citations": json.loads(kept["citations"] or "[]"),
        "cost": usd(kept["cost"] or 0),
        "version": kept["version"],
        "answeredAt": kept["created_at"],
        "newer": "" < cell.ended_at < kept["created_at"],
    }
