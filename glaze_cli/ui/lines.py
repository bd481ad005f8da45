"""Progress without a terminal: a line now and then, each of them true by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TextIO

from glaze_cli.engine.events import CellFinished, CellStarted, Event, JobFinished, JobStarted, ProviderDropped
from glaze_cli.ui.document import Document, money_notes, parts, reason_caption
from glaze_cli.ui.outlet import Outlet
from glaze_cli.ui.speed import Clock, speed
from glaze_cli.ui.tally import Tally, duration, outcome
from glaze_cli.ui.text import inert

HEADERS_NAMED = 6

SILENCE_S = 60.0
"""Seconds after which a line is said although nothing ended: who reads a log wants to know that it lives."""


class PlainLines:
    """A listener for logs and pipes: no escape sequence, no carriage return, ever."""

    def __init__(self, out: TextIO, clock: Clock = time.monotonic, every: float = 5.0) -> None:
        """`every`: seconds at least between two lines about cells."""
        self._out = Outlet(out)
        self._clock = clock
        self._every = every
        self._tally = Tally(clock)
        self._spoke = clock()
        self._said = 0
        """Cells that had ended by then."""
        self._beats = False

    def on_event(self, event: Event) -> None:
        """Count it, and say a line when one is due."""
        self._tally.on_event(event)
        match event:
            case JobStarted():
                self._say(selected(event))
            case CellFinished():
                self._progress_if_due()
            case CellStarted() if not self._beats:
                self._beats = self._beat()
            case ProviderDropped(provider, sentence):
                self._out.line(f"{inert(provider)} is not asked any more: {inert(sentence)}")
            case JobFinished():
                self._say(self._end(event))

    def _say(self, line: str) -> None:
        self._out.line(line)
        self._spoke = self._clock()
        self._said = self._tally.ended

    def _beat(self) -> bool:
        """Look now and then, as long as the event loop runs, whether a line is due: slow providers and waits
        make no events. False where no loop runs."""
        import asyncio

        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return False

        def again() -> None:
            if self._tally.finished is None:
                self._progress_if_due()
                loop.call_later(self._every, again)

        loop.call_later(self._every, again)
        return True

    def _progress_if_due(self) -> None:
        silent = self._clock() - self._spoke
        if silent >= self._every and (silent >= SILENCE_S or self._tally.ended > self._said):
            self._say(self._progress())

    def _progress(self) -> str:
        tally = self._tally
        left = tally.seconds_left
        wait = f", about {duration(left)} left" if left is not None else ""
        asked = "" if tally.ended > self._said else f"{tally.running:,} being asked, none ended lately; "
        return (
            f"{tally.ended:,} of {tally.total:,} cells ended ({outcome(tally.counts)}); {asked}"
            f"{speed(tally.rate)}{wait}; {tally.money}"
        )

    def _end(self, event: JobFinished) -> str:
        tally = self._tally
        why = inert(event.error or "").rstrip(".")
        error = f" {why[0].upper()}{why[1:]}." if why else ""
        written = f"Written to {inert(event.written)}." if event.written else "No file was written."
        return (
            f"Job {inert(event.job_id)} {event.status} after {duration(tally.elapsed)}: "
            f"{outcome(tally.counts)}; {tally.money}.{error} {written}"
        )


def closing(document: Document) -> Iterator[str]:
    """What the last line of a run leaves out: why cells failed or were skipped, and what to do next."""
    for status, reasons in (document.get("reasons") or {}).items():
        for reason, number in reasons.items():
            yield f"{str(status).replace('_', ' ')}: {number:,} {reason_caption(reason)}"
    if hits := from_cache(document):
        yield f"from cache: {hits:,} answers"
    yield from money_notes(document)
    for step in document.get("nextSteps") or ():
        yield f"next: {inert(step)}"


def from_cache(document: Document) -> int:
    """Answers that were known already, so that no call was made."""
    return sum(int(part.get("cacheHits") or 0) for part in parts(document, "providers"))


def selected(job: JobStarted) -> str:
    """`Job 1f2e asks about 195 cells of leads.xlsx (D2:H40): Email, Phone.`, and what ended before."""
    named = [inert(column.header, 60) for column in job.columns[:HEADERS_NAMED]]
    if more := len(job.columns) - len(named):
        named.append(f"{more} more")
    place = f"{inert(job.sheet)}!{inert(job.range)}" if job.sheet else inert(job.range)
    before = f" {job.ended:,} of them ended in an earlier run." if job.ended else ""
    cells = "1 cell" if job.total == 1 else f"{job.total:,} cells"
    about = f"{cells} of {inert(job.file)} ({place})"
    return f"Job {inert(job.job_id)} asks about {about}: {', '.join(named)}.{before}"
