"""Writes docs/commands.md from the program's own --help: `python docs/refresh_help.py`.

tests/test_docs.py calls `page()` and compares, so that the docs never lag behind the program.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parent / "commands.md"
INTRO = """\
# Commands

What `--help` says, of every command. This page is written by `python docs/refresh_help.py`, and a test
compares it with the program. Words and progress go to stderr, data to stdout, so that a pipe gets data only.
[Exit codes](exit-codes.md) are the same for all commands.
"""
COLUMNS = 100
PROGRAM = """
import json, sys
from glaze_cli.cli.exits import run
sys.stdout.reconfigure(encoding="utf-8")
for words in json.load(sys.stdin):
    run([*words, "--help"])
    print(chr(12), end="")  # form feed
"""


def page() -> str:
    """The whole page, as the program at hand would have it."""
    commands = [(), *_commands()]
    sections = zip(commands, _helps(commands), strict=True)
    parts = [INTRO, f"<!-- {drawn_by()} -->\n"]
    parts += [f"## {' '.join(('glaze', *words))}\n\n```text\n{text}\n```\n" for words, text in sections]
    return "\n".join(parts)


def drawn_by() -> str:
    """The libraries that lay the help out; another version may draw the same words differently."""
    return ", ".join(f"{name} {version(name)}" for name in ("typer", "rich"))


def _commands() -> list[tuple[str, ...]]:
    """The commands and their sub-commands, in the order of the program's own help."""
    import typer.main

    from glaze_cli.cli.app import app

    def below(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        for name in command.list_commands(typer.Context(command)) if hasattr(command, "commands") else ():
            yield (*words, name)
            yield from below(command.commands[name], (*words, name))

    return list(below(typer.main.get_command(app), ()))


def _helps(commands: list[tuple[str, ...]]) -> list[str]:
    """Their help as a pipe of that width gets it, from one process: no colours, no blanks at line ends."""
    environment = {**os.environ, "COLUMNS": str(COLUMNS), "TERMINAL_WIDTH": str(COLUMNS), "NO_COLOR": "1"}
    for forces_colour in ("FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS"):
        environment.pop(forces_colour, None)
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(commands),
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    pages = ran.stdout.split("\f")[:-1]
    return ["\n".join(line.rstrip() for line in page.strip("\n").splitlines()).strip("\n") for page in pages]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
