"""Tables of a sheet: their headers are guarded, and a table grows by a column added right of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from glaze_cli.model import CellRange, CellRef
from glaze_cli.sheets.xlsx.markup import events
from glaze_cli.sheets.xlsx.package import Package
from glaze_cli.sheets.xlsx.ranges import area
from glaze_cli.sheets.xlsx.tags import Names, attribute, blanked, with_attribute

_ROOT = re.compile(rb"<((?:[\w.-]+:)?)table(?=[\s/>])")


@dataclass(frozen=True, slots=True)
class Table:
    """What a table part says."""

    part: str
    name: str
    covers: CellRange
    header: bool
    totals: bool
    own_columns: bool
    """False when a query says which columns there are."""
    columns: tuple[str, ...]

    @property
    def header_row(self) -> CellRange | None:
        """The row of headers."""
        return replace(self.covers, last_row=self.covers.first_row) if self.header else None

    @property
    def totals_row(self) -> CellRange | None:
        """The row of totals."""
        return replace(self.covers, first_row=self.covers.last_row) if self.totals else None


def tables(package: Package, sheet: str, part: str) -> tuple[Table, ...]:
    """The tables on the sheet of that name and part. Raises SheetRefused when one cannot be read."""
    parts = [near.part for near in package.rels(part).values() if near.kind == "table"]
    return tuple(table for name in parts if (table := _table(package, sheet, name)) is not None)


def _table(package: Package, sheet: str, part: str) -> Table | None:
    root: Mapping[str, str] = {}
    columns = []
    for event in events(package, part):
        if event.attributes is not None and event.name == "table":
            root = event.attributes
        elif event.attributes is not None and event.name == "tableColumn":
            columns.append(event.attributes.get("name", ""))
    covers = area(sheet, root.get("ref", ""))
    if covers is None:
        return None
    return Table(
        part,
        root.get("displayName") or root.get("name") or part,
        covers,
        header=root.get("headerRowCount", "1") != "0",
        totals=root.get("totalsRowCount", "0") != "0",
        own_columns=root.get("tableType", "worksheet") == "worksheet",
        columns=tuple(columns),
    )


def new_columns(table: Table, headers: Mapping[CellRef, object], added: Sequence[int]) -> tuple[str, ...]:
    """The headers of the added columns that the table takes in: text, beside it, and new to it."""
    taken = {name.casefold() for name in table.columns}
    found: list[str] = []
    if not table.header or not table.own_columns:
        return ()
    for column in range(table.covers.last_column + 1, table.covers.last_column + len(added) + 1):
        header = headers.get(CellRef(table.covers.sheet, table.covers.first_row, column))
        if column not in added or not isinstance(header, str) or not header or header.casefold() in taken:
            break
        found.append(header)
        taken.add(header.casefold())
    return tuple(found)


def grown(data: bytes, table: Table, headers: Sequence[str]) -> bytes:
    """The table part with those columns added at its right end."""
    root = _ROOT.search(blanked(data))
    assert root is not None  # it was read before
    names = Names(root[1])
    wide = replace(table.covers, last_column=table.covers.last_column + len(headers))
    data = _with(data, names, b"table", b"ref", wide.a1)
    above_totals = wide.last_row - 1 if table.totals else wide.last_row
    data = _with(data, names, b"autoFilter", b"ref", replace(wide, last_row=above_totals).a1)
    data = _with(data, names, b"tableColumns", b"count", str(len(table.columns) + len(headers)))
    column = re.compile(names.start(b"tableColumn"))
    last = max(
        (int(attribute(found[1], b"id") or "0") for found in column.finditer(blanked(data))), default=0
    )
    more = b"".join(
        with_attribute(
            with_attribute(b"<%btableColumn/>" % names.prefix, b"id", str(last + n)), b"name", header
        )
        for n, header in enumerate(headers, 1)
    )
    end = re.search(names.end(b"tableColumns"), blanked(data))
    return data[: end.start()] + more + data[end.start() :] if end else data


def _with(data: bytes, names: Names, element: bytes, name: bytes, value: str) -> bytes:
    """The first such element, if there is one, with that attribute."""
    found = re.search(names.start(element), blanked(data))
    if found is None:
        return data
    tag = with_attribute(data[found.start() : found.end()], name, value)
    return data[: found.start()] + tag + data[found.end() :]
