"""The tabs of a workbook, and the three small edits by which one is added behind the others, or goes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Self

from glaze_cli.sheets.xlsx.documents import TYPES, Documents, rels_of
from glaze_cli.sheets.xlsx.markup import events, related
from glaze_cli.sheets.xlsx.package import Package
from glaze_cli.sheets.xlsx.tags import Names, attribute, blanked, with_attribute

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
MOST_IDS = 65_534
"""The highest id of a sheet that Excel reads."""
_YES = ("1", "true", "on")
_DECLARED = re.compile(rb"""\s+xmlns:[\w.-]+\s*=\s*(?:"[^"]*"|'[^']*')""")


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: a worksheet, or a chart sheet, a dialog, a macro sheet."""

    name: str
    number: str
    """Its id in the workbook."""
    relation: str
    """The id of the relationship that leads to its part."""
    visible: bool


@dataclass(frozen=True, slots=True)
class Tabs:
    """What the workbook part says about them."""

    part: str
    """The workbook part."""
    every: tuple[Tab, ...]
    locked: bool
    """Whether the structure is protected: no sheet may come or go."""
    viewed: bool
    """Whether there is a window for a sheet's view to belong to."""
    kept: frozenset[str]
    """Ids of sheets that saved views of the workbook show."""

    @classmethod
    def read(cls, package: Package, part: str) -> Self:
        """Raises SheetRefused when the part is damaged."""
        every, kept = [], []
        locked = viewed = False
        for name, attributes, _ in events(package, part):
            if attributes is None:
                continue
            if name == "sheet":
                shown = attributes.get("state", "visible") == "visible"
                label, number = attributes.get("name", ""), attributes.get("sheetId", "")
                every.append(Tab(label, number, related(attributes) or "", shown))
            elif name == "workbookProtection":
                locked = attributes.get("lockStructure") in _YES
            elif name == "workbookView":
                viewed = True
            elif name == "customWorkbookView":
                kept.append(attributes.get("activeSheetId", ""))
        return cls(part, tuple(every), locked, viewed, frozenset(kept))

    def called(self, name: str) -> Tab | None:
        """The tab of that name, case aside, as spreadsheet programs tell them apart."""
        return next((tab for tab in self.every if tab.name.casefold() == name.casefold()), None)

    def space(self, documents: Documents) -> str:
        """The namespace of the workbook, that of strict or of other files."""
        root = _root(documents.read(self.part), b"workbook")
        prefix = root[1].prefix.rstrip(b":")
        return attribute(root[0], b"xmlns:" + prefix if prefix else b"xmlns") or ""

    def free_part(self, package: Package, documents: Documents) -> str:
        """A name for the part of one more worksheet, which nothing in the file has or means."""
        folder, _, _ = self.part.rpartition("/")
        place = f"{folder}/worksheets" if folder else "worksheets"
        meant = {near.part.lower() for near in package.rels(self.part).values()}
        types = documents.read(TYPES).lower()
        number = len(self.every) + 1
        while True:
            part = f"{place}/sheet{number}.xml"
            held = package.stored_name(part) or package.stored_name(rels_of(part))
            if not (held or part.lower() in meant or f"/{part}".lower().encode() in types):
                return part
            number += 1

    def add(self, documents: Documents, name: str, part: str) -> None:
        """Put a tab behind all others."""
        rels = documents.read(rels_of(self.part))
        near = _root(rels, b"Relationships")[1]
        others = [found[1] for found in _elements(rels, near, b"Relationship")]
        kinds = [attribute(other, b"Type") or "" for other in others]  # strict files have another than most
        kind = next(kind for kind in kinds if kind.endswith("/worksheet"))
        relation = _unused("rId{}", len(others) + 1, {attribute(other, b"Id") or "" for other in others})
        target = part.removeprefix(self.part.rpartition("/")[0]).lstrip("/")
        entry = _tag(near, b"Relationship", Id=relation, Type=kind, Target=target)
        documents.edit(rels_of(self.part), _before_end(rels, near, b"Relationships", entry))

        types = documents.read(TYPES)
        names = _root(types, b"Types")[1]
        entry = _tag(names, b"Override", PartName=f"/{part}", ContentType=CONTENT_TYPE)
        documents.edit(TYPES, _before_end(types, names, b"Types", entry))

        book = documents.read(self.part)
        names = _root(book, b"workbook")[1]
        entry = _tag(names, b"sheet", name=name, sheetId=self._free_number())
        tags = [found[1] for found in _elements(book, names, b"sheet")]
        entry = with_attribute(entry, _id_name(tags[-1], self.every[-1].relation), relation)
        entry = entry[:-2] + b"".join(_DECLARED.findall(tags[-1])) + b"/>"
        documents.edit(self.part, _before_end(book, names, b"sheets", entry))

    def remove(self, documents: Documents, tab: Tab, part: str) -> None:
        """Take the last tab away; a window that showed it shows the visible one next to it."""
        rels = documents.read(rels_of(self.part))
        near = _root(rels, b"Relationships")[1]
        documents.edit(rels_of(self.part), _cut(rels, near, b"Relationship", b"Id", tab.relation))
        types = documents.read(TYPES)
        names = _root(types, b"Types")[1]
        documents.edit(TYPES, _cut(types, names, b"Override", b"PartName", f"/{part}"))
        book = documents.read(self.part)
        names = _root(book, b"workbook")[1]
        others = self.every[:-1]
        shown = max((at for at, other in enumerate(others) if other.visible), default=0)
        for name, now in ((b"activeTab", shown), (b"firstSheet", 0)):
            book = _at_most(book, names, name, len(others) - 1, now)
        documents.edit(self.part, _cut(book, names, b"sheet", b"name", tab.name))

    def _free_number(self) -> str:
        taken = {tab.number for tab in self.every}
        highest = max((int(number) for number in taken if number.isdigit()), default=0)
        return _unused("{}", highest + 1 if highest < MOST_IDS else 1, taken)


