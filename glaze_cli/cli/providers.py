"""`glaze providers`: who can be asked, for what, at what price."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from glaze_cli.cli import options as o
from glaze_cli.cli import provider_check, provider_new, provider_show
from glaze_cli.cli.asked import Asked
from glaze_cli.cli.plain_values import PlainCommand, PlainGroup

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console

providers = typer.Typer(name="providers", cls=PlainGroup, invoke_without_command=True, add_completion=False)
providers.command("show", cls=PlainCommand)(provider_show.show)
providers.command("check", cls=PlainCommand)(provider_check.check)
providers.command("new", cls=PlainCommand)(provider_new.new)

_GROUPS = (
    ("machine", "This machine"),
    ("network", "Network"),
    ("prompts", "Prompts: language models, for columns with a question of yours"),
)


@providers.callback()
def list_providers(
    context: typer.Context,
    config: o.Config = None,
    providers_dir: o.ProvidersDir = None,
    json_: o.Json = False,
) -> int:
    """List the providers: what each gives and costs, and whether it can be asked now."""
    asked = context.obj = Asked.of(None, config, providers_dir, json_)
    if context.invoked_subcommand is not None:
        return 0
    from glaze_cli.cli.provider_words import describe, in_order
    from glaze_cli.cli.show import View, out_console

    found = asked.provider_set()
    documents = [describe(provider, found) for provider in in_order(found.found.values())]
    if asked.json:
        View(json=True).print_json(documents)
    else:
        _print(documents, out_console())
    return 0


def _print(documents: Sequence[dict[str, Any]], console: Console) -> None:
    """Lines rather than a table: they read well in 44 columns, and in a pipe."""
    for group, title in _GROUPS:
        members = [document for document in documents if document["group"] == group]
        if members:
            _print_group(title, members, console)
    console.print("More of one: `glaze providers show ID`", soft_wrap=True)
    console.print("Are they there: `glaze providers check`", soft_wrap=True)


def _print_group(title: str, members: Iterable[dict[str, Any]], console: Console) -> None:
    from rich.text import Text

    from glaze_cli.cli.provider_words import anything, wrapped
    from glaze_cli.ui.text import inert

    console.print(title, style="bold")
    for document in members:
        name, width = document["id"], console.width
        head = inert(f"{name:<17} {document['tier']:<8} {document['state']}")
        first, *more = wrapped(" ".join(head.split()) if width < 60 else head, width, 2, 4)
        line = Text(first)
        line.stylize("bold", 2, 2 + len(name))
        console.print(line, soft_wrap=True)
        # A language model gives whatever it is asked: to say so of each would be noise.
        fields = "" if document["group"] == "prompts" else anything(document["gives"])
        details = [*wrapped(fields, width, 4, 4), *wrapped(inert(_price(document)), width, 4, 4)]
        for text in [*more, *details]:
            console.print(Text(text, "" if text in more else "dim"), soft_wrap=True)
    console.print()


def _price(document: dict[str, Any]) -> str:
    """What it publishes, where that says more than its tier."""
    price = document["price"] or ""
    return "" if price.lower() == document["tier"] else price
