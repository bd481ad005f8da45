"""How a run is shown: on a terminal, in a pipe, as JSON, or not at all."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from glaze_cli.engine.events import Event, Listener, Silence

if TYPE_CHECKING:
    from rich.console import Console


class Listeners:
    """Passes every event on to several listeners."""

    def __init__(self, listeners: Sequence[Listener]) -> None:
        self._listeners = tuple(listeners)

    def on_event(self, event: Event) -> None:
        """To each, in order."""
        for listener in self._listeners:
            listener.on_event(event)


def listeners(several: Sequence[Listener]) -> Listener:
    """One that stands for all of them. Where nobody listens, the run need not say anything."""
    if len(several) > 1:
        return Listeners(several)
    return several[0] if several else Silence()


def out_console() -> Console:
    """For tables that are the answer itself: on stdout, and no text in them means anything to rich."""
    from rich.console import Console

    return Console(highlight=False, emoji=False)


@dataclass(frozen=True)
class View:
    """What the user wants to see. Words and progress go to stderr, data to stdout."""

    json: bool = False
    stream: bool = False
    quiet: bool = False
    plain: bool = False

    @cached_property
    def console(self) -> Console:
        """Where words go; plain text unless stderr is a terminal. NO_COLOR is honoured by rich."""
        from rich.console import Console

        # No emoji: in `B2:B: 3 cells` rich would see one. No wrapping but in a terminal.
        return Console(stderr=True, highlight=False, emoji=False, soft_wrap=not sys.stderr.isatty())

    def say(self, sentence: str) -> None:
        """A sentence for people."""
        if not self.quiet:
            self.warn(sentence)

    def warn(self, sentence: str) -> None:
        """A sentence that `--quiet` does not silence: something is not as it was asked for."""
        from glaze_cli.ui.text import inert

        with contextlib.suppress(OSError):  # the terminal is gone: the work matters more
            if sys.stderr.isatty():
                self.console.print(inert(sentence), markup=False)
            else:  # nothing is to be wrapped, so nobody has to wait for rich
                sys.stderr.write(f"{inert(sentence)}\n")

    @property
    def live(self) -> bool:
        """Whether the run is drawn as a grid; without a terminal it is told in lines."""
        if self.quiet or self.plain or not sys.stderr.isatty():
            return False
        return self.console.is_terminal and not self.console.is_dumb_terminal

    def end(self, document: Mapping[str, Any], written: str | None) -> None:
        """What became of the run: tables on a terminal; lines beside the lines that told it."""
        if self.live:
            from glaze_cli.ui.report import print_summary

            print_summary(self.console, document, written)
        elif not self.quiet:
            from glaze_cli.ui.lines import closing

            for line in closing(document):
                self.say(line)

    def print_json(self, document: Any) -> None:
        """One JSON document to stdout."""
        from glaze_cli.ui.json_text import document_text

        sys.stdout.write(document_text(document))

    @contextlib.contextmanager
    def listening(self) -> Iterator[Listener]:
        """The listener for a run: the live grid on a terminal, plain lines without one."""
        streams: list[Listener] = []
        if self.stream:
            from glaze_cli.ui.stream import JsonStream

            streams.append(JsonStream(sys.stdout))
        if self.live:
            from glaze_cli.ui.grid import LiveGrid

            with LiveGrid(self.console) as grid:
                yield listeners([*streams, grid])
        elif self.quiet:
            yield listeners(streams)
        else:
            from glaze_cli.ui.lines import PlainLines

            yield listeners([*streams, PlainLines(sys.stderr)])
