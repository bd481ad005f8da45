"""Where each key of a TOML text stands. The TOML reader keeps no places; errors need them."""

from __future__ import annotations

import re
from collections.abc import Sequence

Step = str | int
Path = tuple[Step, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}' r"|'''.*?'{3,5}" r'|"(?:\\.|[^"\\\n])*"' r"|'[^'\n]*'", re.DOTALL
)
_PLAIN = re.compile(r"[^,\]}#\n]*")  # a number, a date, true or false


def line_of(text: str, path: Sequence[Step]) -> int:
    """The line, from 1, of a key of a valid TOML text; of the nearest table around it when it is not there.

    A number in the path counts the tables or values of a list, from 0.
    """
    places = _Scanner(text).scan()
    for length in range(len(path), 0, -1):
        place = places.get(tuple(path[:length]))
        if place is not None:
            return text.count("\n", 0, place) + 1
    return 1


class _Scanner:
    """Reads a text once; it is known to be TOML, so nothing is checked."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._places: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}

    def scan(self) -> dict[Path, int]:
        """Where each key, each table and each value of a list begins."""
        table: Path = ()
        self._skip()
        while self._at < len(self._text):
            before = self._at
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip()
            if self._at == before:
                break
        return self._places

    def _skip(self) -> None:
        blank = _BLANK.match(self._text, self._at)
        self._at = blank.end() if blank else self._at

    def _takes(self, sign: str) -> bool:
        found = self._text.startswith(sign, self._at)
        self._at += len(sign) if found else 0
        return found

    def _header(self) -> Path:
        start = self._at
        several = self._takes("[[") or not self._takes("[")
        table = self._resolved(self._key())
        self._skip()
        self._at += 2 if several else 1
        if several:
            number = self._counts.get(table, 0)
            self._counts[table] = number + 1
            self._places.setdefault(table, start)
            table = (*table, number)
        self._places[table] = start
        return table

    def _resolved(self, names: Path) -> Path:
        """Names of a header as a path: inside a list of tables it means the latest of them."""
        path: Path = ()
        for name in names[:-1]:
            path = (*path, name)
            if path in self._counts:
                path = (*path, self._counts[path] - 1)
        return (*path, names[-1]) if names else ()

    def _key(self) -> Path:
        """A key, perhaps dotted."""
        names: list[str] = []
        while True:
            self._skip()
            found = _STRING.match(self._text, self._at) or _BARE.match(self._text, self._at)
            if found is None:
                return tuple(names)
            self._at = found.end()
            names.append(_unquoted(found[0]))
            self._skip()
            if not self._takes("."):
                return tuple(names)

    def _pair(self, table: Path) -> None:
        start = self._at
        names = self._key()
        path = table
        for name in names:
            path = (*path, name)
            self._places.setdefault(path, start)
        self._skip()
        self._takes("=")
        self._value(path)

    def _value(self, path: Path) -> None:
        self._skip()
        if self._takes("["):
            number = 0
            while not self._ended("]"):
                self._places[(*path, number)] = self._at
                self._value((*path, number))
                number += 1
        elif self._takes("{"):
            while not self._ended("}"):
                self._pair(path)
        else:
            found = _STRING.match(self._text, self._at) or _PLAIN.match(self._text, self._at)
            self._at = found.end() if found else len(self._text)

    def _ended(self, sign: str) -> bool:
        """Whether a list or a table ends here; a comma before the next part is passed over."""
        self._skip()
        if self._takes(","):
            self._skip()
        return self._takes(sign) or self._at >= len(self._text)


def _unquoted(name: str) -> str:
    if name[0] == "'":
        return name[1:-1]
    if name[0] != '"':
        return name
    import tomllib

    (plain,) = tomllib.loads(f"{name} = 1")
    return plain
