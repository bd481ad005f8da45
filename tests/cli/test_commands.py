"""The list of commands: names, order and lines are those of the commands themselves."""

from __future__ import annotations

from pathlib import Path

import typer.main

import glaze_cli.cli
from glaze_cli.cli.app import app
from glaze_cli.cli.commands import LINES, Commands, LateCommand


def test_each_line_is_the_first_paragraph_of_the_command() -> None:
    """`glaze --help` says of a command what the command says of itself."""
    commands = Commands()
    for name, line in LINES.items():
        first = commands[name].help.partition("\n\n")[0]
        assert " ".join(first.split()) == line, name
        assert commands[name].name == name


def test_every_command_is_listed() -> None:
    """A file whose function carries the file's name and takes options is a command."""
    folder = Path(glaze_cli.cli.__file__).parent
    having = {
        path.stem
        for path in folder.glob("*.py")
        if f"\ndef {path.stem}(\n" in (text := path.read_text(encoding="utf-8"))
        and "= False,\n) -> int:" in text
    }
    assert having <= set(LINES)
    assert len(having) > 12


def test_a_list_makes_no_command() -> None:
    """Names and lines are at hand at once; the command is made when it is called."""
    group = typer.main.get_command(app)
    context = typer.Context(group)
    listed = [group.get_command(context, name) for name in group.list_commands(context)]
    assert [command.name for command in listed] == list(LINES)
    assert all(isinstance(command, LateCommand) for command in listed)
    assert listed[1].make_context("status", ["x"]).command is not listed[1]
    assert group.get_command(context, "statsu") is None
