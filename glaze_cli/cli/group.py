"""The program's commands, with a word about what may have been meant by one that there is not."""

from __future__ import annotations

import difflib
import shlex
from pathlib import Path
from typing import Any

from typer.core import TyperGroup

_SHEETS = (".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


class GlazeGroup(TyperGroup):
    """Typer's group, whatever the version of Typer at hand suggests by itself."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the first word names; wrong usage says what may have been meant."""
        word = args[0] if args else ""
        if not (ctx.resilient_parsing or word.startswith("-") or self.get_command(ctx, word)):
            ctx.fail(self._unknown(ctx, word))
        return super().resolve_command(ctx, args)

    def _unknown(self, ctx: Any, word: str) -> str:
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
