"""Picks the candidate that is about the row out of an answer that is a hit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, NamedTuple

from glaze_cli.model import Field, Scalar
from glaze_cli.providers.manifest.accept import acceptance
from glaze_cli.providers.manifest.document import Document
from glaze_cli.providers.manifest.extract import confidence_of, extract, texts
from glaze_cli.providers.manifest.schema import Op

_MOST = 200  # candidates that are looked at: far more than a search is asked for


class Match(NamedTuple):
    """The values of the one candidate that fits."""

    values: Mapping[Field, Scalar]
    confidence: float
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoMatch:
    """Why nothing fits; `answered` where the service did give values, though not about the row."""

    detail: str
    answered: bool


def match(op: Op, inputs: Mapping[str, str], *documents: Document) -> Match | NoMatch:
    """The best candidate that every accept rule lets pass; two equally good ones are none.

    The documents are the pages of one list.
    """
    if op.items is None and not op.accept and len(documents) == 1:
        return _only(op, documents[0])
    scopes = islice(chain.from_iterable(_scopes(op, document) for document in documents), _MOST)
    candidates = [scope for scope in scopes if scope["values"]]
    if not candidates:
        return NoMatch("the answer holds no value", answered=False)
    fitting = []
    for scope in candidates if op.accept else candidates[:1]:
        score = acceptance(op.accept, inputs, {**scope, **scope["values"]})
        if score is not None:
            fitting.append({**scope, "similarity": score})
    if not fitting:
        return NoMatch("the answer is about others", answered=True)
    best = max(fitting, key=lambda scope: scope["similarity"])
    equals = [scope for scope in fitting if scope["similarity"] == best["similarity"]]
    if any(scope["values"] != best["values"] for scope in equals):
        return NoMatch(f"{len(equals)} equally good matches", answered=True)
    return _match(op, best)


def _only(op: Op, document: Document) -> Match | NoMatch:
    """The same where nothing is to be chosen: the answer is one candidate, and fits as it is."""
    scope = {**document.values, "item": None}
    values = extract(op.extract, scope)
    if not values:
        return NoMatch("the answer holds no value", answered=False)
    scope["values"], scope["similarity"] = values, 1.0
    return _match(op, scope)


def _match(op: Op, best: Mapping[str, Any]) -> Match:
    citations = texts(op.citations.of({**best, **best["values"]})) if op.citations else ()
    return Match(best["values"], confidence_of(op.confidence, best), citations)


def _scopes(op: Op, document: Document) -> Iterator[dict[str, Any]]:
    """What the expressions see of each candidate: the whole answer, `item`, and the values found."""
    items = [None] if op.items is None else op.items.of(document.values)
    for item in items if isinstance(items, list) else [items]:
        scope = {**document.values, "item": item}
        yield {**scope, "values": extract(op.extract, scope)}
