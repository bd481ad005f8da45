"""A column's prompt: what a language model is asked about each row, and which cells it reads."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from glaze_cli.errors import ConfigError
from glaze_cli.model import Field, custom_field

_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Prompt:
    """`In one line, what does {Company} do?`, ready to be asked of any row."""

    template: str
    """With each placeholder as `{header:company}`; braces of the user's own stand doubled."""
    needs: tuple[str, ...]
    """Headers whose cells must hold something: without them the model would guess."""
    likes: tuple[str, ...] = ()
    """Headers that are read where they hold something: `{Country?}`."""

    @classmethod
    def parse(cls, text: str, headers: Sequence[str], column: str) -> Prompt:
        """Raises ConfigError where a placeholder names no header, or there is none."""
        known: dict[Field, str] = {}
        for header in headers:
            if header:
                known.setdefault(custom_field(header), header)
        needs: dict[str, None] = {}
        likes: dict[str, None] = {}

        def rewrite(found: re.Match[str]) -> str:
            if found[1] is None:
                return found[0]
            optional = found[1].endswith("?") and custom_field(found[1]) not in known
            name = found[1][:-1] if optional else found[1]
            header = known.get(custom_field(name))
            if header is None:
                raise ConfigError(_no_header(name, list(known.values()), column))
            (likes if optional else needs)[header] = None
            return "{" + custom_field(header) + "}"

        template = _PLACEHOLDER.sub(rewrite, text.strip())
        if not needs:
            raise ConfigError(
                f'The prompt of column "{column}" reads no cell, so every row would get one answer: '
                "name a column in braces, as in {Company}."
            )
        return cls(template, tuple(needs), tuple(header for header in likes if header not in needs))

    @property
    def reads(self) -> tuple[str, ...]:
        """The headers it reads, in their order."""
        return (*self.needs, *self.likes)

    def inputs(self, texts: Mapping[Field, str]) -> dict[Field, str] | None:
        """What a row's cells (by `custom_field` of their headers) put into it; None where one is missing."""
        read = {custom_field(header): texts.get(custom_field(header), "") for header in self.reads}
        if not all(read[custom_field(header)] for header in self.needs):
            return None
        return {name: text for name, text in read.items() if text}


def _no_header(name: str, headers: Sequence[str], column: str) -> str:
    close = difflib.get_close_matches(name, headers, 1)
    hint = f'did you mean "{close[0]}"?' if close else "`glaze columns` lists the headers."
    return f'The prompt of column "{column}" names {{{name}}}, which is no header of the sheet; {hint}'
