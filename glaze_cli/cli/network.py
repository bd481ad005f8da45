"""The providers of the network, as the user set them up: manifests, services in code, language models."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from glaze_cli.cli.late import Late
from glaze_cli.config import Key, key_at, user_config_folder
from glaze_cli.errors import ConfigError
from glaze_cli.model.settings import ProviderSettings, Settings
from glaze_cli.providers.base import ProviderBase
from glaze_cli.providers.manifest.catalog import shipped_manifest, shipped_texts, user_manifests
from glaze_cli.providers.manifest.load import ID
from glaze_cli.providers.manifest.schema import Manifest
from glaze_cli.providers.manifest.template import base_address
from glaze_cli.providers.registry import MODELS, SERVICES, model_class, service_class

if TYPE_CHECKING:
    from glaze_cli.providers.http import HttpDoor
    from glaze_cli.providers.llm.model import LanguageModel
    from glaze_cli.providers.services.service import Service
    from glaze_cli.providers.setup import Setup

USER_MANIFESTS = Path("glaze", "providers")
"""Beside a glaze.toml, or in the working folder where there is none."""


@dataclass
class Network:
    """Makes them, and remembers where their keys come from. Making one asks nobody."""

    settings: Settings
    keys: dict[str, Key] = field(default_factory=dict)
    """By provider, of those that were made and know a key; for sentences, never to be shown."""

    @cached_property
    def door(self) -> HttpDoor:
        """The one that all of them share, opened for the first of them."""
        from glaze_cli.cli.machine_proxies import machine_proxies
        from glaze_cli.providers.http import HttpDoor

        _leave_out_its_program()
        return HttpDoor(contact=self.settings.contact, proxies=machine_proxies())

    @property
    def is_open(self) -> bool:
        """Whether one was made at all."""
        return "door" in vars(self)

    def providers(self) -> Iterator[tuple[str, Late]]:
        """A manifest of the user's with the id of one that ships, or of one in code, replaces it.

        The user's own manifests are read here, and those that ship when they are made.
        Raises ManifestError, ConfigError.
        """
        own = _user_manifests(self.settings)
        shipped = {name: text for name, text in shipped_texts().items() if name not in own}
        ids = {*own, *shipped}
        # The company's own word before that of registers.
        yield from ((name, Late(partial(self._service, name))) for name in SERVICES if name not in ids)
        for name in MODELS:
            if name not in ids:
                yield name, Late(partial(self._model, name), prompted=True)
        for name, manifest in own.items():
            yield name, Late(partial(self.of_manifest, manifest))
        for name, text in shipped.items():
            yield name, Late(partial(self._shipped, name), text=text)
        ids |= {*SERVICES, *MODELS}
        for name, wish in self.settings.providers.items():
            if wish.api is not None:
                self._refuse_name(name, ids)
                yield name, Late(partial(self._server, name), prompted=True)

    def of_manifest(self, manifest: Manifest) -> ProviderBase:
        """The provider that a manifest describes. Raises ConfigError."""
        from glaze_cli.providers.manifest.provider import ManifestProvider

        setup = self._setup(manifest.id, manifest.auth.env)
        auth = replace(manifest.auth, env=setup.key_name)  # for its sentences: the place that the user chose
        return self._finished(ManifestProvider(replace(manifest, auth=auth), setup))

    def _shipped(self, name: str) -> ProviderBase:
        return self.of_manifest(shipped_manifest(name))

    def _service(self, name: str) -> ProviderBase:
        return self._in_code(service_class(name))

    def _model(self, name: str) -> ProviderBase:
        return self._in_code(model_class(name))

    def _in_code(self, kind: type[Service] | type[LanguageModel]) -> ProviderBase:
        return self._finished(kind(self._setup(kind.name, kind.env)))

    def _setup(self, name: str, usual_env: str) -> Setup:
        from glaze_cli.providers.setup import Setup

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

    def _server(self, name: str) -> ProviderBase:
        from glaze_cli.providers.llm.openai import openai_compatible

        return self._finished(openai_compatible(name, self._setup(name, "")))

    def _refuse_name(self, name: str, taken: Iterable[str]) -> None:
        if name in taken:
            raise self._wrong(name, f"needs no api: there is a provider {name}; or choose another name.")
        if not ID.fullmatch(name):
            raise self._wrong(name, "is no name for a provider: lower-case letters, digits, - and _.")

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


def _leave_out_its_program() -> None:
    """httpx brings a program of its own, and with it progress bars and the lexers of a few hundred languages:
    half of its import. None here is Python's way to say that there is no such module, and httpx goes on as
    where its program is not installed.
    """
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]


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
    return frozenset({*SERVICES, *MODELS, *shipped_texts()})


def manifest_folder(settings: Settings) -> Path:
    """Where a manifest of the user's own belongs, given the glaze.toml at hand."""
    if settings.source is None:
        return USER_MANIFESTS
    folder = settings.source.parent
    return folder / "providers" if folder == user_config_folder() else folder / USER_MANIFESTS


def _user_manifests(settings: Settings) -> dict[str, Manifest]:
    """The user's own, by id."""
    for folder in settings.manifests:
        if not folder.is_dir():
            raise ConfigError(f"There is no folder {folder}; check the path after --providers-dir.")
    folders = [*settings.manifests, manifest_folder(settings), user_config_folder() / "providers"]
    return {manifest.id: manifest for manifest in user_manifests(dict.fromkeys(folders))}
