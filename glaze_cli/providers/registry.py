"""Which providers there are: of this machine, of Glaze's own code, and of other packages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from glaze_cli.errors import ConfigError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from glaze_cli.providers.base import Provider
    from glaze_cli.providers.llm.model import LanguageModel
    from glaze_cli.providers.services.service import Service

T = TypeVar("T")

GROUP = "glaze.providers"
"""The entry point group. Each entry is a provider, or a class or function that makes one."""

LOCAL: Mapping[str, str] = {
    "email": "EmailProvider",
    "phone": "PhoneProvider",
    "person_name": "PersonNameProvider",
    "company_name": "CompanyNameProvider",
    "website": "WebsiteProvider",
    "country": "CountryProvider",
    "vat": "VatProvider",
    "iban": "IbanProvider",
    "isbn": "IsbnProvider",
    "ean": "EanProvider",
    "lei": "LeiProvider",
    "isin": "IsinProvider",
    "mock": "MockProvider",
}
"""Providers of this machine, in the order they are listed and asked: name, which is its module's in
providers/local too, and class. Here, and in the tables below, so that knowing who there is imports nobody; a
test compares the names with the classes' own."""

SERVICES: Mapping[str, str] = {
    "homepage": "HomepageProvider",
    "dns": "DnsProvider",
    "rdap": "RdapProvider",
    "sec_edgar": "SecEdgarProvider",
    "wikidata": "WikidataProvider",
}
"""The same of the services that need code, in providers/services; each is made with a Setup."""

MODELS: Mapping[str, tuple[str, str]] = {
    "openai": ("openai", "OpenAI"),
    "anthropic": ("anthropic", "Anthropic"),
    "gemini": ("gemini", "Gemini"),
    "openrouter": ("openai", "OpenRouter"),
    "groq": ("openai", "Groq"),
    "ollama": ("openai", "Ollama"),
}
"""Language models: name, module of providers/llm, class; each is made with a Setup."""

_PARTS = (
    *("name", "version", "tier", "local", "on_request", "synthetic", "prompted", "lacks"),
    *("limits", "keep", "about", "patience_s", "needs", "needs_for", "gives"),
    *("price", "batch_of", "look_up", "look_up_many", "collect", "probe", "close"),
)
"""What a foreign object must have to be a provider."""


def local_provider(name: str) -> Provider:
    """One that computes on this machine. Its libraries load with its first lookup."""
    provider: Provider = _class("local", name, LOCAL[name])()
    return provider


def local_providers() -> tuple[Provider, ...]:
    """All that compute on this machine."""
    return tuple(map(local_provider, LOCAL))


def service_class(name: str) -> type[Service]:
    """A service of the network that needs code. Making one asks nobody."""
    kind: type[Service] = _class("services", name, SERVICES[name])
    return kind


def service_classes() -> tuple[type[Service], ...]:
    """All of them."""
    return tuple(map(service_class, SERVICES))


def model_class(name: str) -> type[LanguageModel]:
    """A language model. Making one asks nobody."""
    kind: type[LanguageModel] = _class("llm", *MODELS[name])
    return kind


def entry_point_providers(entries: Iterable[EntryPoint] | None = None) -> tuple[Provider, ...]:
    """The providers of other installed packages. Raises ConfigError naming the one that does not load."""
    return tuple(_load(entry) for entry in (_installed() if entries is None else entries))


def by_name(pairs: Iterable[tuple[str, T]]) -> dict[str, T]:
    """Providers, or what makes them, by name, in their order. Raises ConfigError when two have the same."""
    named: dict[str, T] = {}
    for name, provider in pairs:
        if name in named:
            raise ConfigError(f"two providers are named {name!r}: rename or remove one")
        named[name] = provider
    return named


def _class(room: str, module: str, name: str) -> Any:
    return getattr(import_module(f"glaze_cli.providers.{room}.{module}"), name)


@cache
def _installed() -> tuple[EntryPoint, ...]:
    """Looked for once: it opens a file of every package that is installed."""
    from importlib.metadata import entry_points

    return tuple(entry_points(group=GROUP))


def _load(entry: EntryPoint) -> Provider:
    # Whatever a foreign package raises is about that package, and the user can only remove or mend it.
    try:
        thing = entry.load()
        provider: Provider = thing() if callable(thing) else thing
        for part in _PARTS:
            getattr(provider, part)
    except Exception as error:
        raise ConfigError(f"the provider {entry.name!r} ({entry.value}) cannot be used: {error}") from error
    return provider
