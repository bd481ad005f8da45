"""`glaze providers`: who can be asked, for what, at what price."""

from __future__ import annotations

from typing import Any

from glaze_cli.cli import options as o


def providers(config: o.Config = None, json_: o.Json = False) -> int:
    """List the providers: tier, what each needs and gives, and whether it can be used now."""
    from glaze_cli.cli.show import View
    from glaze_cli.cli.wiring import provider_set
    from glaze_cli.config import find_settings

    found = provider_set(find_settings(None, config))
    documents = [
        {
            "id": provider.name,
            "tier": str(provider.tier),
            "local": provider.local,
            "onRequest": provider.on_request,
            "needs": [sorted(need) for need in provider.needs],
            "gives": sorted(provider.gives),
            "lacks": provider.lacks or None,
        }
        for provider in (*found.providers, *found.unready.values())
    ]
    if json_:
        View(json=True).print_json(documents)
    else:
        _print(documents)
    return 0


def _print(documents: list[dict[str, Any]]) -> None:
    from rich.table import Table

    from glaze_cli.cli.show import out_console

    table = Table("Provider", "Tier", "Where", "Needs", "Gives", title="Providers")
    for document in documents:
        where = "on this machine" if document["local"] else "network"
        if document["lacks"]:
            where = document["lacks"]
        needs = "\nor ".join(" + ".join(need) for need in document["needs"]).replace("*", "anything")
        name = document["id"] + (" (only by name)" if document["onRequest"] else "")
        gives = ", ".join(document["gives"]).replace("*", "anything")
        table.add_row(name, document["tier"], where, needs, gives)
    out_console().print(table)
