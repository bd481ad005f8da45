"""`glaze jobs`: the latest jobs."""

from __future__ import annotations

from typing import Annotated

import typer

from glaze_cli.cli import options as o


def jobs(
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many jobs to list.")] = 20,
    store: o.Store = None,
    json: o.Json = False,
) -> int:
    """List the latest jobs: what became of them, what they cost."""
    from glaze_cli.cli.show import View
    from glaze_cli.cli.status import latest

    return latest(store, limit, View(json=json))
