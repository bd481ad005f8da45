"""The commands by name: what a list says of each, and where it is when it is wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import typer.main
from typer.core import TyperCommand

from glaze_cli.cli.plain_values import PlainCommand

LINES = {
    "enrich": "Fill the empty cells of a range, or of columns, and write the values back into the file.",
    "status": "What happened, what it cost, what is left: of one job, or of the latest jobs.",
    "jobs": "List the latest jobs: what became of them, what they cost.",
    "wait": "Wait until a job has ended and its values are written; the exit code is the job's own.",
    "cancel": (
        "Stop a job: calls in flight may finish, what is done is written; `glaze resume` goes on later."
    ),
    "resume": "Go on with a job that was stopped: only what is left is asked, then written back.",
    "retry": "Ask again about a job's cells that failed, or were not found, then write the values back.",
    "why": (
        "Why a cell holds what it holds, or nothing: what was read, who was asked, what they said and cost."
    ),
    "columns": "Show what each header is read as, what can be filled from what is there, and by whom.",
    "init": "Write a commented glaze.toml for a sheet: what is understood, what can be filled, and by whom.",
    "diff": "Show a job's values as a table, or (--json) as a patch that `glaze apply` takes.",
    "apply": (
        "Write a job's values, or a patch, into a file; cells changed since are conflicts, and left alone."
    ),
    "undo": "Put back what the job's cells held before; cells that were touched since are left alone.",
    "cost": "What was spent by provider, month, job, sheet or column, and what the cache saved.",
    "report": (
        "A job on one page that opens offline: fill rates, waterfall, costs, failures, every cell's receipt."
    ),
    "purge": (
        "Delete old jobs with their rows, and old answers, for good; what they cost stays in `glaze cost`."
    ),
    "providers": "List the providers: what each gives and costs, and whether it can be asked now.",
}
"""Each command with the first paragraph of its help, in the order of `glaze --help`.

A copy, so that a list of them imports none; tests/cli/test_commands.py compares it with the commands' own.
"""


class Commands(Mapping[str, Any]):
    """The commands themselves; each is imported and put together when it is taken, once."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in LINES:
            raise KeyError(name)
        if name not in self._made:
            self._made[name] = _make(name)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(LINES)

    def __len__(self) -> int:
        return len(LINES)

    def __contains__(self, name: object) -> bool:
        return name in LINES  # Mapping's own would make it


class LateCommand(TyperCommand):
    """A command as a list of them knows it: name and line. It becomes the real one when it is called."""

    def __init__(self, name: str, commands: Commands) -> None:
        super().__init__(name, help=LINES[name])
        self._commands = commands

    def make_context(self, info_name: str | None, args: list[str], *rest: Any, **extra: Any) -> Any:
        """The context of the real command: what is called from here on is that one."""
        return self._commands[str(self.name)].make_context(info_name, args, *rest, **extra)


def _make(name: str) -> Any:
    thing = getattr(import_module(f"glaze_cli.cli.{name}"), name)
    if not isinstance(thing, typer.Typer):
        alone = typer.Typer(add_completion=False)
        alone.command(name, cls=PlainCommand)(thing)
        thing = alone
    return typer.main.get_command(thing)
