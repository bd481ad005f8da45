"""What a provider says when it is asked: whatever it does, the answer is a value."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence

from glaze_cli.engine.flight import Asked
from glaze_cli.engine.permit import Outcome
from glaze_cli.errors import LookupFailed, ProviderError
from glaze_cli.model import FailReason, Lookup, Submitted
from glaze_cli.providers.base import Provider


async def outcome_of(provider: Provider, asking: Awaitable[Outcome]) -> Outcome:
    """The provider's word; what it raises beyond its contract is its defect, and fails the lookup."""
    try:
        return await asking
    except ProviderError as error:
        return error
    except Exception as error:
        return defect(provider, error)


async def outcomes_of(provider: Provider, lookups: Sequence[Lookup]) -> list[Outcome]:
    """Its own word about each lookup; an error of the whole call is the word about all."""
    if len(lookups) == 1:
        return [await outcome_of(provider, provider.look_up(lookups[0]))]
    try:
        answers = list(await provider.look_up_many(lookups))
        if len(answers) != len(lookups):
            raise ValueError(f"{len(answers)} answers to {len(lookups)} lookups")
    except ProviderError as error:
        return [error] * len(lookups)
    except Exception as error:
        return [defect(provider, error)] * len(lookups)
    return list(answers)


async def local_answer(provider: Provider, lookup: Lookup) -> Asked:
    """The answer of a provider of this machine: no permit, nothing to keep."""
    try:
        outcome = await provider.look_up(lookup)
    except ProviderError as error:
        return Asked(error, calls=1)
    except Exception as error:
        return Asked(defect(provider, error), calls=1)
    if isinstance(outcome, Submitted):
        late = f"{provider.name} is of this machine and cannot answer later"
        return Asked(LookupFailed(late, FailReason.DEFECT), calls=1)
    return Asked(outcome, calls=1)


def defect(provider: Provider, error: Exception) -> LookupFailed:
    """Its code is to blame, not the row."""
    return LookupFailed(f"{provider.name} broke: {type(error).__name__}: {error}", FailReason.DEFECT)
