"""The paid services' manifests on loopback, and what must hold for every one of them."""

from __future__ import annotations

import httpx
import pytest

from glaze_cli.errors import LookupFailed, ProviderError, ProviderUnusable, Throttled
from glaze_cli.model import Answer, Found, NotFound
from glaze_cli.providers.http import HttpDoor
from glaze_cli.providers.manifest.catalog import shipped_manifests
from glaze_cli.providers.manifest.provider import ManifestProvider
from glaze_cli.providers.setup import Setup
from tests.loopback import SHARED, Loopback, Say, Seen
from tests.providers.manifest.example import ask, fails, nowhere

KEY = "k3y-0f-the-tests"

NOW = 1_795_464_000.0
"""2026-11-23 20:00:00 UTC."""

shared = [
    pytest.mark.shared,
    pytest.mark.skipif(not (SHARED / "recordings").is_dir(), reason="needs ../shared/recordings"),
]


def service(name: str, url: str) -> ManifestProvider:
    """The shipped provider with a key, asking another server."""
    (manifest,) = [manifest for manifest in shipped_manifests() if manifest.id == name]
    door = HttpDoor(httpx.AsyncHTTPTransport(verify=False), resolve=nowhere)
    return ManifestProvider(manifest, Setup(door, KEY, manifest.auth.env, url), now=lambda: NOW)


def answer(name: str, said: Say, **inputs: str) -> Answer:
    """What the service's answer comes to."""
    with Loopback(said) as server:
        return ask(service(name, server.url), **inputs)


def found(name: str, said: Say, **inputs: str) -> Found:
    """The same where it must hold values."""
    got = answer(name, said, **inputs)
    assert isinstance(got, Found), got
    return got


def missed(name: str, said: Say, **inputs: str) -> NotFound:
    """The same where it must hold none."""
    got = answer(name, said, **inputs)
    assert isinstance(got, NotFound), got
    return got


def failed(name: str, said: Say, **inputs: str) -> ProviderError:
    """The error that it ends in, after one single request."""
    with Loopback(said) as server:
        error = fails(service(name, server.url), **inputs)
    assert len(server.seen) == 1
    return error


def sent(name: str, **inputs: str) -> Seen:
    """The request; the key is in a header, and nowhere else."""
    with Loopback(Say.json({}, 418)) as server:
        fails(service(name, server.url), **inputs)
    (seen,) = server.seen
    assert KEY not in seen.target
    assert KEY.encode() not in seen.body
    return seen


DISASTERS: list[tuple[Say, type[ProviderError], str]] = [
    (Say.html_as_json(), LookupFailed, "unknown_outcome"),  # something between us and the service answered
    (Say.json([]), LookupFailed, "provider_error"),  # no answer of this service
    (Say.json({"error": "no", "errors": [{"id": "no"}]}), LookupFailed, "provider_error"),  # error under 200
    (Say.json({}, 400), LookupFailed, "bad_input"),
    (Say.json({}, 401), ProviderUnusable, "auth"),
    (Say.json({}, 402), ProviderUnusable, "quota"),
    (Say.html_as_json(404), LookupFailed, "provider_error"),  # a wrong address is no miss
    (Say.json({}, 404), LookupFailed, "provider_error"),
    (Say.json({}, 500), Throttled, "provider_error"),
    (Say.json({}, 503), Throttled, "provider_error"),
    (Say.json({}, 502), LookupFailed, "unknown_outcome"),  # it may have been billed: never sent again
    (Say.html_as_json(504), LookupFailed, "unknown_outcome"),
    (Say(cut=-1), LookupFailed, "unknown_outcome"),
]
"""Answers that are neither a value nor a miss, for every paid service; none is billed for certain."""


def check_disaster(name: str, said: Say, kind: type[ProviderError], reason: str, **inputs: str) -> None:
    """It ends as that error, costs nothing for certain, and says neither key nor cell."""
    error = failed(name, said, **inputs)
    assert (type(error), error.reason, error.cost) == (kind, reason, 0)
    assert KEY not in str(error)
    assert not any(value in str(error) for value in inputs.values())
