"""Charts as inline SVG without script, style or link: pygal draws, the page's stylesheet colours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pygal  # type: ignore[import-untyped]
from lxml import etree  # type: ignore[import-untyped]
from pygal.style import Style  # type: ignore[import-untyped]

WIDTH = 400
"""Units of the picture; on a phone one is a little less than a pixel, so that text can be read."""
FONT = 13
MOST_BARS = 25
"""Lines of a chart; the table beside it has all."""

_NOT_OURS = ("{*}defs", "{*}desc", "{*}script", "{*}style")
_OVERLAYS = ("overlay", "text-overlay", "tooltip-overlay", "titles")
_KEPT = frozenset(("class", "d", "height", "points", "role", "transform", "viewBox", "width", "x", "y"))
"""The attributes that draw; ids, addresses and styles go."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart as the page takes it."""

    svg: str
    kind: str
    legend: Sequence[str]
    """The names of its series, in the order of the colours; empty where there is but one."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars with labels; each series has one number a label."""

    title: str
    """What it shows, for those who cannot see it."""
    kind: str
    """A class of the SVG: the stylesheet colours its series by it."""
    labels: Sequence[str]
    series: Mapping[str, Sequence[float]]
    text: Callable[[float], str] = "{:,.0f}".format
    """How a number is written."""


def lying(chart: Chart, stacked: bool = True) -> Drawing:
    """Lying bars, the first label on top, at most MOST_BARS of them."""
    labels = list(chart.labels[:MOST_BARS])
    bars = len(labels) * (1 if stacked else len(chart.series))
    height = 45 + (34 if stacked else 22) * bars
    kind = pygal.HorizontalStackedBar if stacked else pygal.HorizontalBar
    figure = kind(**_look(chart, height), truncate_label=22, x_labels=labels[::-1])
    for name, numbers in chart.series.items():
        shown = list(numbers[: len(labels)])
        points = [_point(chart, name, label, number) for label, number in zip(labels, shown, strict=True)]
        figure.add(name, points[::-1])
    return Drawing(_svg(figure, chart), chart.kind, _legend(chart))


def standing(chart: Chart) -> Drawing:
    """Standing bars side by side."""
    figure = pygal.Bar(**_look(chart, 200), x_labels=list(chart.labels))
    for name, numbers in chart.series.items():
        points = [
            _point(chart, name, label, number) for label, number in zip(chart.labels, numbers, strict=True)
        ]
        figure.add(name, points)
    return Drawing(_svg(figure, chart), chart.kind, _legend(chart))


def _look(chart: Chart, height: int) -> dict[str, object]:
    sizes = dict.fromkeys(("label_font_size", "major_label_font_size"), FONT)
    return {
        "width": WIDTH,
        "height": height,
        "explicit_size": False,
        "classes": ("chart", chart.kind),
        "css": (),
        "js": (),
        "style": Style(**sizes),
        "margin": 6,
        "margin_right": 22,  # the last number of the axis stands in the middle below its line
        "spacing": 8,
        "max_scale": 5,
        "value_formatter": chart.text,
        "show_legend": False,  # the page has it beside the picture, where it wraps as text does
    }


def _point(chart: Chart, series: str, label: str, number: float) -> dict[str, object]:
    return {"value": number, "tooltip": f"{label}: {chart.text(number)} {series}"}


def _legend(chart: Chart) -> Sequence[str]:
    return tuple(chart.series) if len(chart.series) > 1 else ()


def _svg(figure: pygal.Graph, chart: Chart) -> str:
    """The drawing alone. What it says in words comes from us or was made inert; lxml escapes it."""
    root = figure.render_tree()
    etree.strip_elements(root, *_NOT_OURS, with_tail=False)
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    for element in list(root.iter()):
        names = set((element.get("class") or "").split())
        if names & set(_OVERLAYS) or (element.tag.endswith("}title") and not _is_tooltip(element)):
            element.getparent().remove(element)
            continue
        for name in set(element.attrib) - _KEPT:
            del element.attrib[name]
    root.set("role", "img")
    root.set("aria-label", chart.title)
    etree.cleanup_namespaces(root)
    return str(etree.tostring(root, encoding="unicode"))


def _is_tooltip(element: etree._Element) -> bool:
    """pygal also titles guides and the picture itself, with numbers of its own."""
    parent = element.getparent()
    return parent is not None and "bar" in (parent.get("class") or "").split()
