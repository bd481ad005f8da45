"""JSON that is looked at in a terminal: what would act there is escaped, and not a character is lost."""

from __future__ import annotations

import io
import json
import re
from typing import TextIO

_ACTS = re.compile(
    "[\x7f-\x9f"  # DEL, and the control characters that need no escape before them
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # changes of writing direction
    "\u2028\u2029\ufeff"  # line ends for some readers; a byte order mark
    "\ud800-\udfff]"  # halves of characters, which no encoding can print
)


def escaped(text: str) -> str:
    """The JSON document, with those characters as `\\u009b`: they stand nowhere but inside its strings."""
    return _ACTS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def document_text(document: object) -> str:
    """One JSON document as it is printed, its line end included."""
    return escaped(json.dumps(document, indent=2, ensure_ascii=False)) + "\n"


class Escaping(io.StringIO):
    """JSON that is written piece by piece, each of them escaped on its way to `out`."""

    def __init__(self, out: TextIO) -> None:
        super().__init__()
        self._out = out

    def write(self, text: str, /) -> int:
        """A piece of the document, cut anywhere."""
        self._out.write(escaped(text))
        return len(text)
