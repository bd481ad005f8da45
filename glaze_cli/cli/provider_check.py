"""`glaze providers check`: is a service there, is its key good, is a manifest one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glaze_cli.cli import completion
from glaze_cli.cli import options as o
from glaze_cli.cli.asked import Asked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from glaze_cli.cli.probing import Probed


def check(
    context: typer.Context,
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID|FILE]",
            help="A provider's id, or a manifest (.toml); default: all that are ready.",
            show_default=False,
            autocompletion=completion.providers,
        ),
    ] = None,
    config: o.Config = None,
    providers_dir: o.ProvidersDir = None,
    json_: o.Json = False,
) -> int:
    """Ask a free, harmless question: is the service there, is the key good? Or read a manifest."""
    import asyncio

    from glaze_cli.cli.probing import probe_all
    from glaze_cli.errors import NoProviderLeft

    asked = Asked.of(context, config, providers_dir, json_)
    if what is not None and what.endswith(".toml"):
        return _manifest(Path(what), asked)
    found = asked.provider_set()
    if what is None:
        chosen = [p for p in found.providers if not (p.local or p.on_request)]
    else:
        chosen = [found.get(what)]
        if chosen[0].lacks:
            raise NoProviderLeft(f"{what} cannot be asked yet: {chosen[0].lacks}.")
    answers = asyncio.run(probe_all(found, chosen))
    _show(answers, asked)
    if what is None and not asked.json:
        _show_unready(found.unready)
    return _code(answers, named=what is not None)


def _code(answers: list[Probed], named: bool) -> int:
    from glaze_cli.cli.exits import Exit

    if named and any(answer.unusable for answer in answers):
        return Exit.NO_PROVIDER
    return Exit.OK if all(answer.ok for answer in answers) else Exit.SOME_FAILED


def _show(answers: list[Probed], asked: Asked) -> None:
    from glaze_cli.cli.show import View, out_console
    from glaze_cli.ui.text import inert

    if asked.json:
        View(json=True).print_json([answer.to_json() for answer in answers])
        return
    console = out_console()
    for answer in answers:
        line = f"{'ok' if answer.ok else 'failed':<7}{answer.name}: {answer.said}"
        console.print(inert(line), markup=False, soft_wrap=True)


def _show_unready(names: Iterable[str]) -> None:
    from glaze_cli.cli.show import View

    if shown := ", ".join(names):
        View().say(f"Not asked, since they lack something (`glaze providers` says what): {shown}.")


def _manifest(path: Path, asked: Asked) -> int:
    """Say what the file gives. Raises ManifestError with file, line and what was meant."""
    from glaze_cli.cli.provider_show import sheet
    from glaze_cli.cli.provider_words import describe
    from glaze_cli.cli.show import View, out_console
    from glaze_cli.cli.wiring import lone_set
    from glaze_cli.errors import ConfigError

    if not path.is_file():
        raise ConfigError(f"There is no file {path}; check the path, or give a provider's id.")
    found = lone_set(asked.settings(), path)
    (provider,) = found.found.values()
    document = describe(provider, found)
    if asked.json:
        View(json=True).print_json(document)
        return 0
    console = out_console()
    console.print(f"{path} is a sound manifest.", markup=False, soft_wrap=True)
    for line in sheet(provider, document, console.width):
        console.print(line, markup=False, soft_wrap=True)
    return 0
