"""What a provider of the network is made with."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from glaze_cli.providers.http import HttpDoor


@dataclass(frozen=True, slots=True)
class Setup:
    """The door all share, and what the user decided about this one provider."""

    door: HttpDoor
    key: str | None = field(default=None, repr=False)
    """The key itself; it goes to the service and nowhere else."""
    key_name: str = ""
    """The variable it comes from, for sentences: HUNTER_API_KEY."""
    base_url: str | None = None
    """Instead of the service's own hosts, all of them: a proxy, a sandbox, a test server."""
    contact: str = ""
    """An address or mail box that services may write to about us; "" when the user gave none."""
    model: str = ""
    """Which language model; "" for the provider's usual one."""
    max_tokens: int | None = None
    """Most that a language model may write; None for the usual bound."""
    input_usd_per_million: Decimal | None = None
    """Dollars for a million tokens read, where the user says so; None: as published."""
    output_usd_per_million: Decimal | None = None
