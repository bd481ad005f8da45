"""What a provider answers: Found or NotFound. Never None."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from glaze_cli.model.field import Field
from glaze_cli.model.money import Micros

Scalar = str | int | float | bool
"""A value that fits in a cell."""


class Found(NamedTuple):
    """One answer; it may hold several fields, so that one call can fill several columns.

    A plain tuple, as NotFound is: there is one a cell, in a sixth of the time that a frozen dataclass takes.
    """

    values: Mapping[Field, Scalar]
    """Only what the provider knows: a field it does not know is absent, never empty."""
    confidence: float = 1.0
    """0..1: how sure the provider is that this answer is about the row that was asked."""
    citations: tuple[str, ...] = ()
    """Addresses where a person can check the answer."""
    cost: Micros | None = None
    """What the call was billed, where the provider says so; None: the price."""


class NotFound(NamedTuple):
    """The provider answered, and has nothing. Remembered like an answer, so it is not asked again."""

    detail: str = ""
    """Why, in a few words, for the receipt: `no such domain`."""
    cost: Micros | None = None
    """What the call was billed, where the provider says so; None: the price of a miss."""


Answer = Found | NotFound


@dataclass(frozen=True, slots=True)
class Submitted:
    """The service took the question and will answer later; it is paid for, so it must not be asked again."""

    handle: str
    """The service's own name for the job, as `Provider.collect` needs it. Journalled before anything else."""
    wait_s: float
    """Seconds until it is worth asking for the answer."""
