"""Reading an item of Wikidata: which of several statements counts, and what a value is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_TIME = re.compile(r"\+(\d{4})-(\d{2})-(\d{2})T")
_POINT_IN_TIME, _END = "P585", "P582"

DOLLAR = "http://www.wikidata.org/entity/Q4917"


def mapping(value: object) -> Mapping[str, Any]:
    """An object; Wikidata writes an empty one as `[]`."""
    return value if isinstance(value, dict) else {}


def best(item: Mapping[str, Any], prop: str) -> Any:
    """The value of the statement that counts: preferred, else the latest by its date, else the only one.

    None where there is none, where it is over (a former chief executive), or where two of the same rank
    and date differ: then nobody can tell.
    """
    statements = [s for s in _statements(item, prop) if s.get("rank") != "deprecated" and not _over(s)]
    preferred = [s for s in statements if s.get("rank") == "preferred"]
    candidates = preferred or statements
    if len(candidates) > 1:
        latest = max(_when(statement) for statement in candidates)
        candidates = [statement for statement in candidates if _when(statement) == latest]
    values = [value for value in (_value(statement.get("mainsnak")) for statement in candidates) if value]
    return values[0] if values and all(value == values[0] for value in values) else None


def has(item: Mapping[str, Any], prop: str) -> bool:
    """Whether there is any statement about it."""
    return any(True for _ in _statements(item, prop))


def all_ids(item: Mapping[str, Any], prop: str) -> set[str]:
    """The ids of all items it names."""
    values = (_value(statement.get("mainsnak")) for statement in _statements(item, prop))
    return {found for value in values if (found := item_id(value))}


def item_id(value: object) -> str | None:
    """The Q-id that a value names."""
    found = mapping(value).get("id")
    return found if isinstance(found, str) else None


def text(value: object) -> str | None:
    """A plain text."""
    return value.strip() or None if isinstance(value, str) else None


def year(value: object) -> int | None:
    """Of a time; years before Christ, and what is only a century, are none."""
    time = mapping(value)
    found = _TIME.match(str(time.get("time", "")))
    precision = time.get("precision")
    return (
        int(found[1]) if found and isinstance(precision, int) and precision >= 9 and int(found[1]) else None
    )


def amount(value: object, unit: str | None = None) -> int | float | None:
    """`+144000`; with `unit` (an entity's address) only in that unit, else only without one."""
    quantity = mapping(value)
    if quantity.get("unit") != (unit or "1"):
        return None
    try:
        number = float(str(quantity.get("amount", "")))
    except ValueError:
        return None
    return int(number) if number.is_integer() else number


def label(item: Mapping[str, Any]) -> str | None:
    """Its English name, else the one for all languages."""
    labels = mapping(item.get("labels"))
    return next((found for code in ("en", "mul") if (found := _said(labels.get(code)))), None)


def description(item: Mapping[str, Any]) -> str | None:
    """A few English words."""
    return _said(mapping(item.get("descriptions")).get("en"))


def names(item: Mapping[str, Any]) -> list[str]:
    """Its names and other names, in every language that was asked for."""
    said = [_said(entry) for entry in mapping(item.get("labels")).values()]
    for entries in mapping(item.get("aliases")).values():
        said += [_said(entry) for entry in entries] if isinstance(entries, list) else []
    return [name for name in said if name]


def _said(entry: object) -> str | None:
    return text(mapping(entry).get("value"))


def _statements(item: Mapping[str, Any], prop: str) -> Iterator[Mapping[str, Any]]:
    statements = mapping(item.get("claims")).get(prop)
    for statement in statements if isinstance(statements, list) else ():
        if isinstance(statement, dict):
            yield statement


def _value(snak: object) -> Any:
    return mapping(mapping(snak).get("datavalue")).get("value")


def _qualifiers(statement: Mapping[str, Any], prop: str) -> list[Any]:
    found = mapping(statement.get("qualifiers")).get(prop)
    return found if isinstance(found, list) else []


def _over(statement: Mapping[str, Any]) -> bool:
    return bool(_qualifiers(statement, _END))


def _when(statement: Mapping[str, Any]) -> str:
    """The statement's date as a text that sorts; "" for none."""
    times = [mapping(_value(snak)).get("time") for snak in _qualifiers(statement, _POINT_IN_TIME)]
    return max((str(time) for time in times if isinstance(time, str)), default="")
