"""The tiers of a waterfall, in the order they are asked."""

from __future__ import annotations

from glaze_cli.model.states import Captioned


class Tier(Captioned):
    """Who is asked when: what is known already, then what is free, then what costs."""

    CACHE = "cache", "answered before, from the store"
    FREE = "free", "costs nothing"
    CHEAP = "cheap", "about a cent a call"
    PREMIUM = "premium", "the dearest, asked last"

    @property
    def rank(self) -> int:
        """0 for the tier asked first."""
        return list(Tier).index(self)
