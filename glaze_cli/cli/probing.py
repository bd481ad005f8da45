"""Asking providers their one harmless question, all at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from glaze_cli.cli.wiring import ProviderSet
from glaze_cli.errors import ProviderError, ProviderUnusable
from glaze_cli.providers.base import Provider

PATIENCE_S = 30.0
"""Seconds that one has to answer."""


@dataclass(frozen=True)
class Probed:
    """What came of it."""

    name: str
    ok: bool
    said: str
    unusable: bool = False
    """Its key is refused, or it has no credit: no job could use it."""

    def to_json(self) -> dict[str, Any]:
        """For scripts."""
        return {"id": self.name, "ok": self.ok, "message": self.said}


async def probe_all(found: ProviderSet, providers: Sequence[Provider]) -> list[Probed]:
    """One answer each, in their order."""
    try:
        return list(await asyncio.gather(*map(_probe, providers)))
    finally:
        await found.close()


async def _probe(provider: Provider) -> Probed:
    try:
        async with asyncio.timeout(PATIENCE_S):
            return Probed(provider.name, True, await provider.probe())
    except TimeoutError:
        return Probed(provider.name, False, f"no answer in {PATIENCE_S:g} seconds")
    except ProviderError as error:
        said = str(error).removeprefix(f"{provider.name}: ")
        return Probed(provider.name, False, said, isinstance(error, ProviderUnusable))
    except Exception as error:  # of another package's code, maybe; the others are asked all the same
        return Probed(provider.name, False, f"it broke: {type(error).__name__}")
