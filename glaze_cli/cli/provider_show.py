"""`glaze providers show`: the contract of one provider."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from glaze_cli.cli import completion
from glaze_cli.cli import options as o
from glaze_cli.cli.asked import Asked

if TYPE_CHECKING:
    from glaze_cli.providers.base import Provider

_LABEL = 15
"""Columns that the labels take."""


def show(
    context: typer.Context,
    id_: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="Its id, as `glaze providers` lists it.", autocompletion=completion.providers
        ),
    ],
    config: o.Config = None,
    providers_dir: o.ProvidersDir = None,
    json_: o.Json = False,
) -> int:
    """Show one provider's contract: needs, gives, price, terms, limits, and where its key comes from."""
    from glaze_cli.cli.provider_words import describe
    from glaze_cli.cli.show import View, out_console

    asked = Asked.of(context, config, providers_dir, json_)
    found = asked.provider_set()
    provider = found.get(id_)
    document = describe(provider, found)
    if asked.json:
        View(json=True).print_json(document)
        return 0
    console = out_console()
    for line in sheet(provider, document, console.width):
        console.print(line, markup=False, soft_wrap=True)
    return 0


def sheet(provider: Provider, document: dict[str, Any], width: int) -> Iterator[str]:
    """The contract in lines of that width."""
    from glaze_cli.cli.provider_words import wrapped
    from glaze_cli.ui.text import inert

    title = f": {document['title']}" if document["title"] else ""
    yield from wrapped(inert(f"{provider.name}{title}"), width, 0, 2)
    for label, text in _parts(provider, document):
        if text:
            head, *rest = wrapped(inert(text), width, _LABEL + 1, _LABEL + 1)
            yield f"{label:<{_LABEL}} {head.strip()}"
            yield from rest


def _parts(provider: Provider, document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    from glaze_cli.cli.provider_words import age_said, limits_said, ours

    yield "State", document["state"]
    yield "Tier", f"{provider.tier}: {provider.tier.caption}"
    yield from ways(document)
    if provider.local:
        return
    yield "Price", price_said(document)
    yield "Key", key_said(document, ours(provider))
    yield "Address", document["baseUrl"] or ""
    yield "Documentation", document["docs"] or ""
    yield "Licence", document["license"] or ""
    yield "Attribution", document["attribution"] or ""
    yield "Terms", document["terms"] or ""
    yield "Limits", limits_said(provider.limits)
    keep = provider.keep
    kept = f"found {age_said(keep.hit_s)}, not found {age_said(keep.miss_s)}"
    yield "Remembered", kept if keep.store else "not at all: its terms forbid it"


def ways(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What a row needs and what it gets; alternatives that give the same stand together."""
    from glaze_cli.cli.provider_words import anything

    if document["group"] == "prompts":
        yield "Needs", "the cells that the column's prompt names"
        yield "Gives", "its answer to the prompt"
        return
    found = document["alternatives"]
    for number, way in enumerate(found):
        yield "Needs" if number == 0 else "or needs", anything(way["needs"], " + ")
        if number + 1 == len(found) or found[number + 1]["gives"] != way["gives"]:
            yield "  and gives", anything(way["gives"])


def price_said(document: dict[str, Any]) -> str:
    """The published price, and when that was read."""
    published = f" (as published, read {document['priced']})" if document["priced"] else ""
    return f"{document['price']}{published}" if document["price"] else ""


def key_said(document: dict[str, Any], ours: bool) -> str:
    """Where the key comes from and whether it is there; never the key. Others' code sees to its own keys."""
    if document["key"] is None:
        return "none needed" if ours else ""
    needed = "" if document["lacks"] or document["key"]["set"] else ", and not needed"
    return f"{document['key']['from']}, {'set' if document['key']['set'] else 'not set'}{needed}"
