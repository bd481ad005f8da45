"""What became of a cell, in words: its value, why it ended so, what it cost, whether the file holds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from glaze_cli.model import FailReason, TaskStatus, Tier, dollars
from glaze_cli.ui.document import Document, amount, moment, money, parts, reason_caption
from glaze_cli.ui.receipt_steps import SHOWN_CHARACTERS, confidence
from glaze_cli.ui.text import inert

Part = Mapping[str, Any]


def facts(document: Document) -> Iterator[tuple[str, str]]:
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
    label = ("last try" if _is_open(document) else "when") if document.get("timestamp") else "made"
    yield label, f"{when}, job {inert(job.get('jobId') or '–')} ({inert(job.get('status') or '–')})"
    for key, word in (("earlierJobs", "earlier"), ("laterJobs", "later")):
        if jobs := document.get(key):
            number = f"1 {word} job" if len(jobs) == 1 else f"{len(jobs)} {word} jobs"
            yield "", f"{number} asked about it too: {', '.join(inert(one) for one in jobs)}"
    for index, citation in enumerate(document.get("citations") or ()):
        yield "" if index else "cites", inert(citation)
    if document.get("status") == TaskStatus.DONE:
        yield "file", _in_file(document, job)


def _is_open(document: Document) -> bool:
    """Whether it has not ended, or is asked about anew: what its record says is of its last try."""
    return document.get("status") in (TaskStatus.QUEUED, TaskStatus.RUNNING)


def _why(document: Document) -> str:
    """Why the cell ended as it did."""
    status, steps = document.get("status"), parts(document, "steps")
    if status == TaskStatus.DONE:
        several = f"the first acceptable answer, of {len(steps)} providers tried"
        tried = several if len(steps) > 1 else "the first provider tried"
        return f"{inert(document.get('provider') or '–')}: {tried}{confidence(document, ', ')}"
    if document.get("reason"):
        return reason_caption(str(document["reason"]))
    if _is_open(document):
        error = inert((document.get("job") or {}).get("error") or "")
        last = "; what follows is of its last try" if steps else ""
        return f"{TaskStatus(str(status)).caption}{f' (the job: {error})' if error else ''}{last}"
    if status == TaskStatus.NOT_FOUND and any(step.get("outcome") == "too_weak" for step in steps):
        return "every provider answered, none was sure enough of a value"
    return TaskStatus(status).caption if status in list(TaskStatus) else "–"


def _cost(document: Document) -> str:
    """Of the cell's last try; and of all its calls, where that is another sum."""
    ledger, own = document.get("ledger") or {}, amount(document.get("cost")) or 0
    text = money(document["cost"]) if own else "nothing"
    # Less than it cost is in the ledger of an older Glaze, which did not note the cell, and where an earlier
    # cell's call was still to be fetched.
    if (amount(ledger.get("spent")) or 0) > own:
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
        asked_again = document.get("reason") == FailReason.UNKNOWN_OUTCOME or any(c.get("own") for c in lost)
        if document.get("status") == TaskStatus.FAILED and asked_again and not answered:
            job = inert((document.get("job") or {}).get("jobId") or "JOB")
            yield f"`glaze resume {job} --retry-unknown` asks again; it may be billed twice"
    if any(call.get("repeats") and call.get("status") == "settled" and call.get("own") for call in calls):
        yield "asked again after a lost reply"


def _in_file(document: Document, job: Part) -> str:
    """Whether the value is where it belongs; a job that was written may have left a cell out."""
    seen, written = document.get("inFile"), job.get("writtenTo")
    if seen and seen.get("holds"):
        return f"{inert(seen['file'])} holds it"
    if not written or str(job.get("writtenAt")) < str(document.get("timestamp") or ""):
        to = f"not written; `glaze apply {inert(job.get('jobId'))}` writes it"
    else:
        to = f"the job's values were written to {inert(written)}, {moment(job.get('writtenAt'))}"
    if not seen:
        return to
    now = f'it holds "{inert(seen["now"], SHOWN_CHARACTERS)}" now' if seen.get("now") else "the cell is empty"
    return f"{to}; {now} in {inert(seen['file'])}"
