"""Which providers a run has: those at hand, less those that lack something or were not asked for."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from glaze_cli.cli.guests import has_guests
from glaze_cli.cli.late import Late, LateProviders
from glaze_cli.cli.network import Network, refuse_unknown
from glaze_cli.cli.request import EnrichRequest
from glaze_cli.config import Key
from glaze_cli.errors import ConfigError, NoProviderLeft
from glaze_cli.model import Field
from glaze_cli.model.settings import Settings
from glaze_cli.providers.base import Provider
from glaze_cli.providers.registry import LOCAL, by_name, entry_point_providers, local_provider

if TYPE_CHECKING:
    from glaze_cli.providers.http import HttpDoor


@dataclass(frozen=True)
class ProviderSet:
    """The providers at hand, and the door that those of the network share."""

    found: LateProviders
    """All, by name; `provider.lacks` says what one lacks to be asked."""
    network: Network
    settings: Settings

    @property
    def keys(self) -> Mapping[str, Key]:
        """By name, of those that were looked at and know a key: where it comes from. Never to be shown."""
        return self.network.keys

    @property
    def door(self) -> HttpDoor:
        """What carries the calls."""
        return self.network.door

    @property
    def providers(self) -> tuple[Provider, ...]:
        """All that are ready to be asked."""
        return tuple(provider for provider in self.found.values() if not provider.lacks)

    @property
    def unready(self) -> Mapping[str, Provider]:
        """By name, all that lack something."""
        return {name: provider for name, provider in self.found.items() if provider.lacks}

    def chosen(self, request: EnrichRequest, fields: Collection[Field] | None = None) -> tuple[Provider, ...]:
        """The providers of a run: only the named ones when there are names, only local ones when offline,
        only those of the tiers when there are tiers. With `fields`, some that give none of them may lack.

        Raises ConfigError for a name there is not, or that another option rules out; NoProviderLeft for a
        named one that lacks its key.
        """
        for name in request.providers:
            self._must_be_usable(name, request)
        named = self._named(request)
        return tuple(
            provider
            for provider in self._that_may_be_asked(request, fields)
            if not provider.lacks and (provider.name in named or not provider.on_request)
        )

    def unready_for(
        self, request: EnrichRequest, fields: Collection[Field] | None = None
    ) -> tuple[Provider, ...]:
        """Those that such a run would have, did they not lack something."""
        return tuple(provider for provider in self._that_may_be_asked(request, fields) if provider.lacks)

    def get(self, name: str) -> Provider:
        """The provider of that name. Raises ConfigError with what may have been meant."""
        if name not in self.found:
            close = difflib.get_close_matches(name, self.found, 1)
            hint = f"did you mean {close[0]}?" if close else "`glaze providers` lists those there are."
            raise ConfigError(f"There is no provider {name}; {hint}")
        return self.found[name]

    async def close(self) -> None:
        """After the last lookup."""
        for provider in self.found.made:
            if not provider.lacks:
                await provider.close()
        if self.network.is_open:
            await self.door.close()

    def _that_may_be_asked(
        self, request: EnrichRequest, fields: Collection[Field] | None
    ) -> Iterator[Provider]:
        """Those whom the request allows. Nobody is made who is not named and cannot be of use: on the network
        of a run offline, a model where no column has a prompt, a manifest that gives none of the fields.
        """
        named = self._named(request)
        prompts = any(column.prompt is not None for column in self.settings.columns.values())
        for name, late in self.found.late():
            if name not in named:
                useless = (late.prompted and not prompts) or not (fields is None or late.may_give(fields))
                if request.providers or useless:
                    continue
            if (late.local or not request.offline) and self._allowed(self.found[name], request):
                yield self.found[name]

    def _named(self, request: EnrichRequest) -> Collection[str]:
        """With --provider, or else in a waterfall: naming one in glaze.toml is asking for it too."""
        return request.providers or {
            name for column in self.settings.columns.values() for name in column.waterfall
        }

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
    network = Network(settings)
    found = LateProviders(by_name([*_here(seed, mock_latency), *network.providers()]))
    for name in found:
        if name in settings.providers:
            found[name]  # says what is wrong with its settings now, whether it will be asked or not
    refuse_unknown(settings, found)
    return ProviderSet(found, network, settings)


def lone_set(settings: Settings, manifest: Path) -> ProviderSet:
    """Nobody but the provider of that manifest, whatever else there is. Raises ManifestError."""
    from glaze_cli.providers.manifest.load import load_manifest

    network = Network(settings)
    provider = network.of_manifest(load_manifest(manifest))
    return ProviderSet(LateProviders({provider.name: Late(lambda: provider)}), network, settings)


def _here(seed: int, mock_latency: float | None) -> Iterator[tuple[str, Late]]:
    """Those of this machine, and those of other packages, which are known once they are made."""
    for name in LOCAL:
        make = partial(_mock, seed, mock_latency) if name == "mock" else partial(local_provider, name)
        yield name, Late(make, local=True)
    if has_guests():
        for provider in entry_point_providers():
            yield provider.name, _made(provider)


def _made(provider: Provider) -> Late:
    return Late(lambda: provider, provider.local, prompted=provider.prompted)


def _mock(seed: int, latency: float | None) -> Provider:
    from glaze_cli.providers.local.mock import MockProvider

    return MockProvider(seed, (0.3, 0.8) if latency is None else (latency, latency))
