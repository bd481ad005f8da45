"""Asking a service in code: of a server on loopback, or of a function that stands for the network."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from glaze_cli.errors import ProviderError
from glaze_cli.model import Answer, Field, Found, Lookup
from glaze_cli.providers.http import HttpDoor
from glaze_cli.providers.services.service import Service
from glaze_cli.providers.setup import Setup
from tests.loopback import Say
from tests.providers.manifest.example import nowhere

Network = Callable[[httpx.Request], Say]


def made(kind: type[Service], network: Network, **more: Any) -> Service:
    """A service whose network is a function."""

    def answer(request: httpx.Request) -> httpx.Response:
        said = network(request)
        return httpx.Response(said.status, headers=dict(said.headers), content=said.body)

    door = HttpDoor(httpx.MockTransport(answer), resolve=nowhere)
    return kind(Setup(door, contact="test@example.com", **more))


def about(service: Service, **inputs: str) -> Lookup:
    """A question about a row with these inputs."""
    return Lookup.about(service.name, service.version, {Field(name): text for name, text in inputs.items()})


def ask(kind: type[Service], network: Network, **inputs: str) -> Answer:
    """What it answers."""
    service = made(kind, network)
    answer: Answer = asyncio.run(service.look_up(about(service, **inputs)))  # type: ignore[arg-type]
    return answer


def values(answer: Answer) -> dict[str, Any]:
    """The values of a Found."""
    assert isinstance(answer, Found), answer
    return {str(field): value for field, value in answer.values.items()}


def fails(kind: type[Service], network: Network, **inputs: str) -> ProviderError:
    """The error it ends in."""
    with pytest.raises(ProviderError) as caught:
        ask(kind, network, **inputs)
    return caught.value


def always(said: Say) -> Network:
    """Says the same to everything."""
    return lambda request: said


def by_path(**says: Say) -> Network:
    """By a part of the address, with `_` for what cannot stand in a name; 404 for all else."""

    def answer(request: httpx.Request) -> Say:
        for part, said in says.items():
            if part.replace("_", "/") in str(request.url).replace("-", "/").replace("_", "/"):
                return said
        return Say(404)

    return answer
