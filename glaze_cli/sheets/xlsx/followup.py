"""What an edited cell asks of other parts: its formula leaves the calculation chain; a recalculation."""

from __future__ import annotations

import re
from collections.abc import Iterable

from glaze_cli.model import CellRef
from glaze_cli.sheets.xlsx.calcchain import shortened, unlisted
from glaze_cli.sheets.xlsx.documents import TYPES, Documents, rels_of
from glaze_cli.sheets.xlsx.markup import events
from glaze_cli.sheets.xlsx.package import Package
from glaze_cli.sheets.xlsx.tags import Names, blanked, with_attribute

_ROOT = re.compile(rb"<((?:[\w.-]+:)?)workbook(?=[\s/>])")
_BEFORE_CALC = (b"sheets", b"functionGroups", b"externalReferences", b"definedNames")


def without_formulas(
    package: Package, documents: Documents, workbook: str, gone: Iterable[CellRef]
) -> str | None:
    """Edit `documents` for cells that hold no formula any more; the part to drop, if one is."""
    chain = next((near.part for near in package.rels(workbook).values() if near.kind == "calcChain"), None)
    if chain is None or package.stored_name(chain) is None:
        return None
    ids = {
        event.attributes.get("name"): event.attributes.get("sheetId", "")
        for event in events(package, workbook)
        if event.name == "sheet" and event.attributes is not None
    }
    new = shortened(documents.read(chain), {(ids.get(cell.sheet, ""), cell.a1) for cell in gone})
    if new is not None:
        documents.edit(chain, new)
        return None
    rels = rels_of(workbook)
    documents.edit(rels, unlisted(documents.read(rels), b"Relationship", b"Type", "/calcChain"))
    documents.edit(TYPES, unlisted(documents.read(TYPES), b"Override", b"PartName", "/" + chain))
    return chain


def recalculated(data: bytes) -> bytes:
    """The workbook part, asking for a full calculation when it is opened."""
    seen = blanked(data)
    root = _ROOT.search(seen)
    if root is None:
        return data
    names = Names(root[1])
    found = re.search(names.start(b"calcPr"), seen)
    if found is not None:
        return data[: found.start()] + with_attribute(found[0], b"fullCalcOnLoad", "1") + data[found.end() :]
    tags = [names.start(name) + b"|" + names.end(name) for name in _BEFORE_CALC]
    at = max(found.end() for tag in tags for found in re.finditer(tag, seen))
    return data[:at] + b'<%bcalcPr fullCalcOnLoad="1"/>' % names.prefix + data[at:]
