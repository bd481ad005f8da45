"""Which providers a run has: those at hand, less those that lack something or were not asked for."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.request import getproxies, proxy_bypass

from glaze_cli.cli.network import Network, refuse_unknown
from glaze_cli.cli.request import EnrichRequest
from glaze_cli.config import Key
from glaze_cli.errors import ConfigError, NoProviderLeft
from glaze_cli.model.settings import Settings
from glaze_cli.providers.base import Provider
from glaze_cli.providers.http import HttpDoor
from glaze_cli.providers.manifest.load import load_manifest
from glaze_cli.providers.proxies import Proxies
from glaze_cli.providers.registry import by_name, entry_point_providers, local_providers


@dataclass(frozen=True)
class ProviderSet:
    """The providers at hand, and the door that those of the network share."""

    found: Mapping[str, Provider]
    """All, by name; `provider.lacks` says what one lacks to be asked."""
    keys: Mapping[str, Key]
    """By name, of those that know a key: where it comes from. Never to be shown."""
    settings: Settings
    door: HttpDoor

    @cached_property
    def providers(self) -> tuple[Provider, ...]:
        """Ready to be asked."""
        return tuple(provider for provider in self.found.values() if not provider.lacks)

    @cached_property
    def unready(self) -> Mapping[str, Provider]:
        """By name, those that lack something."""
        return {name: provider for name, provider in self.found.items() if provider.lacks}

    def chosen(self, request: EnrichRequest) -> tuple[Provider, ...]:
        """The providers of a run: only the named ones when there are names, only local ones when offline,
        only those of the tiers when there are tiers.

        Raises ConfigError for a name there is not, or that another option rules out; NoProviderLeft for a
        named one that lacks its key.
        """
        for name in request.providers:
            self._must_be_usable(name, request)
        named = request.providers or self._named_in_waterfalls()
        return tuple(
            provider
            for provider in self.providers
            if self._allowed(provider, request)
            and (provider.name in named or not (request.providers or provider.on_request))
        )

    def unready_for(self, request: EnrichRequest) -> tuple[Provider, ...]:
        """Those that such a run would have, did they not lack something."""
        named = request.providers
        return tuple(
            provider
            for name, provider in self.unready.items()
            if self._allowed(provider, request) and (name in named or not named)
        )

    def get(self, name: str) -> Provider:
        """The provider of that name. Raises ConfigError with what may have been meant."""
        if name not in self.found:
            close = difflib.get_close_matches(name, self.found, 1)
            hint = f"did you mean {close[0]}?" if close else "`glaze providers` lists those there are."
            raise ConfigError(f"There is no provider {name}; {hint}")
        return self.found[name]

    async def close(self) -> None:
        """After the last lookup."""
        for provider in self.providers:
            await provider.close()
        await self.door.close()

    def _named_in_waterfalls(self) -> set[str]:
        """Naming one in glaze.toml is asking for it too."""
        return {name for column in self.settings.columns.values() for name in column.waterfall}

    def _allowed(self, provider: Provider, request: EnrichRequest) -> bool:
        if request.offline and not provider.local:
            return False
        return not request.tiers or str(provider.tier) in request.tiers

    def _must_be_usable(self, name: str, request: EnrichRequest) -> None:
        provider = self.get(name)
        if provider.lacks:
            raise NoProviderLeft(f"{name} cannot be asked yet: {provider.lacks}.")
        if request.offline and not provider.local:
            raise ConfigError(f"{name} is asked over the network, and --offline asks nobody there.")
        if not self._allowed(provider, request):
            tiers = " and ".join(request.tiers)
            raise ConfigError(f"{name} is of the tier {provider.tier}, and --tier asks only {tiers}.")


def provider_set(settings: Settings, seed: int = 0, mock_latency: float | None = None) -> ProviderSet:
    """Every provider there is. Asks nobody. Raises ManifestError, ConfigError."""
    door = HttpDoor(contact=settings.contact, proxies=Proxies(getproxies(), proxy_bypass))
    network = Network(settings, door)
    found = by_name([*_local(seed, mock_latency), *entry_point_providers(), *network.providers()])
    refuse_unknown(settings, found)
    return ProviderSet(found, network.keys, settings, door)


def lone_set(settings: Settings, manifest: Path) -> ProviderSet:
    """Nobody but the provider of that manifest, whatever else there is. Raises ManifestError."""
    door = HttpDoor(contact=settings.contact, proxies=Proxies(getproxies(), proxy_bypass))
    network = Network(settings, door)
    provider = network.of_manifest(load_manifest(manifest))
    return ProviderSet({provider.name: provider}, network.keys, settings, door)


def _local(seed: int, mock_latency: float | None) -> Iterator[Provider]:
    from glaze_cli.providers.local.mock import MockProvider

    pretended = (0.3, 0.8) if mock_latency is None else (mock_latency, mock_latency)
    mock = MockProvider(seed, pretended)
    yield from (mock if provider.name == mock.name else provider for provider in local_providers())
