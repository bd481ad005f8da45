"""What a provider is. This file is the manual for writing one in Python."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Protocol

from glaze_cli.errors import LookupFailed
from glaze_cli.model import Answer, Field, Lookup, Micros, Tier


class Provider(Protocol):
    """A source that can fill fields of a row.

    Stateless as far as lookups go: the same object answers many lookups at once.
    """

    @property
    def name(self) -> str:
        """Its id: lower-case letters, digits, `-` and `_`."""

    @property
    def version(self) -> str:
        """Part of the cache key: raise it when answers change meaning."""

    @property
    def tier(self) -> Tier:
        """FREE, CHEAP or PREMIUM."""

    @property
    def local(self) -> bool:
        """True when it computes on this machine: free, no permit, nothing to cache, nothing leaves."""

    @property
    def on_request(self) -> bool:
        """True when it runs only if the user names it (`mock`)."""

    @property
    def synthetic(self) -> bool:
        """True when it makes its values up; then their source is its name, so that nobody takes them for
        real ones."""

    @property
    def needs(self) -> tuple[frozenset[Field], ...]:
        """Alternatives; the first that the row satisfies is what a lookup reads. {ANY}: every input."""

    @property
    def gives(self) -> frozenset[Field]:
        """The fields it can fill. {ANY}: whatever is asked; then `lookup.wants` names the field."""

    def price(self, lookup: Lookup) -> Micros:
        """Most that one call can cost; reserved before the call."""

    async def look_up(self, lookup: Lookup) -> Answer:
        """Found or NotFound; never a guess.

        Raise LookupFailed (this cell: next provider), Throttled(retry_after) (wait and repeat) or
        ProviderUnusable (bad key, no credit: dropped for the whole job). Nothing else: any other
        exception is a defect of the provider, and fails the lookup.
        """

    async def look_up_many(self, lookups: Sequence[Lookup]) -> Sequence[Answer | LookupFailed]:
        """Answers in the order of the lookups. Override where the service has a bulk
        endpoint; match answers by an echoed key, never by position."""

    async def close(self) -> None:
        """Called once, after the last lookup."""


class ProviderBase(ABC):
    """What most providers share: free, on this machine, asked without being named, nothing to close."""

    local: bool = True
    on_request: bool = False
    synthetic: bool = False
    tier: Tier = Tier.FREE

    def price(self, lookup: Lookup) -> Micros:
        """Nothing."""
        return Micros(0)

    @abstractmethod
    async def look_up(self, lookup: Lookup) -> Answer:
        """The one method a provider writes itself."""

    async def look_up_many(self, lookups: Sequence[Lookup]) -> Sequence[Answer | LookupFailed]:
        """One after another; a service with a bulk endpoint overrides this."""
        answers: list[Answer | LookupFailed] = []
        for lookup in lookups:
            try:
                answers.append(await self.look_up(lookup))
            except LookupFailed as error:
                answers.append(error)
        return answers

    async def close(self) -> None:  # noqa: B027  (optional, on purpose: most have nothing to close)
        """Nothing to close."""
