"""The text of a glaze.toml for one sheet: what holds without it as comments, what was found as settings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields

from glaze_cli.model.settings import RunSettings
from glaze_cli.ui.text import inert

WORDS = {
    "concurrency": "cells at once",
    "attempts": "calls made for one lookup before it has failed",
    "wait_min": "seconds before the second call; doubles from there ...",
    "wait_max": "... up to this; a service's own wish to wait counts more",
    "cell_timeout": "seconds for one cell",
    "job_timeout": "seconds for the whole run",
    "grace": "seconds that calls in flight get after a first Ctrl-C",
    "min_confidence": "0 to 1: a weaker answer is not taken, and the next provider is asked",
    "max_cost": "dollars that a job may spend; without this line there is no cap",
    "max_cell_cost": "dollars that one cell may cost; without this line there is no cap",
    "max_jobs": "jobs that run at once; the next ones wait for their turn",
}
"""What each setting of `[defaults]` is; a test holds them to be those of RunSettings."""

_EXAMPLES = {"max_cost": "5.00", "max_cell_cost": "0.10"}
"""Shown where the default is that there is none."""

_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_LONGEST = 1_000
"""Characters of a header; one that is longer is text that stands in the wrong row."""


@dataclass(frozen=True, slots=True)
class Step:
    """One provider of a column's waterfall."""

    name: str
    tier: str
    lacks: str = ""
    """What to do before it can be asked: `set HUNTER_API_KEY`; "" when it is ready."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column with empty cells that somebody could fill."""

    letters: str
    header: str
    field: str
    empty: int
    """Empty cells, among the rows that were looked at."""
    steps: tuple[Step, ...]
    """Who would be asked, in this order; at least one."""
    other: str = ""
    """Another header, for an example of a condition."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A header that says too little of what it means."""

    header: str
    field: str = ""
    """What it may be; "" where nothing speaks for any field."""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A provider that has a use for a key."""

    name: str
    variable: str
    state: str
    price: str = ""
    """As published."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is written about one sheet."""

    sheet: str
    """Its name, for people."""
    rows: int
    """How many were looked at."""
    columns: tuple[Column, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    instead_of: str = ""
    """Settings that are not read any more once these are there; "" where there are none."""


def settings_text(facts: Facts) -> str:
    """A whole glaze.toml. It loads, and changes nothing until a # is taken away."""
    sections = (
        _head(facts),
        _defaults(),
        _inputs([doubt for doubt in facts.doubts if can_be_named(doubt.header)]),
        *(_column(column, facts.rows, not number) for number, column in enumerate(_each_once(facts.columns))),
        _providers(facts.wanted),
    )
    return "\n".join(text for section in sections if (text := "".join(f"{line}\n" for line in section)))


def quoted(text: str) -> str:
    """The text as a TOML string on one line; what cannot be seen is spelled out.

    Raises ValueError for half a surrogate pair, which no TOML file can hold.
    """
    return f'"{"".join(map(_escaped, text))}"'


def can_be_named(header: str) -> bool:
    """Whether a setting can speak of that header."""
    return len(header) <= _LONGEST and not any("\ud800" <= char <= "\udfff" for char in header)


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if char.isprintable():
        return char
    if "\ud800" <= char <= "\udfff":
        raise ValueError("half a surrogate pair is no character")
    short = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(char)
    return short or (f"\\u{ord(char):04X}" if ord(char) < 0x10000 else f"\\U{ord(char):08X}")


def _head(facts: Facts) -> Iterator[str]:
    yield f"# Settings of Glaze for {inert(facts.sheet)}, written by `glaze init`."
    yield "# Glaze reads the glaze.toml beside a sheet by itself; options of a command win over it."
    yield "# A line behind a # changes nothing: most say what holds anyway. Take the # away, and change it."
    yield "# An unknown name is refused, so that a typing error is never a silent default."
    if facts.instead_of:
        yield f"# It is read instead of {inert(facts.instead_of)}: copy what you need from there."


def _defaults() -> Iterator[str]:
    yield "[defaults]"
    lines = [("contact", quoted("you@example.com"), "where services can reach you; some ask for it")]
    for setting in fields(RunSettings):
        default = _EXAMPLES[setting.name] if setting.default is None else repr(setting.default)
        lines.append((setting.name, default, WORDS[setting.name]))
    width = max(len(f"# {name} = {value}") for name, value, _ in lines)
    yield from (f"{f'# {name} = {value}':<{width}}  # {words}" for name, value, words in lines)


def _inputs(doubts: list[Doubt]) -> Iterator[str]:
    yield "[inputs]"
    yield '# Which header is which field, where it does not say so itself: company = "Client".'
    if not doubts:
        return
    yield "# Headers that were not understood, or only with doubt; `glaze columns` shows all. In the place of"
    yield "# FIELD belongs a field's name: company, domain, full_name, email, phone, country, address ..."
    for doubt in doubts:
        why = f"  # {doubt.why}" if doubt.why else ""
        yield f"# {doubt.field or 'FIELD'} = {quoted(doubt.header)}{why}"


def _column(column: Column, rows: int, explained: bool) -> Iterator[str]:
    """`explained`: with a word about each setting, which is said of the first column only."""

    def words(text: str) -> str:
        return f"  # {text}" if explained else ""

    name = quoted(column.header)
    empty = f"{column.empty:,} of {rows:,} cells are empty" if rows else "no row yet"
    yield f"[columns.{name}]  # column {column.letters}: {empty}"
    yield f"field = {quoted(column.field)}"
    names = ", ".join(quoted(step.name) for step in column.steps)
    yield f"# waterfall = [{names}]{words('who is asked, in this order')}"
    width = max(len(inert(step.name)) for step in column.steps)
    for step in column.steps:
        line = f"#   {inert(step.name):<{width}}  {step.tier:<7}  {inert(step.lacks)}"
        yield line.rstrip()
    yield f"# min_confidence = 0.8{words('a weaker answer is not taken in this column')}"
    if column.other:
        condition = quoted(f"{_in_jmespath(column.other)} != `null`")
        yield f"# when = {condition}{words('JMESPath over the row; elsewhere the cell is skipped')}"
    yield f'# refresh = "30d"{words("ask anew about what was found longer ago")}'


def _in_jmespath(header: str) -> str:
    if re.fullmatch(r"[A-Za-z_]\w*", header, re.ASCII):
        return header
    return json.dumps(header, ensure_ascii=False)


def _each_once(columns: Iterable[Column]) -> Iterator[Column]:
    """A table speaks of all columns with its header."""
    named: dict[str, Column] = {}
    for column in columns:
        if can_be_named(column.header):
            named.setdefault(column.header, column)
    return iter(named.values())


def _providers(wanted: Sequence[Wanted]) -> Iterator[str]:
    if not wanted:
        return
    yield "# Services with a use for a key that could be asked about these columns (all: `glaze providers`)."
    yield "# A key is named here, never written: it stays in the environment, or in the keyring."
    for provider in wanted:
        key = provider.name if _BARE.fullmatch(provider.name) else quoted(provider.name)
        price = f"; {inert(provider.price)}" if provider.price else ""
        yield f"# [providers.{key}]  # {inert(provider.state)}{price}"
        yield f"# key = {quoted(f'env:{provider.variable}')}"
        yield "# max_cost = 2.00  # dollars that it may cost in one job"
