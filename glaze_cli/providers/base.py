"""What a provider is. This file is the manual for writing one in Python."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Protocol

from glaze_cli.errors import LookupFailed
from glaze_cli.model import About, Answer, Field, Keep, Limits, Lookup, Micros, Submitted, Tier


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
    def prompted(self) -> bool:
        """True when it answers a prompt of the user's own (`lookup.prompt`); asked for such columns only."""

    @property
    def lacks(self) -> str:
        """What it lacks to be asked, and what to do: `set HUNTER_API_KEY`; "" when it is ready."""

    @property
    def limits(self) -> Limits:
        """How fast it may be asked. Held by the engine, for all jobs of one store together."""

    @property
    def keep(self) -> Keep:
        """How long its answers are remembered."""

    @property
    def about(self) -> About:
        """Its title, terms and published price."""

    @property
    def patience_s(self) -> float:
        """Seconds after which an answer that comes later will not come any more; 0: none comes later, and
        none of an earlier run is looked for."""

    def batch_of(self, lookup: Lookup) -> int:
        """How many lookups like this one a call can hold; 1: it is asked alone, through `look_up`."""

    @property
    def needs(self) -> tuple[frozenset[Field], ...]:
        """Alternatives; the first that the row satisfies is what a lookup reads. {ANY}: every input."""

    def needs_for(self, field: Field) -> tuple[frozenset[Field], ...]:
        """Those of `needs` that lead to this field: a question that cannot bring it is not paid for."""

    @property
    def gives(self) -> frozenset[Field]:
        """The fields it can fill. {ANY}: whatever is asked; then `lookup.wants` names the field."""

    def price(self, lookup: Lookup) -> Micros:
        """Most that one call can cost; reserved before the call."""

    @property
    def bills_errors(self) -> bool:
        """True when a call that failed is billed too: then each of a lookup's attempts may cost its price."""

    def repeatable(self, lookup: Lookup) -> bool:
        """Whether it may be asked again after a lost reply without being paid twice: it is free, or the
        service knows the call again."""

    async def look_up(self, lookup: Lookup) -> Answer | Submitted:
        """Found or NotFound; never a guess. Submitted where the answer has to be fetched later.

        Raise LookupFailed (this cell: next provider), Throttled(retry_after) (wait and repeat) or
        ProviderUnusable (bad key, no credit: dropped for the whole job). Nothing else: any other
        exception is a defect of the provider, and fails the lookup.
        """

    async def look_up_many(self, lookups: Sequence[Lookup]) -> Sequence[Answer | LookupFailed]:
        """Answers in the order of the lookups, from one call. Override where the service has a bulk
        endpoint (and say so in `batch_of`); match answers by an echoed key, never by position."""

    async def collect(self, lookup: Lookup, handle: str) -> Answer | Submitted:
        """The answer to what was submitted before, perhaps by an earlier run; Submitted: not ready yet.
        Costs nothing, and raises what `look_up` does."""

    async def probe(self) -> str:
        """Ask one harmless, free question; a sentence about what came of it. Raises a ProviderError."""

    async def close(self) -> None:
        """Called once, after the last lookup."""


class ProviderBase(ABC):
    """What most providers share: free, on this machine, asked without being named, nothing to close."""

    name: str
    version: str
    needs: tuple[frozenset[Field], ...]
    gives: frozenset[Field]
    local: bool = True
    on_request: bool = False
    synthetic: bool = False
    prompted: bool = False
    lacks: str = ""
    limits: Limits = Limits()
    keep: Keep = Keep()
    about: About = About()
    patience_s: float = 900.0
    bills_errors: bool = False
    tier: Tier = Tier.FREE

    def price(self, lookup: Lookup) -> Micros:
        """Nothing."""
        return Micros(0)

    def repeatable(self, lookup: Lookup) -> bool:
        """When it is free."""
        return not self.price(lookup)

    def needs_for(self, field: Field) -> tuple[frozenset[Field], ...]:
        """All: one question brings whatever it gives."""
        return self.needs

    def batch_of(self, lookup: Lookup) -> int:
        """One by one."""
        return 1

    @abstractmethod
    async def look_up(self, lookup: Lookup) -> Answer | Submitted:
        """The one method a provider writes itself."""

    async def look_up_many(self, lookups: Sequence[Lookup]) -> Sequence[Answer | LookupFailed]:
        """One after another; a service with a bulk endpoint overrides this."""
        answers: list[Answer | LookupFailed] = []
        for lookup in lookups:
            try:
                answer = await self.look_up(lookup)
            except LookupFailed as error:
                answers.append(error)
                continue
            if isinstance(answer, Submitted):  # it would have to be asked through `collect`
                raise TypeError("an answer that comes later cannot be part of a batch")
            answers.append(answer)
        return answers

    async def collect(self, lookup: Lookup, handle: str) -> Answer | Submitted:
        """For a service whose answers come later; others never get here."""
        raise LookupFailed("it has no answers that come later")

    async def probe(self) -> str:
        """Nothing to ask: it computes here, or has no free question."""
        return "nothing to ask"

    async def close(self) -> None:  # noqa: B027  (optional, on purpose: most have nothing to close)
        """Nothing to close."""
