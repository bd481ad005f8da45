"""One table of a manifest while it is read: typed values out of it, and errors that say where."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from glaze_cli.errors import ManifestError
from glaze_cli.providers.manifest.places import Step, line_of

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")


class Section:
    """A table, and its place in the file. Every `ask` remembers its key; `close` refuses the others."""

    def __init__(self, table: Mapping[str, Any], name: str, text: str, path: tuple[Step, ...] = ()) -> None:
        """`name` is the file's, `text` its content; `path` leads to the table from the top."""
        self._table = table
        self._name = name
        self._text = text
        self._path = path
        self._asked: set[str] = set()

    def has(self, key: str) -> bool:
        """Whether the table has the key."""
        self._asked.add(key)
        return key in self._table

    def ask(self, key: str, kind: type[T], what: str, default: T | None = None) -> T:
        """The value of a key, of that type (`what`: the type in words); required without a default."""
        if not self.has(key):
            if default is None:
                self.refuse(None, f"`{key}` is missing: {what}")
            return default
        value = self._table[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.refuse(key, f"`{key}` must be {what}")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A text."""
        return self.ask(key, str, "a text", default)

    def choice(self, key: str, kinds: type[E], default: E | None = None) -> E:
        """One word of an enum."""
        word = self.text(key, default)
        return self._member(key, word, kinds)

    def choices(self, key: str, kinds: type[E], default: Sequence[E]) -> frozenset[E]:
        """Several words of an enum."""
        return frozenset(self._member(key, word, kinds) for word in self.texts(key, default))

    def number(self, key: str, what: str, default: Decimal | int | None = None) -> Decimal:
        """A number, or a number in a text; exact."""
        value = self.ask(key, object, what, default)
        try:
            number = Decimal(value) if isinstance(value, str | int | Decimal) else Decimal("nan")
        except InvalidOperation:
            number = Decimal("nan")
        if isinstance(value, bool) or not number.is_finite() or number < 0:
            self.refuse(key, f"`{key}` must be {what}")
        return number

    def texts(self, key: str, default: Sequence[str] | None = None) -> list[str]:
        """A list of texts."""
        what = "a list of texts"
        values = self.ask(key, list, what, None if default is None else list(default))
        if not all(isinstance(value, str) for value in values):
            self.refuse(key, f"`{key}` must be {what}")
        return values

    def parsed(self, key: str, parse: Callable[[str], T], default: str | None = None) -> T:
        """A text made into something by `parse`, whose ValueError says what is wrong with it."""
        text = self.text(key, default)
        try:
            return parse(text)
        except ValueError as error:
            self.refuse(key, f"`{key} = {text!r}`: {error}")

    def inner(self, key: str) -> Section:
        """The table under a key; an empty one where it is missing."""
        return self.at(key, self.ask(key, dict, "a table", {}))

    def inners(self, key: str) -> list[Section]:
        """The tables in a list under a key; none where it is missing."""
        tables = self.ask(key, list, "a list of tables", [])
        if not all(isinstance(table, dict) for table in tables):
            self.refuse(key, f"`{key}` must be a list of tables")
        path = (*self._path, key)
        return [
            Section(table, self._name, self._text, (*path, number)) for number, table in enumerate(tables)
        ]

    def at(self, key: str, table: Mapping[str, Any], *further: Step) -> Section:
        """A table under a key, or further down."""
        return Section(table, self._name, self._text, (*self._path, key, *further))

    def pairs(self, key: str) -> list[tuple[str, Any]]:
        """The names and values of a table whose names are its author's own."""
        return list(self.ask(key, dict, "a table", {}).items())

    def close(self) -> None:
        """Refuse a key that nothing asked for."""
        for key in self._table:
            if key not in self._asked:
                near = get_close_matches(key, self._asked, n=1)
                known = ", ".join(sorted(self._asked))
                self.refuse(
                    key,
                    f"unknown `{key}`: " + (f"did you mean `{near[0]}`?" if near else f"known are {known}"),
                )

    def refuse(self, key: str | None, sentence: str) -> NoReturn:
        """Raise ManifestError with the file, the line of the key (None: of the table) and the sentence."""
        path = self._path if key is None else (*self._path, key)
        raise ManifestError(f"{self._name}, line {line_of(self._text, path)}: {sentence}")

    def _member(self, key: str, word: str, kinds: type[E]) -> E:
        words = [member.value for member in kinds]
        if word not in words:
            near = get_close_matches(word, words, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"allowed are {', '.join(words)}"
            self.refuse(key, f"`{key}` cannot be `{word}`: {hint}")
        return kinds(word)
