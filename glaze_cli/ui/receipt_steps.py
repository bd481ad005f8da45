"""Who was asked for a cell, in order: what each said, from where, and the ledger's lines about it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from glaze_cli.ui.document import Document, amount, moment, money, parts
from glaze_cli.ui.text import inert

Part = Mapping[str, Any]

SHOWN_LINES, SHOWN_CHARACTERS = 6, 200
"""Of an answer, and of each of its lines, without `--raw`."""
SHOWN_CALLS = 5
"""Calls of other cells with the same question; the rest are counted."""

_OUTCOMES = {
    "hit": "hit",
    "miss": "miss: it has nothing",
    "too_weak": "too weak",
    "failed": "failed",
    "dropped": "failed, and was not asked any more in this job",
    "opted_out": "the person has opted out",
    "not_asked": "not asked",
}


def head(step: Part) -> str:
    """`hunter (cheap): failed, unknown outcome`."""
    outcome = str(step.get("outcome") or "–")
    why = f", {inert(step['reason']).replace('_', ' ')}" if step.get("reason") else ""
    words = f"{_OUTCOMES.get(outcome, inert(outcome))}{why}{confidence(step, ', ')}"
    return f"{inert(step.get('provider'))} ({inert(step.get('tier') or '–')}): {words}"


def step_lines(step: Part, document: Document, raw: bool) -> Iterator[str]:
    """All that is known of it; what was said above is not said again."""
    if step.get("detail") and step["detail"] != document.get("error"):
        yield inert(step["detail"])
    if step.get("value") is not None:
        yield f"it said: {inert(step['value'], SHOWN_CHARACTERS)}"
    yield _how(step, document)
    if step.get("inputs"):
        told = (f"{inert(name)} = {inert(text, SHOWN_CHARACTERS)}" for name, text in step["inputs"].items())
        yield f"asked with {', '.join(told)}"
    yield from _calls(parts(step, "ledger"), str(step.get("detail")))
    if step.get("answer"):
        yield from _answer(step["answer"], raw)


def confidence(part: Part, before: str) -> str:
    """`, confidence 0.90 of at least 0.50`; "" where it is not known."""
    if part.get("confidence") is None:
        return ""
    least = part.get("minConfidence")
    if least is None or least > part["confidence"]:
        return f"{before}confidence {part['confidence']:.2f}"
    now = "" if part.get("minConfidenceNoted") else " by the settings of now"
    return f"{before}confidence {part['confidence']:.2f} of at least {least:.2f}{now}"


def _how(step: Part, document: Document) -> str:
    """From where the answer came, how old it was, and what it took."""
    if step.get("from"):
        at = step.get("answeredAt")
        age = _age(at, document.get("timestamp") or document.get("completedAt"))
        return f"from {inert(step['from'])}{f', answered {moment(at)}{age}' if at else ''}; no call, no cost"
    number = int(step.get("calls") or 0)
    answered = step.get("outcome") in ("hit", "miss", "too_weak")
    none = "the answer to an earlier call was fetched" if answered else "no call was made"
    times = {0: none, 1: "asked once"}.get(number, f"asked {number} times")
    return f"{times}, {money(step['cost']) if amount(step.get('cost')) else 'no cost'}"


def _calls(calls: Sequence[Part], said: str) -> Iterator[str]:
    """The ledger's lines in their order: the cell's own, and the latest of others with the same question."""
    others = [call for call in calls if not call.get("own")]
    hidden = others[:-SHOWN_CALLS]
    if hidden:
        yield f"{len(hidden)} earlier calls with the same question; --json lists them"
    yield from (call_line(call, said) for call in calls if all(call is not one for one in hidden))


def call_line(call: Part, said: str = "") -> str:
    """`call 12, 2026-11-25 23:01:02: answered (hit), billed $0.01`."""
    cell = f" about {inert(call['cell'])}" if call.get("cell") else ""
    who = f", {'later, ' if call.get('later') else ''}by job {inert(call.get('jobId') or '–')}{cell}"
    who = (", in an earlier try" if call.get("earlier") else "") if call.get("own") else who
    again = f", again after call {call['repeats']}" if call.get("repeats") else ""
    return f"call {call.get('id')}, {moment(call.get('openedAt'))}{who}{again}: {_fate(call, said)}"


def _fate(call: Part, said: str) -> str:
    """What became of a call; its words only where they were not said."""
    status, outcome = call.get("status"), str(call.get("outcome") or "")
    words = str(call.get("detail") or "")
    detail = f" ({inert(words, SHOWN_CHARACTERS)})" if words and words not in said else ""
    billed = f"billed {money(call.get('billed'))}" if amount(call.get("billed")) else "nothing billed"
    if status == "settled" and outcome == "repeated":
        return "its reply was lost; the bill of the call after it stands for both"
    if status == "settled":
        return f"answered ({inert(outcome)}), {billed}"
    if status == "refused":
        return f"refused, {inert(outcome).replace('_', ' ')}{detail}; {billed}"
    if status == "unknown":
        return f"its reply was lost{detail}; up to {money(call.get('reserved'))} may have been billed"
    how = "the service works on it, `glaze resume` fetches it" if call.get("fetchable") else "no outcome yet"
    return f"{how}; {money(call.get('reserved'))} reserved"


def _answer(answer: Part, raw: bool) -> Iterator[str]:
    """As it is remembered: shortened, unless `raw`."""
    newer = " (given after this cell ended, in place of the one it saw)" if answer.get("newer") else ""
    head = f"answer of {moment(answer.get('answeredAt'))}{newer}: "
    if not answer.get("found"):
        detail = f", {inert(answer['detail'])}" if answer.get("detail") else ""
        yield f"{head}not found{detail}"
        return
    yield head.rstrip()
    kept = {key: answer[key] for key in ("values", "citations") if answer.get(key)}
    lines = json.dumps(kept, indent=2, ensure_ascii=False).split("\n")[1:-1]
    shown = lines if raw else lines[:SHOWN_LINES]
    for line in shown:
        text = line.lstrip()
        yield " " * (len(line) - len(text)) + inert(text, len(text) if raw else SHOWN_CHARACTERS)
    if len(lines) > len(shown):
        yield f"  … {len(lines) - len(shown)} more lines; --raw shows them"


def _age(since: object, until: object) -> str:
    """`, 24 days before`; "" where it is not known."""
    try:
        seconds = (datetime.fromisoformat(str(until)) - datetime.fromisoformat(str(since))).total_seconds()
    except (ValueError, TypeError):
        return ""
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f", {int(seconds // size)} {unit} before"
    return f", {max(0, round(seconds))} s before"
