"""Pivot tables: their cells are filled anew at a refresh, so that what is written there is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from glaze_cli.model import CellRange
from glaze_cli.sheets.xlsx.markup import Event, events
from glaze_cli.sheets.xlsx.package import Package
from glaze_cli.sheets.xlsx.ranges import area


@dataclass(frozen=True, slots=True)
class Pivot:
    """Cells that a pivot table owns."""

    covers: CellRange
    on_load: bool
    """Whether it is refreshed whenever the file is opened, and not only when a person asks for it."""


def pivots(package: Package, sheet: str, part: str) -> tuple[Pivot, ...]:
    """The pivot tables on a sheet: their bodies, and the filters above them."""
    found = []
    for near in package.rels(part).values():
        if near.kind == "pivotTable":
            on_load = _refreshed_on_load(package, near.part)
            places = [event for event in events(package, near.part) if event.name == "location"]
            found += [Pivot(covers, on_load) for event in places for covers in _covers(sheet, event)]
    return tuple(found)


def _covers(sheet: str, location: Event) -> Iterator[CellRange]:
    if location.attributes is None:
        return
    body = area(sheet, location.attributes.get("ref", ""))
    if body is None:
        return
    yield body
    filters = _count(location, "rowPageCount")
    if 0 < filters < body.first_row - 1:  # one row of space between them and the body
        right = body.first_column + max(_count(location, "colPageCount"), 1) * 3 - 2
        last = body.first_row - 2
        yield CellRange(sheet, last - filters + 1, body.first_column, last, right)


def _count(location: Event, name: str) -> int:
    written = (location.attributes or {}).get(name, "")
    return int(written) if written.isdecimal() else 0


def _refreshed_on_load(package: Package, part: str) -> bool:
    for near in package.rels(part).values():
        if near.kind == "pivotCacheDefinition" and package.stored_name(near.part):
            root = next(iter(events(package, near.part)))
            return (root.attributes or {}).get("refreshOnLoad") in ("1", "true")
    return False
