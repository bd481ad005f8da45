"""The providers of the network, as the user set them up: manifests, services in code, language models."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from glaze_cli.config import Key, key_at, user_config_folder
from glaze_cli.errors import ConfigError
from glaze_cli.model.settings import ProviderSettings, Settings
from glaze_cli.providers.base import ProviderBase
from glaze_cli.providers.http import HttpDoor
from glaze_cli.providers.llm.registry import llm_classes
from glaze_cli.providers.manifest.catalog import shipped_manifests, user_manifests
from glaze_cli.providers.manifest.load import ID
from glaze_cli.providers.manifest.provider import ManifestProvider
from glaze_cli.providers.manifest.schema import Manifest
from glaze_cli.providers.manifest.template import base_address
from glaze_cli.providers.registry import service_classes
from glaze_cli.providers.setup import Setup

USER_MANIFESTS = Path("glaze", "providers")
"""Beside a glaze.toml, or in the working folder where there is none."""


@dataclass
class Network:
    """Makes them, and remembers where their keys come from. Making one asks nobody."""

    settings: Settings
    door: HttpDoor
    keys: dict[str, Key] = field(default_factory=dict)
    """By provider, of those that know a key; for sentences, never to be shown."""

    def providers(self) -> Iterator[ProviderBase]:
        """A manifest of the user's with the id of one that ships, or of one in code, replaces it.

        Raises ManifestError, ConfigError.
        """
        manifests = _manifests(self.settings)
        ids = {manifest.id for manifest in manifests}
        in_code = (*service_classes(), *llm_classes())  # the company's own word before that of registers
        for kind in in_code:
            if kind.name not in ids:
                yield self._finished(kind(self._setup(kind.name, kind.env)))
        for manifest in manifests:
            yield self.of_manifest(manifest)
        ids |= {kind.name for kind in in_code}
        for name, own in self.settings.providers.items():
            if own.api is not None:
                yield self._finished(self._server(name, ids))

    def of_manifest(self, manifest: Manifest) -> ProviderBase:
        """The provider that a manifest describes. Raises ConfigError."""
        setup = self._setup(manifest.id, manifest.auth.env)
        auth = replace(manifest.auth, env=setup.key_name)  # for its sentences: the place that the user chose
        return self._finished(ManifestProvider(replace(manifest, auth=auth), setup))

    def _setup(self, name: str, usual_env: str) -> Setup:
        own = self.settings.providers.get(name, ProviderSettings())
        key = key_at(own.key or f"env:{usual_env}")
        if key.name:
            self.keys[name] = key
        if own.base_url is not None:
            try:
                base_address(own.base_url)
            except ValueError as error:
                raise self._wrong(name, f"base_url cannot be used: {error}.") from error
        return Setup(
            self.door,
            key.secret,
            key.name,
            own.base_url,
            self.settings.contact,
            own.model or "",
            own.max_tokens,
            own.input_usd_per_million,
            own.output_usd_per_million,
        )

    def _server(self, name: str, taken: Iterable[str]) -> ProviderBase:
        from glaze_cli.providers.llm.openai import openai_compatible

        if name in taken:
            raise self._wrong(name, f"needs no api: there is a provider {name}; or choose another name.")
        if not ID.fullmatch(name):
            raise self._wrong(name, "is no name for a provider: lower-case letters, digits, - and _.")
        return openai_compatible(name, self._setup(name, ""))

    def _finished(self, provider: ProviderBase) -> ProviderBase:
        """With the word about a key that the user named and that is not there, be it needed or not."""
        own = self.settings.providers.get(provider.name, ProviderSettings())
        key = self.keys.get(provider.name)
        if own.key is not None and key is not None and not key.secret:
            provider.lacks = key.trouble or f"set {key.name}"
        for_models = (own.model, own.max_tokens, own.input_usd_per_million, own.output_usd_per_million)
        if not provider.prompted and any(value is not None for value in for_models):
            what = "is no language model: it has no use for model, max_tokens and prices."
            raise self._wrong(provider.name, what)
        return provider

    def _wrong(self, name: str, what: str) -> ConfigError:
        return ConfigError(f"{self.settings.source}: [providers.{name}] {what}")


def refuse_unknown(settings: Settings, found: Mapping[str, object]) -> None:
    """Raises ConfigError for a `[providers.ID]` of nobody: what it says would be said to the wind."""
    for name in settings.providers:
        if name not in found:
            close = difflib.get_close_matches(name, found, 1)
            hint = (
                f"did you mean {close[0]}?"
                if close
                else (
                    '`glaze providers` lists those there are. For a server of your own, add api = "openai".'
                )
            )
            raise ConfigError(f"{settings.source}: [providers.{name}] is about no provider; {hint}")


def shipped_ids() -> frozenset[str]:
    """Those of the network that come with Glaze."""
    kinds = (*service_classes(), *llm_classes())
    return frozenset({kind.name for kind in kinds} | {manifest.id for manifest in shipped_manifests()})


def manifest_folder(settings: Settings) -> Path:
    """Where a manifest of the user's own belongs, given the glaze.toml at hand."""
    if settings.source is None:
        return USER_MANIFESTS
    folder = settings.source.parent
    return folder / "providers" if folder == user_config_folder() else folder / USER_MANIFESTS


def _manifests(settings: Settings) -> tuple[Manifest, ...]:
    """The user's own first: one with the id of a shipped one replaces it."""
    for folder in settings.manifests:
        if not folder.is_dir():
            raise ConfigError(f"There is no folder {folder}; check the path after --providers-dir.")
    folders = [*settings.manifests, manifest_folder(settings), user_config_folder() / "providers"]
    own = user_manifests(dict.fromkeys(folders))
    ids = {manifest.id for manifest in own}
    return (*own, *(manifest for manifest in shipped_manifests() if manifest.id not in ids))
