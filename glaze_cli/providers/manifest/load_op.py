"""Reads one `[[op]]` of a manifest, and checks that its parts fit each other."""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum

from glaze_cli.fields.catalog import field_infos
from glaze_cli.model import Field, custom_field, to_micros
from glaze_cli.providers.manifest.document import NAMES
from glaze_cli.providers.manifest.expr import Expr
from glaze_cli.providers.manifest.schema import (
    Accept,
    ChargeOn,
    Check,
    Confidence,
    Cost,
    Expect,
    Op,
    Outcome,
    Request,
    Rule,
    Wait,
)
from glaze_cli.providers.manifest.section import Section
from glaze_cli.providers.manifest.template import placeholders

_HEADER = re.compile(r"[A-Za-z0-9-]+")
_OURS = frozenset({"authorization", "cookie", "host", "content-length", "user-agent", "accept-encoding"})
USUAL_WAITS = (Wait(Expr.parse('headers."retry-after-ms"'), "ms"), Wait(Expr.parse('headers."retry-after"')))
"""Where most services say how long to wait."""


class _Method(StrEnum):
    GET = "GET"
    POST = "POST"


class _Unit(StrEnum):
    SECONDS = "s"
    MILLISECONDS = "ms"


def load_op(section: Section) -> Op:
    """The operation. Raises ManifestError."""
    needs, gives = _fields(section, "needs"), _fields(section, "gives")
    items = _expr(section, "items", NAMES) if section.has("items") else None
    seen = NAMES | {"item"} if items else NAMES
    found = seen | gives
    op = Op(
        id=section.text("id"),
        needs=needs,
        gives=gives,
        request=_request(section.inner("request"), needs),
        extract=_extract(section, gives, seen),
        expect=section.choice("expect", Expect, Expect.JSON),
        rules=tuple(_rule(rule) for rule in section.inners("rules")),
        items=items,
        accept=_accept(section.inner("accept"), needs, found),
        confidence=_confidence(section, seen | {"similarity"}),
        citations=_expr(section, "citations", found) if section.has("citations") else None,
        cost=_cost(section.inner("cost")),
        wait=_waits(section),
        idempotent=section.ask("idempotent", bool, "true or false", False),
        idempotency_header=section.parsed("idempotency_header", _header_name, "-").strip("-"),
    )
    section.close()
    return op


def load_check(section: Section) -> Check:
    """The harmless question. Raises ManifestError."""
    check = Check(
        request=_request(section.inner("request"), ()),
        expect=section.choice("expect", Expect, Expect.JSON),
        rules=tuple(_rule(rule) for rule in section.inners("rules")),
    )
    section.close()
    return check


def _fields(section: Section, key: str) -> frozenset[Field]:
    names = section.texts(key)
    if not names:
        section.refuse(key, f"`{key}` is empty: name at least one field")
    return frozenset(_field(section, key, name) for name in names)


def _field(section: Section, key: str, name: str) -> Field:
    """A field we know, or `header:Text` for a column of that very header."""
    marker, _, header = name.partition("header:")
    if header and not marker:
        return custom_field(header)
    if name not in field_infos():
        near = get_close_matches(name, list(field_infos()), n=1)
        hint = f"did you mean `{near[0]}`?" if near else "for a column of your own write `header:Its header`"
        section.refuse(key, f"there is no field {name!r}: {hint}")
    return Field(name)


def _request(section: Section, needs: Collection[str]) -> Request:
    path = section.parsed("path", _path)
    query = [(name, _plain(section, "query", value)) for name, value in section.pairs("query")]
    headers = [(name, _plain(section, "headers", value)) for name, value in section.pairs("headers")]
    for name, _ in headers:
        if not _HEADER.fullmatch(name) or name.lower() in _OURS:
            section.refuse(
                "headers", f"`headers` cannot set {name!r}: a key belongs into [auth], the rest is ours"
            )
    body = section.ask("json", object, "a JSON body") if section.has("json") else None
    method = section.choice("method", _Method, _Method.GET)
    if body is not None and method is _Method.GET:
        section.refuse("json", '`json` needs method = "POST"')
    for name in placeholders([path, dict(query), dict(headers), body]):
        if name not in needs:
            section.refuse(None, f"the request has {{{name}}}, which is not in `needs`")
    section.close()
    return Request(method, path, tuple(query), tuple(headers), _jsonable(body))


