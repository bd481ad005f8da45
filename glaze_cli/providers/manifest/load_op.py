"""Reads one `[[op]]` of a manifest, and checks that its parts fit each other."""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import get_close_matches
from typing import Any

from glaze_cli.fields.catalog import field_infos
from glaze_cli.model import Field, custom_field
from glaze_cli.providers.manifest.document import NAMES
from glaze_cli.providers.manifest.expr import Expr
from glaze_cli.providers.manifest.load_cost import load_cost
from glaze_cli.providers.manifest.load_expr import (
    USUAL_WAITS,
    load_confidence,
    load_expr,
    load_expr_if,
    load_rules,
    load_share,
    load_waits,
)
from glaze_cli.providers.manifest.load_request import header_name, load_request
from glaze_cli.providers.manifest.schema import Accept, Check, Expect, Op
from glaze_cli.providers.manifest.section import Section

_NAME = re.compile(r"[a-z][a-z0-9_]*")
__all__ = ["USUAL_WAITS", "load_check", "load_op"]


def load_op(section: Section) -> Op:
    """The operation. Raises ManifestError."""
    needs, gives = _fields(section, "needs"), _fields(section, "gives")
    items = load_expr_if(section, "items")
    seen = NAMES | {"item"} if items else NAMES
    found = seen | gives
    derive = _derive(section, needs)
    known = needs | {Field(name) for name in derive}
    request = load_request(section.inner("request"), known)
    op = Op(
        id=section.text("id"),
        needs=needs,
        gives=gives,
        request=request,
        extract=_extract(section, gives, seen),
        expect=section.choice("expect", Expect, Expect.JSON),
        rules=load_rules(section),
        items=items,
        derive=derive,
        accept=_accept(section.inner("accept"), known, found),
        confidence=load_confidence(section, seen | {"similarity"}),
        citations=load_expr_if(section, "citations", found),
        cost=load_cost(section.inner("cost")),
        wait=load_waits(section),
        idempotent=section.ask("idempotent", bool, "true or false", False),
        idempotency_header=section.parsed("idempotency_header", header_name, "-").strip("-"),
        **_ways(section, needs, request.method),
    )
    _refuse_mixture(section, op)
    section.close()
    return op


def load_check(section: Section) -> Check:
    """The harmless question. Raises ManifestError."""
    check = Check(
        request=load_request(section.inner("request"), ()),
        expect=section.choice("expect", Expect, Expect.JSON),
        rules=load_rules(section),
    )
    section.close()
    return check


def _ways(section: Section, needs: frozenset[Field], method: str) -> dict[str, Any]:
    """The other ways to ask, by name; most operations have none."""
    if not any(map(section.has, ("pages", "batch", "poll"))):
        return {}
    from glaze_cli.providers.manifest.load_ways import load_batch, load_pages, load_poll

    return {
        "pages": load_pages(section.inner("pages"), method) if section.has("pages") else None,
        "batch": load_batch(section.inner("batch"), needs) if section.has("batch") else None,
        "poll": load_poll(section.inner("poll"), needs) if section.has("poll") else None,
    }


def _refuse_mixture(section: Section, op: Op) -> None:
    ways = [key for key, way in (("pages", op.pages), ("batch", op.batch), ("poll", op.poll)) if way]
    if len(ways) > 1:
        section.refuse(ways[1], f"an operation has `{ways[0]}` or `{ways[1]}`, not both")
    if op.pages is not None and op.items is None:
        section.refuse("pages", "`pages` needs `items`: which list goes on over the pages")


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


def _derive(section: Section, needs: frozenset[Field]) -> dict[str, Expr]:
    table = section.inner("derive")
    derived = {name: load_expr(table, name, needs) for name, _ in section.pairs("derive")}
    for name in derived:
        if not _NAME.fullmatch(name) or name in field_infos():
            table.refuse(name, f"`{name}` must be a name of its own, and no field's")
    return derived


def _extract(section: Section, gives: frozenset[Field], names: Collection[str]) -> dict[Field, Expr]:
    table = section.inner("extract")
    paths = {_field(table, name, name): load_expr(table, name, names) for name, _ in section.pairs("extract")}
    for field in sorted(gives ^ paths.keys()):
        missing = "has no path for it" if field in gives else "has it, but `gives` does not"
        section.refuse("extract", f"`gives` and `extract` differ about {field}: `extract` {missing}")
    return paths


def _accept(section: Section, needs: frozenset[Field], names: Collection[str]) -> tuple[Accept, ...]:
    rules = []
    for key in ("similarity", "equal"):
        if not section.has(key):
            continue
        table = section.inner(key)
        field = Field(table.text("field"))
        if field not in needs:
            table.refuse("field", f"`field` is {field}, which is not in `needs`")
        least = load_share(table, "min") if key == "similarity" else None
        rules.append(Accept(field, load_expr(table, "path", names), least))
        table.close()
    section.close()
    return tuple(rules)
