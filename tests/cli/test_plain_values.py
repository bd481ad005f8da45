"""What is plain on a command line is read as Typer reads it; the rest is read by Typer."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer
import typer.main
from typer.core import TyperCommand

from glaze_cli.cli.plain_values import PlainCommand


class Colour(Enum):
    """A choice."""

    RED = "red"
    BLUE = "blue"


def command(cls: type[TyperCommand], seen: list[dict[str, Any]]) -> Any:
    """A command with a parameter of each kind that Glaze's commands have."""
    app = typer.Typer(add_completion=False)

    @app.command(cls=cls)
    def run(
        name: Annotated[str | None, typer.Argument()] = None,
        path: Annotated[Path | None, typer.Option("--path")] = None,
        count: Annotated[int, typer.Option("--count", min=1)] = 20,
        share: Annotated[float | None, typer.Option("--share", max=1.5)] = None,
        words: Annotated[list[str] | None, typer.Option("--word")] = None,
        paths: Annotated[list[Path] | None, typer.Option("--paths")] = None,
        whole: Annotated[Path | None, typer.Option("--whole", exists=True)] = None,
        colour: Annotated[Colour, typer.Option("--colour")] = Colour.RED,
        flag: Annotated[bool, typer.Option("--flag")] = False,
    ) -> None:
        seen.append(dict(locals()))

    return typer.main.get_command(app)


def outcome(cls: type[TyperCommand], arguments: list[str]) -> Any:
    """What the command got, with the kinds; or the sentence of the refusal."""
    seen: list[dict[str, Any]] = []
    try:
        command(cls, seen).main(arguments, standalone_mode=False)
    except Exception as refusal:
        return type(refusal).__name__, refusal.message  # type: ignore[attr-defined]
    values = {name: value for name, value in seen[0].items() if name != "seen"}
    return values, {name: type(value) for name, value in values.items()}


@pytest.mark.parametrize(
    "words",
    [
        *("", "job", "--count 3", "--count 007", "--count 0", "--count -3", "--count 1_000", "--count x"),
        *("--count 3.0", "--count 12345678901234567890", "--count ٣", "--count=", "--count +3"),
        *("--share 1", "--share 0.25", "--share .5", "--share 1e-1", "--share 2", "--share nan"),
        *("--share 1.", "--share -0.0", "--share ,5", "--share 1.5"),
        *("--path a.csv", "--path .", "--path nowhere/at/all", "--path=", "--path -", "--path a//b/"),
        *("--word a --word b", "--word=", "--paths . --paths x", "--whole .", "--whole nowhere"),
        *("--colour blue", "--colour green", "--flag", "--flag --no-such", "a b"),
    ],
)
def test_as_typer_reads_it(words: str) -> None:
    """The same values of the same kinds, or the same refusal in the same words."""
    arguments = words.split()
    assert outcome(PlainCommand, arguments) == outcome(TyperCommand, arguments)
