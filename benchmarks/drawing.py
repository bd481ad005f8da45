"""A bar chart for the docs as an SVG file of its own: text and shapes, nothing that runs or is fetched."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version

import pygal  # type: ignore[import-untyped]
from lxml import etree  # type: ignore[import-untyped]
from pygal.style import Style  # type: ignore[import-untyped]

WIDTH = 680
FONT = 14
BAR = 22
"""All in pixels, on a page that has room for them."""

# A picture of a page cannot know the page's colours: it brings its own paper, so that it can be read on any.
LOOK = """
svg{--paper:#fff;--line:#d8dce2;--ink:#1b2330;--soft:#566072;--ours:#2f6fb5;--second:#9cc1e8;--theirs:#b4bac4}
@media(prefers-color-scheme:dark){svg{--paper:#12161d;--line:#343d4b;--ink:#e7ebf1;--soft:#a3adbb;--ours:#5a9fe6;
--second:#2d547f;--theirs:#5b6573}}
.paper{fill:var(--paper);stroke:var(--line)}
.background{fill:none}
.ours{fill:var(--ours)}.second{fill:var(--second)}.theirs{fill:var(--theirs)}
.guide{stroke:var(--soft);stroke-dasharray:4 4}
text{fill:var(--ink);font:14px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
.y text{text-anchor:end}
.x text{fill:var(--soft);text-anchor:middle}
.value{paint-order:stroke;stroke:var(--paper);stroke-width:5px}
.plot_title{font-weight:600;text-anchor:start}
"""
_NOT_OURS = ("{*}defs", "{*}desc", "{*}script", "{*}style", "{*}title")
_OVERLAYS = frozenset(("overlay", "tooltip-overlay"))
_KEPT = frozenset(("class", "d", "height", "transform", "viewBox", "width", "x", "y"))


@dataclass(frozen=True)
class Picture:
    """Lying bars, the first label on top; each series has one number a label."""

    name: str
    """Of its file, docs/speed-NAME.svg, and of its place in the page."""
    title: str
    labels: Sequence[str]
    series: Mapping[str, Sequence[float]]
    colours: Sequence[Sequence[str]]
    """Of each series, of each of its bars: `ours`, `second` or `theirs`."""
    unit: str
    """A format of the numbers."""
    words: str
    """What it says."""
    mark: tuple[float, str] | None = None
    """A line across the bars, and what is written below it."""

    @property
    def alt(self) -> str:
        """For those who cannot see it."""
        several = len(self.series) > 1
        bars = (
            ", ".join(f"{name} " * several + self.unit.format(of[at]) for name, of in self.series.items())
            for at in range(len(self.labels))
        )
        return f"{self.title}. {'; '.join(map(': '.join, zip(self.labels, bars, strict=True)))}"


def drawn_by() -> str:
    """What lays a picture out; another version may do it a little differently."""
    return f"pygal {version('pygal')}"


def svg(picture: Picture) -> str:
    """The picture as a file of its own: text and shapes, nothing that runs or is fetched."""
    figure = pygal.HorizontalBar(**_layout(picture), x_labels=[*picture.labels][::-1])
    for name, numbers in picture.series.items():
        figure.add(name, [*numbers][::-1])
    root = figure.render_tree()
    _strip(root)
    _dress(root, picture)
    _round(root)
    etree.cleanup_namespaces(root)
    return f"{etree.tostring(root, encoding='unicode')}\n"


def _layout(picture: Picture) -> dict[str, object]:
    bars, several = len(picture.labels) * len(picture.series), len(picture.series) > 1
    height = 62 + (BAR + 8) * bars + 34 * several + 22 * (picture.mark is not None)
    fonts = ("label", "major_label", "legend", "value", "title")
    return {
        "width": WIDTH,
        "height": height,
        "explicit_size": True,
        "css": (),
        "js": (),
        "style": Style(**{f"{font}_font_size": FONT for font in fonts}),
        "title": picture.title,
        "margin": 14,
        "margin_bottom": 36 if several else 14,  # pygal forgets the line of the legend
        "margin_right": 64,  # for the number behind the longest bar
        "spacing": 10,
        "truncate_label": -1,
        "truncate_legend": -1,
        "print_values": True,
        "print_values_position": "top",
        "value_formatter": picture.unit.format,
        "show_legend": several,
        "legend_at_bottom": True,
        "legend_at_bottom_columns": 3,
        "show_x_labels": picture.mark is not None,
        "y_labels": picture.mark and [{"value": picture.mark[0], "label": picture.mark[1]}],
    }


def _strip(root: etree._Element) -> None:
    """Without what is for a page with scripts, and what differs from run to run."""
    etree.strip_elements(root, *_NOT_OURS, with_tail=False)
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    for element in list(root.iter()):
        if _classes(element) & _OVERLAYS:
            element.getparent().remove(element)
            continue
        for name in set(element.attrib) - _KEPT:
            del element.attrib[name]


def _dress(root: etree._Element, picture: Picture) -> None:
    """Colours by class, numbers behind their bars, paper below all; the whole in words."""
    for at, colours in enumerate(picture.colours):
        _colour(root, at, colours)
    for line in [path for path in root.iter("{*}path") if "guide" not in _classes(path)]:
        line.getparent().remove(line)
    title = next(element for element in root.iter("{*}text") if "plot_title" in _classes(element))
    _set(title, x=16)
    width, height = (float(root.get(name)) - 1 for name in ("width", "height"))
    _set(root.find("{*}g/{*}rect"), x=0.5, y=0.5, rx=6, width=width, height=height)
    root.find("{*}g/{*}rect").set("class", "paper")
    for name, text in (("style", LOOK.replace("\n", "")), ("metadata", drawn_by()), ("title", picture.alt)):
        element = etree.Element(f"{{{root.nsmap[None]}}}{name}")
        element.text = text
        root.insert(0, element)
    root.set("role", "img")


def _colour(root: etree._Element, at: int, colours: Sequence[str]) -> None:
    """The bars of a series, and its key in the legend."""
    drawn, written = (group for group in root.iter("{*}g") if f"serie-{at}" in _classes(group))
    for bar, number, colour in zip(drawn.iter("{*}rect"), written, colours[::-1], strict=True):
        bar.set("class", colour)
        _set(number, x=float(bar.get("x")) + float(bar.get("width")) + 6)
    for key in (element for element in root.iter("{*}rect") if f"color-{at}" in _classes(element)):
        key.set("class", colours[0])


def _set(element: etree._Element, **numbers: float) -> None:
    for name, number in numbers.items():
        element.set(name, str(number))


def _round(root: etree._Element) -> None:
    """A tenth of a pixel is enough: fewer bytes, and the same on every machine."""
    for element in root.iter():
        for name, value in element.attrib.items():
            if name != "class":
                element.set(name, re.sub(r"-?\d+\.\d+", lambda found: f"{float(found[0]):.1f}", value))


def _classes(element: etree._Element) -> set[str]:
    return {*(element.get("class") or "").split()}
