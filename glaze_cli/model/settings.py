"""What the user decided, whatever place it was written in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from glaze_cli.model.field import Field
from glaze_cli.model.money import Micros


@dataclass(frozen=True, slots=True)
class RunSettings:
    """How a job runs: `[defaults]` of glaze.toml, and the options of the same names."""

    concurrency: int = 10
    """Cells at once."""
    attempts: int = 3
    """Calls made for one lookup before it has failed."""
    wait_min: float = 1.0
    """Seconds before the second attempt; doubles from there."""
    wait_max: float = 10.0
    """Seconds: the longest wait of our own; a server may ask for more."""
    cell_timeout: float = 120.0
    """Seconds for one cell."""
    job_timeout: float = 3600.0
    """Seconds for the whole run."""
    grace: float = 30.0
    """Seconds that calls in flight get after a first Ctrl-C."""
    min_confidence: float = 0.5
    """0..1: a weaker answer is not taken."""
    max_cost: Micros | None = None
    """The job's spending cap; None: no cap."""
    max_cell_cost: Micros | None = None
    """Most that one cell may cost; None: no cap of its own."""
    max_jobs: int = 5
    """Jobs of one store that run at once; the next ones wait for their turn."""


@dataclass(frozen=True, slots=True)
class ColumnSettings:
    """`[columns."Header"]`: what one column wants."""

    field: Field | None = None
    waterfall: tuple[str, ...] = ()
    """Providers by name, in this order; empty: all that give the field, by tier, then price."""
    min_confidence: float | None = None
    when: str | None = None
    """JMESPath over the row, by header; the cell is skipped where it does not hold."""
    refresh: float | None = None
    """Seconds: an older answer is stale, and asked for anew."""
    prompt: str | None = None
    """What a language model is asked about each row; `{Header}` stands for the cell under that header."""


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """`[providers.id]`: how one provider is reached."""

    key: str | None = None
    """Where its key is, `env:NAME` or `keyring:NAME`; never the key itself."""
    base_url: str | None = None
    max_cost: Micros | None = None
    """Most that it may cost in one job; None: whatever the job may cost."""
    model: str | None = None
    """Which language model, where the provider has several."""
    api: str | None = None
    """`openai`: a service of the user's own that speaks OpenAI's language (vLLM, LM Studio)."""
    max_tokens: int | None = None
    """Most that a language model may write for one cell."""
    input_usd_per_million: Decimal | None = None
    """Dollars for a million tokens that a language model reads; None: as published."""
    output_usd_per_million: Decimal | None = None
    """Dollars for a million tokens that it writes."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All of it, frozen."""

    contact: str = ""
    """Whom services may write to about our calls: a mail box or an address."""
    max_age: float | None = None
    """Seconds: an answer remembered for longer is stale; 0 asks anew; None leaves it to each provider."""
    run: RunSettings = RunSettings()
    inputs: Mapping[str, Field] = field(default_factory=dict)
    """Header → field, where the header does not say it."""
    columns: Mapping[str, ColumnSettings] = field(default_factory=dict)
    providers: Mapping[str, ProviderSettings] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    """`[limits]`: what a workbook may unpack to, by the names of sheets/limits.py."""
    source: Path | None = None
    """The glaze.toml it was read from."""
    manifests: tuple[Path, ...] = ()
    """`--providers-dir`: more folders with manifests, looked in first."""
