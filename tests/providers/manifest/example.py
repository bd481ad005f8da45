"""A manifest of an invented service, whole enough to be changed by each test where it matters."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any

import httpx
import pytest

from glaze_cli.errors import ProviderError
from glaze_cli.model import Answer, Field, Lookup
from glaze_cli.providers.http import HttpDoor
from glaze_cli.providers.manifest.load import load_manifest
from glaze_cli.providers.manifest.provider import ManifestProvider
from glaze_cli.providers.setup import Setup

HEAD = """\
id = "acme"
version = "3"
tier = "cheap"
base_url = "https://api.acme.example/v1"
"""

OP = """
[[op]]
id = "find"
needs = ["company"]
gives = ["website", "employee_count"]
request = {path = "/companies/{company}"}
extract = {website = "body.site", employee_count = "body.people"}
"""


def provider(text: str, base_url: str | None = None, **more: Any) -> ManifestProvider:
    """A provider of the manifest; given no transport, its door uses the network without proxies."""
    transport = more.pop("transport", None) or httpx.AsyncHTTPTransport(verify=False)
    door = HttpDoor(transport, resolve=nowhere)
    manifest = load_manifest(text, "acme.toml")
    setup = Setup(door, more.pop("key", None), manifest.auth.env, base_url, more.pop("contact", ""))
    return ManifestProvider(manifest, setup, **more)


async def nowhere(host: str) -> Collection[str]:
    """No test asks a real name server."""
    return ()


def ask(service: ManifestProvider, **inputs: str) -> Answer:
    """What the service answers about a row with these inputs."""
    fields = {Field(name): value for name, value in inputs.items()}
    return asyncio.run(service.look_up(Lookup.about(service.name, service.version, fields)))


def fails(service: ManifestProvider, **inputs: str) -> ProviderError:
    """The error it ends in."""
    with pytest.raises(ProviderError) as caught:
        ask(service, **inputs)
    return caught.value
