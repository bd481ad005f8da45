"""The job document read for people: any part of it may be missing, and no text in it is trusted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from glaze_cli.model import FailReason, Micros, SkipReason, dollars, to_micros
from glaze_cli.ui.text import inert

Document = Mapping[str, Any]
"""A job document as `glaze status --json` prints it."""

_CAPTIONS = {str(reason): reason.caption for reason in (*FailReason, *SkipReason)}


def reason_caption(reason: str) -> str:
    """`timeout` → `timeout: took longer than allowed`; a reason that we do not know stands by itself."""
    words = inert(reason).replace("_", " ")
    return f"{words}: {_CAPTIONS[reason]}" if reason in _CAPTIONS else words


def amount(value: object) -> Micros | None:
    """Dollars, as text (`0.12`, `$0.12`) or a number; None where it is not an amount."""
    try:
        return to_micros(str(value).strip().removeprefix("$"))
    except ValueError:
        return None


def money(value: object) -> str:
    """`$0.12`; a dash where it is not known."""
    known = amount(value)
    return "–" if known is None else dollars(known)


def moment(value: object) -> str:
    """`2026-11-23 23:40:02` in the time zone it was noted in; a dash where it is not known."""
    try:
        return datetime.fromisoformat(str(value)).strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:
        return inert(value) if value else "–"


def parts(document: Document, key: str) -> Sequence[Mapping[str, Any]]:
    """A list of the document (`providers`, `cells`), empty where it has none."""
    return document.get(key) or ()


def money_notes(document: Document) -> Iterator[str]:
    """What the plain sum of money leaves out: lost replies, repeated calls, savings."""
    cost = document.get("cost") or {}
    lost, again = int(cost.get("unknownCalls") or 0), int(cost.get("repeatedCalls") or 0)
    if lost:
        calls = "1 call" if lost == 1 else f"{lost:,} calls"
        most = money(cost.get("unknown"))
        yield f"{calls} without an outcome: up to {most} of what was spent may have been billed"
    if again:
        calls = "1 call was" if again == 1 else f"{again:,} calls were"
        yield f"{calls} made again after a lost reply, and may have been billed twice"
    if saved := amount(cost.get("saved")):
        yield f"{dollars(saved)} saved by remembered answers"
