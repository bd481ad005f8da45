"""A provider in words and as JSON; its key never among them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from glaze_cli.cli.wiring import ProviderSet
from glaze_cli.model import ANY, Field, Limits
from glaze_cli.providers.base import Provider
from glaze_cli.providers.llm.model import LanguageModel
from glaze_cli.providers.manifest.provider import ManifestProvider
from glaze_cli.providers.services.service import Service

_SPANS = ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def describe(provider: Provider, found: ProviderSet) -> dict[str, Any]:
    """The provider as JSON."""
    about, keep, key = provider.about, provider.keep, found.keys.get(provider.name)
    windows = [{"calls": window.calls, "seconds": window.seconds} for window in provider.limits.windows]
    return {
        "id": provider.name,
        "title": about.title,
        "group": "prompts" if provider.prompted else "machine" if provider.local else "network",
        "tier": str(provider.tier),
        "local": provider.local,
        "onRequest": provider.on_request,
        "prompted": provider.prompted,
        "needs": [sorted(need) for need in provider.needs],
        "gives": sorted(provider.gives),
        "alternatives": [
            {"needs": sorted(need), "gives": sorted(gives)} for need, gives in alternatives(provider)
        ],
        "lacks": provider.lacks or None,
        "state": state(provider),
        "key": None if key is None else {"from": key.name, "set": bool(key.secret)},
        "baseUrl": base_url(provider, found),
        "docs": about.docs or None,
        "price": about.price or None,
        "priced": about.priced or None,
        "license": about.license or None,
        "attribution": about.attribution or None,
        "terms": about.terms or None,
        "limits": None
        if provider.local
        else {"windows": windows, "concurrency": provider.limits.concurrency},
        "cache": None
        if provider.local
        else {"store": keep.store, "foundSeconds": keep.hit_s, "notFoundSeconds": keep.miss_s},
    }


def state(provider: Provider) -> str:
    """`ready`, `set HUNTER_API_KEY`, `only by name`."""
    words = [provider.lacks] if provider.lacks else []
    if provider.on_request:
        words.append("only by name")
    return ", ".join(words) or "ready"


def in_order(providers: Iterable[Provider]) -> list[Provider]:
    """Those of this machine as they are, then the others by tier and name."""
    return sorted(
        providers, key=lambda p: (not p.local, p.prompted, *((p.tier.rank, p.name) if not p.local else ()))
    )


def alternatives(provider: Provider) -> Iterator[tuple[frozenset[Field], frozenset[Field]]]:
    """What a row needs, and what it gets for it, in the order that they are tried."""
    for need in provider.needs:
        yield need, frozenset(field for field in provider.gives if need in provider.needs_for(field))


def base_url(provider: Provider, found: ProviderSet) -> str | None:
    """Where it is asked; None where that is its own affair, or it is nowhere but here."""
    own = found.settings.providers.get(provider.name)
    if own is not None and (own.base_url or own.api):
        return own.base_url
    if isinstance(provider, ManifestProvider):
        return provider.manifest.base_url
    return provider.host if isinstance(provider, LanguageModel) else None


def ours(provider: Provider) -> bool:
    """Whether Glaze looks after its key and address, rather than another package's code."""
    return isinstance(provider, ManifestProvider | Service)


def limits_said(limits: Limits) -> str:
    """`50 calls in 5 minutes, 2 at once`."""
    parts = [f"{window.calls:,} calls in {_span(window.seconds)}" for window in limits.windows]
    return ", ".join([*parts, f"{limits.concurrency} at once"])


def age_said(seconds: float) -> str:
    """`90 days`."""
    return _span(seconds, one="1 ")


def anything(names: Sequence[str], between: str = ", ") -> str:
    """Fields, as people read them."""
    return "anything" if ANY in names else between.join(names)


def wrapped(text: str, width: int, indent: int, hanging: int) -> list[str]:
    """Lines of at most that width; words are broken only where they are longer than a line."""
    width = max(width, hanging + 10)
    return textwrap.wrap(
        text,
        width,
        initial_indent=" " * indent,
        subsequent_indent=" " * hanging,
        break_on_hyphens=False,
    )


def _span(seconds: float, one: str = "a ") -> str:
    """`a minute`, `5 minutes`."""
    for size, noun in _SPANS:
        count, rest = divmod(seconds, size)
        if count and not rest:
            return (
                f"{one if noun != 'hour' or one != 'a ' else 'an '}{noun}"
                if count == 1
                else f"{count:g} {noun}s"
            )
    return f"{seconds:g} seconds"