def _unused(pattern: str, number: int, taken: Collection[str]) -> str:
    while pattern.format(number) in taken:
        number += 1
    return pattern.format(number)


def _root(data: bytes, element: bytes) -> tuple[bytes, Names]:
    """The attributes of the document's root, and its patterns."""
    seen = blanked(data)
    found = re.search(rb"<((?:[\w.-]+:)?)" + element + rb"(?=[\s/>])", seen)
    assert found is not None  # it was parsed before
    names = Names(found[1])
    opened = re.compile(names.start(element)).match(seen, found.start())
    return (opened[1] if opened else b""), names


def _elements(data: bytes, names: Names, element: bytes) -> Iterator[re.Match[bytes]]:
    """Each such element, which has no children; group 1: its attributes."""
    pattern = names.start(element) + rb"(?:(?<=/>)|\s*" + names.end(element) + rb")"
    return re.finditer(pattern, blanked(data))


def _tag(names: Names, element: bytes, **attributes: str) -> bytes:
    tag = b"<" + names.prefix + element + b"/>"
    for name, value in attributes.items():
        tag = with_attribute(tag, name.encode(), value)
    return tag


def _before_end(data: bytes, names: Names, element: bytes, new: bytes) -> bytes:
    """The document with `new` as the last child of that element."""
    end = [found.start() for found in re.finditer(names.end(element), blanked(data))][-1]
    return data[:end] + new + data[end:]


def _cut(data: bytes, names: Names, element: bytes, name: bytes, value: str) -> bytes:
    """The document without the element whose attribute has that value, case aside for the name of a part."""
    for found in _elements(data, names, element):
        held = attribute(found[1], name) or ""
        if held == value or (value.startswith("/") and held.lower() == value.lower()):
            return data[: found.start()] + data[found.end() :]
    return data


def _at_most(data: bytes, names: Names, name: bytes, most: int, else_: int) -> bytes:
    """The workbook part with that attribute of its windows, where it is above `most`, set to `else_`."""
    parts: list[bytes] = []
    at = 0
    for found in re.finditer(names.start(b"workbookView"), blanked(data)):
        said = attribute(found[1], name) or "0"
        if said.isdigit() and int(said) > most:
            tag = with_attribute(data[found.start() : found.end()], name, str(else_))
            parts += (data[at : found.start()], tag)
            at = found.end()
    return b"".join((*parts, data[at:]))


def _id_name(attributes: bytes, relation: str) -> bytes:
    """How the workbook part spells `r:id`."""
    found = re.findall(rb"\s([\w.-]+:id)\s*=", attributes)
    return next((name for name in found if attribute(attributes, name) == relation), b"r:id")
