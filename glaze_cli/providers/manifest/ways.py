"""The other ways to ask than one request, one answer, as a manifest says them. Most have none of them, so
these records are made where one has. `load_ways.py` fills them in from TOML.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from glaze_cli.model import Field
from glaze_cli.providers.manifest.expr import Expr
from glaze_cli.providers.manifest.schema import Expect, Missing, Request, Rule


@dataclass(frozen=True, slots=True)
class Pages:
    """Where the next page of a list is: at the address `next`, or with `cursor` in the parameter `query`."""

    max: int
    next: Expr | None = None
    cursor: Expr | None = None
    query: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """One request about many rows. Each of `items` is read as the body of a single answer would be.

    An item is about the row whose `input` its `key` repeats; without `input`, whose `{key}` in `each`.
    """

    max: int
    request: Request
    items: Expr
    key: Expr
    input: Field | None = None
    join: str = ""
    """Between the rows' values where a placeholder of the request holds all of them."""
    each: Any = None
    """What stands for one row in the list that takes the place of `{each}` in the request's body."""
    status: Expr | None = None
    """An item's own status; else the answer's."""
    rules: tuple[Rule, ...] = ()
    """About the answer as a whole; the operation's own rules are about each item."""
    missing: Missing = Missing.ERROR


@dataclass(frozen=True, slots=True)
class Poll:
    """How the answer is fetched that comes later; `handle` is the service's name for the job."""

    handle: Expr
    request: Request
    rules: tuple[Rule, ...] = ()
    expect: Expect = Expect.JSON
    every_s: float = 5.0
    max_s: float = 900.0
