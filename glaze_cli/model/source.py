"""What a source says of itself: how fast it may be asked, how long its answers hold, and on what terms."""

from __future__ import annotations

from dataclasses import dataclass

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Window:
    """At most `calls` in any span of `seconds`."""

    calls: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What the service allows; no windows: as fast as `concurrency` goes."""

    windows: tuple[Window, ...] = ()
    concurrency: int = 10


@dataclass(frozen=True, slots=True)
class Keep:
    """How long its answers are remembered, in seconds from when they were given."""

    hit_s: float = 90 * DAY_S
    miss_s: float = 30 * DAY_S
    """Of "not found": services grow, so it is asked again sooner."""
    store: bool = True
    """False where the terms forbid to keep answers: then nothing is remembered after the run."""


@dataclass(frozen=True, slots=True)
class About:
    """What people should know before they ask it; shown by `glaze providers show`."""

    title: str = ""
    docs: str = ""
    """Address of the service's own documentation."""
    license: str = ""
    """Of the data."""
    attribution: str = ""
    """What has to stand beside the data where it is published."""
    terms: str = ""
    """What its terms ask of the user, in a sentence."""
    price: str = ""
    """What the service publishes about its price, in its own units: `$5 per 1,000 searches`."""
    priced: str = ""
    """When that was read: `2026-08`."""
