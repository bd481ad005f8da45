"""The receipt of one cell shown to people: what became of it, what was read, who was asked, each call."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from glaze_cli.model import TaskStatus, Tier, dollars
from glaze_cli.ui.document import Document, amount, moment, money, parts, reason_caption
from glaze_cli.ui.text import inert

Part = Mapping[str, Any]

SHOWN_LINES, SHOWN_CHARACTERS = 6, 200
"""Of an answer, and of each of its lines, without `--raw`."""
SHOWN_CALLS = 5
"""Calls of other cells with the same question; the rest are counted."""

_STATUS_STYLES = {"done": "green", "failed": "red", "not_found": "yellow"}
_OUTCOMES = {
    "hit": "hit",
    "miss": "miss: it has nothing",
    "too_weak": "too weak",
    "failed": "failed",
    "dropped": "failed, and was not asked any more in this job",
    "opted_out": "the person has opted out",
    "not_asked": "not asked",
}


def print_receipt(console: Console, document: Document, raw: bool = False) -> None:
    """The document of `glaze why --json`. `raw`: the answers whole, not the first lines of each."""
    if not document.get("asked", True):
        _print_unasked(console, document)
        return
    status = str(document.get("status") or "–")
    file = PurePath(str(document.get("file") or "–")).name
    title = f'{inert(document.get("cell"))} "{inert(document.get("column"), 60)}" of {inert(file)}: '
    console.print(Text.assemble(title, (status.replace("_", " "), _STATUS_STYLES.get(status, ""))))
    facts = _grid()
    for label, text in _facts(document):
        facts.add_row(label, Text(text))
    console.print(facts)
    _print_inputs(console, parts(document, "inputs"))
    if steps := parts(document, "steps"):
        console.print(Text("\nAsked, in this order"))
    for number, step in enumerate(steps, 1):
        _print_lines(console, f"{number}  {_head(step)}", _step(step, document, raw))
    if others := parts(document, "otherCalls"):
        console.print(Text("\nOther calls that were made for this cell: given up, or of an earlier try"))
        _print_lines(console, "", (f"{inert(call.get('provider'))}: {_call(call)}" for call in others))


def _print_unasked(console: Console, document: Document) -> None:
    cell = inert(document.get("cell"))
    console.print(Text(f"No job has asked about {cell}. {inert(document.get('because'))}"))
    if document.get("now") is not None:
        console.print(Text(f'It holds "{inert(document["now"], SHOWN_CHARACTERS)}" now.'))


def _grid() -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(justify="right", style="dim", no_wrap=True, min_width=10)
    grid.add_column(overflow="fold")
    return grid


def _print_lines(console: Console, head: str, lines: Iterable[str]) -> None:
    """The head, and what belongs to it below."""
    console.print(Text(head))
    for line in lines:
        text = line.lstrip()
        console.print(Padding(Text(text), (0, 0, 0, 5 + len(line) - len(text)), expand=False))


def _facts(document: Document) -> Iterator[tuple[str, str]]:
    """(label, words): what became of the cell."""
    if document.get("value") is not None:
        yield "value", inert(document["value"])
    if document.get("old") is not None:
        yield "before", inert(document["old"])
    yield "why", _why(document)
    if document.get("error"):
        yield "", inert(document["error"])
    if document.get("source"):
        source = str(document["source"])
        yield "source", f"{inert(source)}{f': {Tier(source).caption}' if source in list(Tier) else ''}"
    yield "cost", _cost(document)
    yield from (("", note) for note in _notes(document))
    job = document.get("job") or {}
    when = moment(document.get("timestamp") or document.get("completedAt") or job.get("createdAt"))
    label = "when" if document.get("timestamp") else "made"
    yield label, f"{when}, job {inert(job.get('jobId') or '–')} ({inert(job.get('status') or '–')})"
    for key, word in (("earlierJobs", "earlier"), ("laterJobs", "later")):
        if jobs := document.get(key):
            number = f"1 {word} job" if len(jobs) == 1 else f"{len(jobs)} {word} jobs"
            yield "", f"{number} asked about it too: {', '.join(inert(one) for one in jobs)}"
    for index, citation in enumerate(document.get("citations") or ()):
        yield "" if index else "cites", inert(citation)
    if document.get("status") == TaskStatus.DONE:
        yield "file", _in_file(document, job)


def _why(document: Document) -> str:
    """Why the cell ended as it did."""
    status, steps = document.get("status"), parts(document, "steps")
    if status == TaskStatus.DONE:
        several = f"the first acceptable answer, of {len(steps)} that were asked"
        tried = several if len(steps) > 1 else "the first that was asked"
        return f"{inert(document.get('provider') or '–')}: {tried}{_confidence(document, ', ')}"
    if document.get("reason"):
        return reason_caption(str(document["reason"]))
    if status in (TaskStatus.QUEUED, TaskStatus.RUNNING):
        error = inert((document.get("job") or {}).get("error") or "")
        last = "; what follows is of its last try" if steps else ""
        return f"{TaskStatus(status).caption}{f' (the job: {error})' if error else ''}{last}"
    return TaskStatus(status).caption if status in list(TaskStatus) else "–"


def _confidence(part: Part, before: str) -> str:
    if part.get("confidence") is None:
        return ""
    least = "" if part.get("minConfidence") is None else f" of at least {part['minConfidence']:.2f}"
    return f"{before}confidence {part['confidence']:.2f}{least}"


def _cost(document: Document) -> str:
    """Of the cell's last try; and of all its calls, where that is another sum."""
    ledger = document.get("ledger") or {}
    text = money(document["cost"]) if amount(document.get("cost")) else "nothing"
    if (amount(ledger.get("spent")) or 0) != (amount(document.get("cost")) or 0):
        text += f"; {money(ledger['spent'])} for all calls that were made for it ({ledger['calls']})"
    if amount(ledger.get("reserved")):
        text += f"; {money(ledger['reserved'])} reserved"
    return text


