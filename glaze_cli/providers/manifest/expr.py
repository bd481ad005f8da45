"""A JMESPath expression of a manifest, over one answer. Whatever does not fit the answer is null."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult

from glaze_cli.providers.manifest.functions import NAMES, OPTIONS, takes

# In these nodes only the first child looks at the whole answer; the others look at what it found.
_FIRST_CHILD = frozenset(
    {"subexpression", "index_expression", "projection", "value_projection", "filter_projection", "pipe"}
)


@dataclass(frozen=True)
class Expr:
    """A parsed expression; two are equal when their texts are."""

    source: str
    parsed: ParsedResult = field(repr=False, compare=False)

    @classmethod
    def parse(cls, source: str) -> Expr:
        """Raises ValueError with a sentence when it is no JMESPath, or not what its author meant."""
        try:
            parsed = jmespath.compile(source)
        except JMESPathError as error:
            raise ValueError(f"not a JMESPath expression: {str(error).splitlines()[0]}") from None
        tree: Any = parsed.parsed
        if _negates_too_early(tree):
            raise ValueError("`!a.b` means `(!a).b`, which is never true: write `!(a.b)`")
        for call in _calls(tree):
            _refuse_unknown(call)
        return cls(source, parsed)

    @cached_property
    def reads(self) -> frozenset[str]:
        """The names it looks up at the top: `status`, `body`, …"""
        tree: Any = self.parsed.parsed
        return frozenset(_roots(tree))

    @cached_property
    def _path(self) -> tuple[str, ...] | None:
        """`body.data.name` as its names: most expressions are nothing else, and jmespath takes ten times as
        long to walk them."""
        return _names(self.parsed.parsed)

    def of(self, document: object) -> Any:
        """Its value, or None where a name is missing or a type does not fit."""
        path = self._path
        if path is not None:
            value = document
            for name in path:
                value = value.get(name) if isinstance(value, dict) else None
            return value
        try:
            return self.parsed.search(document, options=OPTIONS)
        except (JMESPathError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError):
            return None  # jmespath's own functions let some of these escape

    def holds(self, document: object) -> bool:
        """Whether its value is true as JMESPath has it: null, false and what is empty are not."""
        value = self.of(document)
        return value is not None and value is not False and value not in ("", [], {})


def _names(node: Any) -> tuple[str, ...] | None:
    """The names of a plain path; None for any other expression."""
    if node["type"] == "field":
        return (node["value"],)
    if node["type"] != "subexpression":
        return None
    parts = [_names(child) for child in node["children"]]
    return None if None in parts else tuple(name for part in parts for name in part or ())


def _roots(node: dict[str, Any]) -> Iterator[str]:
    if node["type"] == "field":
        yield node["value"]
    elif node["type"] != "expref":
        children = node["children"][:1] if node["type"] in _FIRST_CHILD else node["children"]
        for child in children:
            yield from _roots(child)


def _negates_too_early(node: dict[str, Any]) -> bool:
    if node["type"] == "subexpression" and node["children"][0]["type"] == "not_expression":
        return True
    return any(_negates_too_early(child) for child in node["children"] if isinstance(child, dict))


def _calls(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if node["type"] == "function_expression":
        yield node
    for child in node["children"]:
        if isinstance(child, dict):
            yield from _calls(child)


def _refuse_unknown(call: dict[str, Any]) -> None:
    """JMESPath would notice only when it is called, and we would take that for null."""
    name, count = call["value"], len(call["children"])
    if name not in NAMES:
        near = get_close_matches(name, sorted(NAMES), n=1)
        raise ValueError(f"there is no function `{name}`" + (f": did you mean `{near[0]}`?" if near else ""))
    if not takes(name, count):
        raise ValueError(f"`{name}` takes another number of arguments than {count}")
