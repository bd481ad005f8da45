"""`glaze providers new`: a commented manifest to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from glaze_cli.cli import options as o
from glaze_cli.cli.asked import Asked


def new(
    context: typer.Context,
    id_: Annotated[
        str, typer.Argument(metavar="ID", help="What it will be called: lower-case letters, digits, - and _.")
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="The file (default: glaze/providers/ID.toml beside glaze.toml, else in the working folder).",
            show_default=False,
        ),
    ] = None,
    config: o.Config = None,
) -> int:
    """Write a manifest for a service of your own, with a remark on each line that is to be filled in."""
    from glaze_cli.cli.network import manifest_folder, shipped_ids
    from glaze_cli.cli.show import View
    from glaze_cli.errors import ConfigError
    from glaze_cli.providers.manifest.scaffold import manifest_template
    from glaze_cli.providers.registry import local_providers

    try:
        text = manifest_template(id_)
    except ValueError as error:
        raise ConfigError(f"{id_!r} cannot be a provider's id: {error}.") from error
    if id_ in [provider.name for provider in local_providers()]:
        raise ConfigError(f"There is a provider {id_} on this machine; choose another id.")
    path = output or manifest_folder(Asked.of(context, config, None, False).settings()) / f"{id_}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise ConfigError(f"There is a file {path} already; --output names another.") from None
    view = View()
    if id_ in shipped_ids():
        view.say(f"Note: it takes the place of the {id_} that comes with Glaze.")
    view.say(f"Wrote {path}. Fill in what it asks for, then `glaze providers check {path}`.")
    return 0