def _notes(document: Document) -> Iterator[str]:
    """What may have been billed, and what to do about it."""
    calls = [call for step in parts(document, "steps") for call in parts(step, "ledger")]
    calls += parts(document, "otherCalls")
    lost = [call for call in calls if call.get("status") == "unknown" and not call.get("later")]
    if lost:
        number = "1 call" if len(lost) == 1 else f"{len(lost)} calls"
        most = dollars(sum(amount(call.get("reserved")) or 0 for call in lost))
        yield f"{number} without a reply: up to {most} may have been billed"
        answered = any(call.get("later") and call.get("status") == "settled" for call in calls)
        if document.get("status") == TaskStatus.FAILED and not answered:
            job = inert((document.get("job") or {}).get("jobId") or "JOB")
            yield f"`glaze resume {job} --retry-unknown` asks again; it may be billed twice"
    if any(call.get("repeats") and call.get("status") == "settled" and call.get("own") for call in calls):
        yield "asked again after a lost reply"


def _in_file(document: Document, job: Part) -> str:
    """Whether the value is where it belongs."""
    seen = document.get("inFile")
    to = f"not written; `glaze apply {inert(job.get('jobId'))}` writes it"
    if written := job.get("writtenTo"):
        to = f"written to {inert(written)}, {moment(job.get('writtenAt'))}"
    if not seen:
        return to
    if seen.get("holds"):
        return f"{inert(seen['file'])} holds it"
    now = f'it holds "{inert(seen["now"], SHOWN_CHARACTERS)}" now' if seen.get("now") else "the cell is empty"
    return f"{to}; {now} in {inert(seen['file'])}"


def _print_inputs(console: Console, inputs: Sequence[Part]) -> None:
    """Those that were read for certain, then those that could be."""
    for read, title in ((True, "Read from the row"), (False, "In the row, for providers to read")):
        if chosen := [part for part in inputs if bool(part.get("read")) is read]:
            console.print(Text(f"\n{title}"))
            grid = _grid()
            for part in chosen:
                grid.add_row(inert(part.get("header"), 30), Text("\n".join(_input(part, 0))))
            console.print(grid)


def _input(part: Part, depth: int) -> Iterator[str]:
    """Its text, and how it was found, where the job found it."""
    name = f"{inert(part.get('header'), 30)}: " if depth else ""
    yield f"{'  ' * depth}{name}{inert(part.get('text'), SHOWN_CHARACTERS)}"
    if found := part.get("found"):
        told = f"{inert(found.get('provider') or '–')} ({inert(found.get('source') or '–')}"
        cost = f", {money(found['cost'])}" if amount(found.get("cost")) else ""
        yield f"{'  ' * depth}  {inert(found.get('cell'))}, found by {told}{_confidence(found, ', ')}{cost})"
        for inner in parts(found, "inputs"):
            if inner.get("read"):
                yield from _input(inner, depth + 1)


def _head(step: Part) -> str:
    """`hunter (cheap): failed, unknown outcome`."""
    outcome = str(step.get("outcome") or "–")
    why = f", {inert(step['reason']).replace('_', ' ')}" if step.get("reason") else ""
    words = f"{_OUTCOMES.get(outcome, inert(outcome))}{why}{_confidence(step, ', ')}"
    return f"{inert(step.get('provider'))} ({inert(step.get('tier') or '–')}): {words}"


def _step(step: Part, document: Document, raw: bool) -> Iterator[str]:
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


def _how(step: Part, document: Document) -> str:
    """From where the answer came, how old it was, and what it took."""
    if step.get("from"):
        at = step.get("answeredAt")
        age = _age(at, document.get("timestamp") or document.get("completedAt"))
        return f"from {inert(step['from'])}{f', answered {moment(at)}{age}' if at else ''}; no call, no cost"
    number = int(step.get("calls") or 0)
    times = {0: "no call was made", 1: "asked once"}.get(number, f"asked {number} times")
    return f"{times}, {money(step['cost']) if amount(step.get('cost')) else 'no cost'}"


def _calls(calls: Sequence[Part], said: str) -> Iterator[str]:
    """The ledger's lines: the cell's own, then the latest of others with the same question."""
    yield from (_call(call, said) for call in calls if call.get("own"))
    others = [call for call in calls if not call.get("own")]
    if (more := len(others) - SHOWN_CALLS) > 0:
        yield f"{more} earlier calls with the same question; --json lists them"
    yield from (_call(call, said) for call in others[-SHOWN_CALLS:])


def _call(call: Part, said: str = "") -> str:
    """`call 12, 2026-11-25 23:01:02: answered (hit), billed $0.01`."""
    cell = f" about {inert(call['cell'])}" if call.get("cell") else ""
    who = f", {'later, ' if call.get('later') else ''}by job {inert(call.get('jobId') or '–')}{cell}"
    who = "" if call.get("own") else who
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
