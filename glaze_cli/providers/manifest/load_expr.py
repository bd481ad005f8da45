"""Reads expressions out of a manifest, and what is made of them alone: rules, waits, confidence."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from functools import lru_cache

from glaze_cli.providers.manifest.document import NAMES
from glaze_cli.providers.manifest.expr import Expr
from glaze_cli.providers.manifest.schema import Confidence, Outcome, Rule, Wait
from glaze_cli.providers.manifest.section import Section

# Manifests say the same again and again: of all that ship, two in three have been read before.
_expr = lru_cache(maxsize=2_000)(Expr.parse)

USUAL_WAITS = (Wait(Expr.parse('headers."retry-after-ms"'), "ms"), Wait(Expr.parse('headers."retry-after"')))
"""Where most services say how long to wait."""


class _Unit(StrEnum):
    SECONDS = "s"
    MILLISECONDS = "ms"


def load_expr(section: Section, key: str, names: Collection[str] = NAMES) -> Expr:
    """The expression under a key, which may look up `names`. Raises ManifestError."""
    return _parse(section, key, section.text(key), names)


def load_expr_if(section: Section, key: str, names: Collection[str] = NAMES) -> Expr | None:
    """The same; None where the key is missing."""
    return load_expr(section, key, names) if section.has(key) else None


def load_rules(section: Section) -> tuple[Rule, ...]:
    """The `rules`, in their order. Raises ManifestError."""
    rules = []
    for table in section.inners("rules"):
        then = table.choice("then", Outcome)
        rules.append(Rule(load_expr(table, "when"), then, table.text("why", "")))
        table.close()
    return tuple(rules)


def load_waits(section: Section) -> tuple[Wait, ...]:
    """The places of `wait`; the usual ones where it is missing. Raises ManifestError."""
    if not section.has("wait"):
        return USUAL_WAITS
    waits = []
    for number, hint in enumerate(section.ask("wait", list, "a list of paths")):
        if isinstance(hint, str):
            waits.append(Wait(_parse(section, "wait", hint, NAMES)))
        elif isinstance(hint, dict):
            table = section.at("wait", hint, number)
            waits.append(Wait(load_expr(table, "path"), table.choice("unit", _Unit, _Unit.SECONDS)))
            table.close()
        else:
            section.refuse("wait", "`wait` must be a list of paths, or of tables with `path` and `unit`")
    return tuple(waits)


def load_confidence(section: Section, names: Collection[str]) -> Confidence | None:
    """A number, a path, or a path with a scale. Raises ManifestError."""
    if not section.has("confidence"):
        return None
    value = section.ask("confidence", object, "a path")
    if isinstance(value, str):
        return Confidence(load_expr(section, "confidence", names))
    if not isinstance(value, dict):
        return Confidence(Expr.parse(f"`{load_share(section, 'confidence')}`"))
    table = section.inner("confidence")
    scale = table.number("scale", "a number above 0", 1)
    if not scale:
        table.refuse("scale", "`scale` must be a number above 0")
    confidence = Confidence(load_expr(table, "path", names), float(scale))
    table.close()
    return confidence


def load_share(section: Section, key: str) -> float:
    """A number from 0 to 1. Raises ManifestError."""
    share = section.number(key, "a number from 0 to 1")
    if share > 1:
        section.refuse(key, f"`{key}` must be a number from 0 to 1")
    return float(share)


def _parse(section: Section, key: str, source: str, names: Collection[str]) -> Expr:
    try:
        expr = _expr(source)
    except ValueError as error:
        section.refuse(key, f"`{source}`: {error}")
    for name in sorted(expr.reads - set(names)):
        section.refuse(key, f"`{source}` looks up {name!r}; it can look up {', '.join(sorted(names))}")
    return expr
