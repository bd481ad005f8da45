"""The program's commands, with a word about what may have been meant by one that there is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from glaze_cli.cli.commands import Commands, LateCommand
from glaze_cli.cli.plain_values import PlainGroup

_SHEETS = (".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


class GlazeGroup(PlainGroup):
    """Typer's group; its commands come late, and what may have been meant is ours to say."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._late = Commands()
        super().__init__(*args, **kwargs | {"commands": self._late})

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order of the program's help."""
        return list(self._late)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, as a list needs it; called, it is the real one. None: there is none."""
        return LateCommand(cmd_name, self._late) if cmd_name in self._late else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the first word names; wrong usage says what may have been meant."""
        word = args[0] if args else ""
        if not (ctx.resilient_parsing or word.startswith("-") or self.get_command(ctx, word)):
            ctx.fail(self._unknown(ctx, word))
        return super().resolve_command(ctx, args)

    def _unknown(self, ctx: Any, word: str) -> str:
        import difflib
        import shlex

        from glaze_cli.ui.text import inert

        shown = inert(word)
        if Path(word).suffix.lower() in _SHEETS:
            return (
                f"There is no command {shown}, but that is what a sheet is called: "
                f"`glaze columns {shlex.quote(shown)}` shows what can be filled in it."
            )
        close = difflib.get_close_matches(word.lower(), self.list_commands(ctx), 1)
        hint = f"did you mean {close[0]}?" if close else f"`{ctx.command_path} --help` lists them."
        return f"There is no command {shown}; {hint}"
