"""The calculation chain: the order in which formulas were last computed. A lost formula leaves it."""

from __future__ import annotations

import re
from collections.abc import Collection

from glaze_cli.sheets.xlsx.tags import Names, attribute, blanked, with_attribute

_ROOT = re.compile(rb"<((?:[\w.-]+:)?)calcChain(?=[\s/>])")


def shortened(data: bytes, gone: Collection[tuple[str, str]]) -> bytes | None:
    """The part without those entries, each (the sheet's id, address); None when none would be left.

    An entry without an id is of the same sheet as the one before it, so that an id may have to move on.
    """
    seen = blanked(data)
    root = _ROOT.search(seen)
    if root is None:
        return data
    names = Names(root[1])
    entry = re.compile(names.start(b"c") + rb"(?:(?<=/>)|\s*" + names.end(b"c") + rb")")
    parts: list[bytes] = []
    at = kept = 0
    sheet = said = ""
    for found in entry.finditer(seen):
        sheet = attribute(found[1], b"i") or sheet
        if (sheet, attribute(found[1], b"r") or "") in gone:
            parts.append(data[at : found.start()])
            at = found.end()
            continue
        kept += 1
        if said != sheet and attribute(found[1], b"i") is None:
            at_end = found.end(2) + 1
            parts += (data[at : found.start()], with_attribute(data[found.start() : at_end], b"i", sheet))
            at = at_end
        said = sheet
    return b"".join((*parts, data[at:])) if kept else None


def unlisted(data: bytes, element: bytes, attribute_name: bytes, ending: str) -> bytes:
    """A list of relationships or content types without the entry whose attribute ends so."""
    pattern = re.compile(rb"<((?:[\w.-]+:)?)" + element + rb"(?=[\s/>])[^<>]*?(?:/>|>\s*</[^>]*>)")
    for found in pattern.finditer(blanked(data)):
        if (attribute(found[0], attribute_name) or "").lower().endswith(ending.lower()):
            return data[: found.start()] + data[found.end() :]
    return data