def _path(text: str) -> str:
    if not text.startswith("/") or text.startswith("//"):
        raise ValueError("it must begin with one `/`; the host is in `base_url`")
    if not text.isprintable() or set(text) & set(" ?#\\") or set(text.split("/")) & {".", ".."}:
        raise ValueError("it must be a plain path: what follows a `?` belongs into `query`")
    return text


def _header_name(text: str) -> str:
    if not _HEADER.fullmatch(text):
        raise ValueError("it must be a header's name")
    return text


def _plain(section: Section, key: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int | Decimal):
        section.refuse(key, f"`{key}` must hold texts or numbers")
    return str(value)


def _jsonable(value: object) -> object:
    """A body's template without the exact decimals that JSON does not know."""
    if isinstance(value, dict):
        return {name: _jsonable(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_jsonable(part) for part in value]
    return float(value) if isinstance(value, Decimal) else value


def _extract(section: Section, gives: frozenset[Field], names: Collection[str]) -> dict[Field, Expr]:
    table = section.inner("extract")
    paths = {_field(table, name, name): _expr(table, name, names) for name, _ in section.pairs("extract")}
    for field in sorted(gives ^ paths.keys()):
        missing = "has no path for it" if field in gives else "has it, but `gives` does not"
        section.refuse("extract", f"`gives` and `extract` differ about {field}: `extract` {missing}")
    return paths


def _rule(section: Section) -> Rule:
    rule = Rule(_expr(section, "when", NAMES), section.choice("then", Outcome), section.text("why", ""))
    section.close()
    return rule


def _accept(section: Section, needs: frozenset[Field], names: Collection[str]) -> tuple[Accept, ...]:
    rules = []
    for key in ("similarity", "equal"):
        if not section.has(key):
            continue
        table = section.inner(key)
        field = Field(table.text("field"))
        if field not in needs:
            table.refuse("field", f"`field` is {field}, which is not in `needs`")
        least = _share(table, "min") if key == "similarity" else None
        rules.append(Accept(field, _expr(table, "path", names), least))
        table.close()
    section.close()
    return tuple(rules)


def _confidence(section: Section, names: Collection[str]) -> Confidence | None:
    if not section.has("confidence"):
        return None
    value = section.ask("confidence", object, "a path")
    if isinstance(value, str):
        return Confidence(_expr(section, "confidence", names))
    if not isinstance(value, dict):
        return Confidence(Expr.parse(f"`{_share(section, 'confidence')}`"))
    table = section.inner("confidence")
    scale = table.number("scale", "a number above 0", 1)
    if not scale:
        table.refuse("scale", "`scale` must be a number above 0")
    confidence = Confidence(_expr(table, "path", names), float(scale))
    table.close()
    return confidence


def _share(section: Section, key: str) -> float:
    share = section.number(key, "a number from 0 to 1")
    if share > 1:
        section.refuse(key, f"`{key}` must be a number from 0 to 1")
    return float(share)


def _cost(section: Section) -> Cost:
    cost = Cost(
        price=to_micros(section.number("usd", "an amount in dollars", 0)),
        charge_on=section.choices("charge_on", ChargeOn, [ChargeOn.HIT]),
        actual=_expr(section, "actual", NAMES) if section.has("actual") else None,
        unit=to_micros(section.number("unit_usd", "an amount in dollars", 1)),
    )
    section.close()
    return cost


def _waits(section: Section) -> tuple[Wait, ...]:
    if not section.has("wait"):
        return USUAL_WAITS
    waits = []
    for hint in section.ask("wait", list, "a list of paths"):
        if isinstance(hint, str):
            waits.append(Wait(_parse(section, "wait", hint, NAMES)))
        elif isinstance(hint, dict):
            table = section.at("wait", hint)
            waits.append(Wait(_expr(table, "path", NAMES), table.choice("unit", _Unit, _Unit.SECONDS)))
            table.close()
        else:
            section.refuse("wait", "`wait` must be a list of paths, or of tables with `path` and `unit`")
    return tuple(waits)


def _expr(section: Section, key: str, names: Collection[str]) -> Expr:
    return _parse(section, key, section.text(key), names)


def _parse(section: Section, key: str, source: str, names: Collection[str]) -> Expr:
    try:
        expr = Expr.parse(source)
    except ValueError as error:
        section.refuse(key, f"`{source}`: {error}")
    for name in sorted(expr.reads - set(names)):
        section.refuse(key, f"`{source}` looks up {name!r}; it can look up {', '.join(sorted(names))}")
    return expr
