"""A film of a terminal, frame by frame, as one animated SVG: no script, no font, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

import pyte
from pyte.screens import Char

Row = tuple[Char, ...]

WIDE, HIGH, EDGE = 8, 17, 14
"""Pixels: a cell of the terminal, and what is left free around all of them."""

COLOURS = {
    "red": "#ff7b72",
    "green": "#7ee787",
    "brown": "#e3b341",  # pyte's word for yellow
    "blue": "#79c0ff",
    "magenta": "#d2a8ff",
    "cyan": "#56d4dd",
    "black": "#484f58",
}
INK, PAPER, FRAME = "#e6edf3", "#0d1117", "#30363d"

STYLE = """\
text{font:13.3px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;\
white-space:pre}
.b{font-weight:bold}.i{font-style:italic}.d{opacity:.6}
.f{visibility:hidden;animation:{length}s step-end infinite}.still{visibility:visible}
@media(prefers-reduced-motion:reduce){.f{animation:none}}
"""


class DimScreen(pyte.Screen):
    """A terminal that knows faint text, which pyte does not: it is kept as `blink`, which nobody uses."""

    def select_graphic_rendition(self, *attrs: int, **more: bool) -> None:
        """What `ESC [ ... m` asks for."""
        super().select_graphic_rendition(*(5 if attr == 2 else attr for attr in attrs), **more)


@dataclass(frozen=True)
class Frame:
    """What a terminal showed, and from when on."""

    seconds: float
    rows: tuple[Row, ...]

    @property
    def text(self) -> str:
        """Its lines, without colours and blanks at their ends."""
        return "\n".join("".join(cell.data for cell in row).rstrip() for row in self.rows)


class Camera:
    """A terminal that remembers its screens; feed it what a program wrote, and when."""

    def __init__(self, columns: int, lines: int, shortest: float = 0.2) -> None:
        """`shortest`: seconds that a frame stays at least; what is replaced before that is not kept."""
        self.screen = DimScreen(columns, lines)
        self.frames: list[Frame] = []
        self._stream = pyte.ByteStream(self.screen)
        self._shortest = shortest

    def see(self, data: bytes, seconds: float) -> None:
        """These bytes arrive. A screen that is as before makes no frame."""
        self._stream.feed(data)
        rows = tuple(self._row(line) for line in range(self.screen.lines))
        if self.frames and seconds - self.frames[-1].seconds < self._shortest:
            seconds = self.frames.pop().seconds
        if not self.frames or self.frames[-1].rows != rows:
            self.frames.append(Frame(seconds, rows))

    def _row(self, line: int) -> Row:
        row = [self.screen.buffer[line][column] for column in range(self.screen.columns)]
        cursor = self.screen.cursor
        if line == cursor.y and not cursor.hidden and cursor.x < len(row):
            row[cursor.x] = row[cursor.x]._replace(reverse=True)
        return tuple(row)


def svg(frames: Sequence[Frame], end: float, still: int, title: str) -> str:
    """The film, which begins anew after `end` seconds; frame `still` is what is seen where nothing moves.

    A row is drawn once, however often it is seen. Whatever the text is, it is text: never markup.
    """
    columns, lines = len(frames[0].rows[0]), len(frames[0].rows)
    width, height = columns * WIDE + 2 * EDGE, lines * HIGH + 2 * EDGE
    names: dict[Row, str] = {}
    shots, times = [], []
    for number, frame in enumerate(frames):
        uses = []
        for line, row in enumerate(frame.rows):
            if any(cell.data != " " or cell.reverse for cell in row):
                name = names.setdefault(row, f"r{len(names)}")
                uses.append(f'<use href="#{name}" y="{line * HIGH}"/>')
        of_the_still = " still" if number == still else ""
        shots.append(f'<g class="f{of_the_still}" style="animation-name:a{number}">{"".join(uses)}</g>\n')
        after = frames[number + 1].seconds if number + 1 < len(frames) else end
        times.append(_shown(number, frame.seconds / end, after / end))
    drawn = "".join(f'<g id="{name}">{"".join(_runs(row))}</g>\n' for row, name in names.items())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" xml:space="preserve">\n<title>{_text(title)}</title>\n'
        f"<style>\n{STYLE.replace('{length}', f'{end:.2f}')}{''.join(times)}</style>\n"
        f'<rect x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="8" '
        f'fill="{PAPER}" stroke="{FRAME}"/>\n'
        f'<defs>\n{drawn}</defs>\n<g fill="{INK}" transform="translate({EDGE} {EDGE})">\n'
        f"{''.join(shots)}</g>\n</svg>\n"
    )


def _shown(number: int, first: float, last: float) -> str:
    """When a frame is seen, as shares of the film."""
    steps = [("0%", "hidden")] if first > 0 else []
    steps.append((f"{first:.3%}", "visible"))
    if last < 1:
        steps.append((f"{last:.3%}", "hidden"))
    return f"@keyframes a{number}{{{''.join(f'{at}{{visibility:{what}}}' for at, what in steps)}}}\n"


def _runs(row: Row) -> Iterator[str]:
    """Each stretch of one look, at its place and of its length: columns stay columns in any font."""
    column = 0
    for (ink, paper, classes), stretch in groupby(row, key=_look):
        cells = list(stretch)
        if paper:
            yield f'<rect x="{column * WIDE}" width="{len(cells) * WIDE}" height="{HIGH}" fill="{paper}"/>'
        inked = [number for number, cell in enumerate(cells) if cell.data.strip()]
        if inked:
            end = inked[-1] + 1
            while end < len(cells) and not cells[end].data:  # the second half of a wide character
                end += 1
            text = "".join(cell.data for cell in cells[inked[0] : end])
            look = (f' fill="{ink}"' if ink else "") + (f' class="{classes}"' if classes else "")
            left = (column + inked[0]) * WIDE
            yield f'<text x="{left}" y="13" textLength="{(end - inked[0]) * WIDE}"{look}>{_text(text)}</text>'
        column += len(cells)


def _look(cell: Char) -> tuple[str, str, str]:
    """Ink, paper (both "" where they are the usual ones) and classes."""
    ink, paper = _colour(cell.fg), _colour(cell.bg)
    if cell.reverse:
        ink, paper = paper or PAPER, ink or INK
    flags = (("b", cell.bold), ("i", cell.italics), ("d", cell.blink))
    return ink, paper, " ".join(name for name, on in flags if on)


def _colour(name: str) -> str:
    """Of pyte's word: one of eight, bright or not, or the hexadecimal digits of one."""
    if name == "default":
        return ""
    return COLOURS.get(name.removeprefix("bright")) or (f"#{name}" if len(name) == 6 else INK)


def _text(text: str) -> str:
    """As XML; what nobody can see, and XML may not hold, is a dot."""
    return escape("".join(letter if letter.isprintable() else "·" for letter in text))
