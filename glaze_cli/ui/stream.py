"""The events as JSON lines, for programs."""

from __future__ import annotations

import json
from queue import SimpleQueue
from threading import Thread
from typing import TextIO

from glaze_cli.engine.events import (
    CellFinished,
    CellStarted,
    Event,
    JobFinished,
    JobStarted,
    ProviderDropped,
    TierEntered,
)
from glaze_cli.model import CellRef, Micros, column_letters, dollars
from glaze_cli.ui.outlet import Outlet


class JsonStream:
    """A listener that writes each event as one line: `{"event": "cell_finished", "cell": "C17", …}`.

    A thread does the writing, since a slow reader (`| less`) would otherwise hold the event loop, and
    with it the calls in flight, until they time out.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = Outlet(out)
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._writer = Thread(target=self._write, name="glaze-stream", daemon=True)
        self._writer.start()

    def on_event(self, event: Event) -> None:
        """Queue it. JobFinished, when no call is in flight any more, waits until all is written."""
        self._events.put(event)
        if isinstance(event, JobFinished):
            self._writer.join()

    def _write(self) -> None:
        event: Event | None = None
        while not isinstance(event, JobFinished):
            event = self._events.get()
            # ASCII: control characters and changes of writing direction stay escaped, so that a
            # stream looked at in a terminal is inert, and not a character is lost.
            self._out.line(json.dumps(as_json(event)))


def as_json(event: Event) -> dict[str, object]:
    """The event as a JSON object: names as in the job document, amounts in dollars as text."""
    match event:
        case JobStarted():
            return _started(event)
        case CellStarted(cell):
            return {"event": "cell_started", **_place(cell)}
        case TierEntered(cell, tier, provider):
            return {"event": "tier_entered", **_place(cell), "tier": tier, "provider": provider}
        case CellFinished():
            return {
                "event": "cell_finished",
                **_place(event.cell),
                "status": event.status,
                "value": event.value,
                "source": event.tier,
                "provider": event.provider,
                "reason": event.reason,
                "cost": _amount(event.cost),
            }
        case ProviderDropped(provider, sentence):
            return {"event": "provider_dropped", "provider": provider, "error": sentence}
        case JobFinished(job_id, status, error, written):
            return {
                "event": "job_finished",
                "jobId": job_id,
                "status": status,
                "error": error,
                "written": written,
            }


def _started(event: JobStarted) -> dict[str, object]:
    columns = [
        {"column": column_letters(column.column), "header": column.header, "added": column.added}
        for column in event.columns
    ]
    return {
        "event": "job_started",
        "jobId": event.job_id,
        "file": event.file,
        "sheet": event.sheet,
        "range": event.range,
        "columns": columns,
        "totalTasks": event.total,
        "endedTasks": event.ended,
        "cap": None if event.cap is None else _amount(event.cap),
    }


def _place(cell: CellRef) -> dict[str, object]:
    return {"cell": cell.a1, "sheet": cell.sheet}


def _amount(amount: Micros) -> str:
    return dollars(amount).replace("$", "")
