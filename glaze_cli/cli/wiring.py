"""Which providers a run has: those at hand, less those that lack something or were not asked for."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.request import getproxies, proxy_bypass

from glaze_cli.cli.request import EnrichRequest
from glaze_cli.config import secret, user_config_folder
from glaze_cli.errors import ConfigError, NoProviderLeft
from glaze_cli.model.settings import ProviderSettings, Settings
from glaze_cli.providers.base import Provider
from glaze_cli.providers.http import HttpDoor
from glaze_cli.providers.manifest.catalog import shipped_manifests, user_manifests
from glaze_cli.providers.manifest.provider import ManifestProvider
from glaze_cli.providers.manifest.schema import Manifest
from glaze_cli.providers.proxies import Proxies
from glaze_cli.providers.registry import by_name, entry_point_providers, local_providers, service_classes
from glaze_cli.providers.setup import Setup

USER_MANIFESTS = Path("glaze", "providers")
"""Beside a glaze.toml, and in the user's config folder: a user's own manifests."""


@dataclass(frozen=True)
class ProviderSet:
    """The providers at hand, and the door that those of the network share."""

    providers: tuple[Provider, ...]
    """Ready to be asked."""
    unready: Mapping[str, Provider]
    """By name, those that lack something; `provider.lacks` says what to do."""
    door: HttpDoor

    def chosen(self, request: EnrichRequest) -> tuple[Provider, ...]:
        """The providers of a run: only the named ones when there are names, only local ones when offline.

        Raises ConfigError for a name there is not, NoProviderLeft for a named one that lacks its key.
        """
        for name in request.providers:
            self._must_be_usable(name)
        return tuple(
            provider
            for provider in self.providers
            if (provider.local or not request.offline)
            and (provider.name in request.providers if request.providers else not provider.on_request)
        )

    async def close(self) -> None:
        """After the last lookup."""
        for provider in self.providers:
            await provider.close()
        await self.door.close()

    def _must_be_usable(self, name: str) -> None:
        if name in self.unready:
            raise NoProviderLeft(f"{name} cannot be asked yet: {self.unready[name].lacks}.")
        names = [provider.name for provider in self.providers]
        if name not in names:
            close = difflib.get_close_matches(name, [*names, *self.unready], 1)
            hint = f"did you mean {close[0]}?" if close else "`glaze providers` lists those there are."
            raise ConfigError(f"There is no provider {name}; {hint}")


def provider_set(settings: Settings, seed: int = 0, mock_latency: float | None = None) -> ProviderSet:
    """Every provider that can be used now. Raises ManifestError, ConfigError."""
    proxies = Proxies(getproxies(), proxy_bypass)
    door = HttpDoor(contact=settings.contact, proxies=proxies)
    found = by_name([*_local(seed, mock_latency), *entry_point_providers(), *_network(settings, door)])
    ready = tuple(provider for provider in found.values() if not provider.lacks)
    return ProviderSet(ready, {name: p for name, p in found.items() if p.lacks}, door)


def _local(seed: int, mock_latency: float | None) -> Iterator[Provider]:
    from glaze_cli.providers.local.mock import MockProvider

    pretended = (0.3, 0.8) if mock_latency is None else (mock_latency, mock_latency)
    mock = MockProvider(seed, pretended)
    yield from (mock if provider.name == mock.name else provider for provider in local_providers())


def _network(settings: Settings, door: HttpDoor) -> Iterator[Provider]:
    """A manifest of the user's with the id of one that ships, or of a service in code, replaces it."""
    manifests = _manifests(settings)
    ids = {manifest.id for manifest in manifests}
    for manifest in manifests:
        try:
            yield ManifestProvider(manifest, _setup(settings, door, manifest.id, manifest.auth.env))
        except ValueError as error:
            raise ConfigError(f"[providers.{manifest.id}] base_url cannot be used: {error}.") from error
    for service in service_classes():
        if service.name not in ids:
            yield service(_setup(settings, door, service.name, service.env))


def _setup(settings: Settings, door: HttpDoor, name: str, usual_env: str) -> Setup:
    own = settings.providers.get(name, ProviderSettings())
    variable = own.key or usual_env
    key = secret(variable) if variable else None
    return Setup(door, key, variable, own.base_url, settings.contact, own.model or "")


def _manifests(settings: Settings) -> tuple[Manifest, ...]:
    """The user's own first: one with the id of a shipped one replaces it."""
    beside = [settings.source.parent / USER_MANIFESTS] if settings.source else []
    own = user_manifests([*beside, user_config_folder() / "providers"])
    ids = {manifest.id for manifest in own}
    return (*own, *(manifest for manifest in shipped_manifests() if manifest.id not in ids))
