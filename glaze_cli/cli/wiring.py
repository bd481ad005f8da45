"""Which providers a run has: those at hand, less those that lack a key or were not asked for."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from glaze_cli.cli.request import EnrichRequest
from glaze_cli.config import secret, user_config_folder
from glaze_cli.errors import ConfigError, NoProviderLeft
from glaze_cli.model.settings import ProviderSettings, Settings
from glaze_cli.providers.base import Provider
from glaze_cli.providers.http import HttpDoor
from glaze_cli.providers.manifest.catalog import shipped_manifests, user_manifests
from glaze_cli.providers.manifest.provider import ManifestProvider
from glaze_cli.providers.manifest.schema import AuthKind, Manifest
from glaze_cli.providers.registry import by_name, entry_point_providers, local_providers

USER_MANIFESTS = Path("glaze", "providers")
"""Beside a glaze.toml, and in the user's config folder: a user's own manifests."""


@dataclass(frozen=True)
class ProviderSet:
    """The providers at hand, and the door that those of the network share."""

    providers: tuple[Provider, ...]
    keyless: Mapping[str, ManifestProvider]
    """By name, those that lack their key; `manifest.auth.env` is the variable that would hold it."""
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
        if name in self.keyless:
            variable = self.keyless[name].manifest.auth.env
            raise NoProviderLeft(f"{name} needs a key: set the environment variable {variable}.")
        names = [provider.name for provider in self.providers]
        if name not in names:
            close = difflib.get_close_matches(name, [*names, *self.keyless], 1)
            hint = f"did you mean {close[0]}?" if close else "`glaze providers` lists those there are."
            raise ConfigError(f"There is no provider {name}; {hint}")


def provider_set(settings: Settings, seed: int = 0, mock_latency: float | None = None) -> ProviderSet:
    """Every provider that can be used now. Raises ManifestError, ConfigError."""
    from glaze_cli.providers.local.mock import MockProvider

    door = HttpDoor()
    pretended = (0.3, 0.8) if mock_latency is None else (mock_latency, mock_latency)
    mock = MockProvider(seed, pretended)
    local = (mock if provider.name == mock.name else provider for provider in local_providers())
    found: list[Provider] = [*local, *entry_point_providers()]
    keyless = {}
    for manifest in _manifests(settings):
        own = settings.providers.get(manifest.id, ProviderSettings())
        variable = own.key or manifest.auth.env
        manifest = replace(manifest, auth=replace(manifest.auth, env=variable))  # what its errors name
        key = secret(variable) if variable else None
        if manifest.auth.kind is not AuthKind.NONE and key is None:
            keyless[manifest.id] = ManifestProvider(manifest, door)
        else:
            found.append(_provider(manifest, door, key, own))
    return ProviderSet(tuple(by_name(found).values()), keyless, door)


def _provider(manifest: Manifest, door: HttpDoor, key: str | None, own: ProviderSettings) -> Provider:
    try:
        return ManifestProvider(manifest, door, key, own.base_url)
    except ValueError as error:
        raise ConfigError(f"[providers.{manifest.id}] base_url cannot be used: {error}.") from error


def _manifests(settings: Settings) -> tuple[Manifest, ...]:
    """The user's own first: one with the id of a shipped one replaces it."""
    beside = [settings.source.parent / USER_MANIFESTS] if settings.source else []
    own = user_manifests([*beside, user_config_folder() / "providers"])
    ids = {manifest.id for manifest in own}
    return (*own, *(manifest for manifest in shipped_manifests() if manifest.id not in ids))
