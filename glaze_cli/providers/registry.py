"""Which providers there are: those of this machine, and those that other packages bring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from glaze_cli.errors import ConfigError
from glaze_cli.providers.base import Provider
from glaze_cli.providers.services.service import Service

GROUP = "glaze.providers"
"""The entry point group. Each entry is a provider, or a class or function that makes one."""

_LOCAL = (
    ("email", "EmailProvider"),
    ("phone", "PhoneProvider"),
    ("person_name", "PersonNameProvider"),
    ("company_name", "CompanyNameProvider"),
    ("website", "WebsiteProvider"),
    ("country", "CountryProvider"),
    ("vat", "VatProvider"),
    ("iban", "IbanProvider"),
    ("isbn", "IsbnProvider"),
    ("ean", "EanProvider"),
    ("lei", "LeiProvider"),
    ("isin", "IsinProvider"),
    ("mock", "MockProvider"),
)
"""Modules of providers/local and their classes, in the order they are listed and asked."""

_SERVICES: tuple[tuple[str, str], ...] = (
    ("homepage", "HomepageProvider"),
    ("dns", "DnsProvider"),
    ("rdap", "RdapProvider"),
    ("sec_edgar", "SecEdgarProvider"),
    ("wikidata", "WikidataProvider"),
)
"""Modules of providers/services and their classes, each made with a Setup."""

_PARTS = (
    *("name", "version", "tier", "local", "on_request", "synthetic", "prompted", "lacks"),
    *("limits", "keep", "about", "patience_s", "needs", "needs_for", "gives"),
    *("price", "batch_of", "look_up", "look_up_many", "collect", "probe", "close"),
)
"""What a foreign object must have to be a provider."""


def local_providers() -> tuple[Provider, ...]:
    """The providers that compute on this machine. Their libraries load with their first lookup."""
    package = "glaze_cli.providers.local"
    return tuple(getattr(import_module(f"{package}.{module}"), name)() for module, name in _LOCAL)


def service_classes() -> tuple[type[Service], ...]:
    """The services of the network that need code. Making one asks nobody."""
    package = "glaze_cli.providers.services"
    return tuple(getattr(import_module(f"{package}.{module}"), name) for module, name in _SERVICES)


def entry_point_providers(entries: Iterable[EntryPoint] | None = None) -> tuple[Provider, ...]:
    """The providers of other installed packages. Raises ConfigError naming the one that does not load."""
    found = entry_points(group=GROUP) if entries is None else entries
    return tuple(_load(entry) for entry in found)


def by_name(providers: Iterable[Provider]) -> Mapping[str, Provider]:
    """Providers by name, in their order. Raises ConfigError when two have the same name."""
    named: dict[str, Provider] = {}
    for provider in providers:
        if provider.name in named:
            raise ConfigError(f"two providers are named {provider.name!r}: rename or remove one")
        named[provider.name] = provider
    return named


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
