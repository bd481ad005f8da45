"""A shipped manifest pointed at loopback, and its answers as words that a table of cases can hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest

from glaze_cli.errors import LookupFailed, ProviderError, ProviderUnusable, Throttled
from glaze_cli.model import Found, Scalar
from glaze_cli.providers.http import HttpDoor
from glaze_cli.providers.manifest.catalog import shipped_manifests
from glaze_cli.providers.manifest.provider import ManifestProvider
from glaze_cli.providers.manifest.schema import Manifest
from glaze_cli.providers.setup import Setup
from tests.loopback import SHARED, Loopback, Say, Seen
from tests.providers.manifest.example import ask, nowhere

shared = [
    pytest.mark.shared,
    pytest.mark.skipif(not (SHARED / "recordings").is_dir(), reason="needs ../shared/recordings"),
]
"""For a class of tests that replay recordings: `pytestmark = shared`."""

Outcome = dict[str, Scalar] | str
"""The values found, or a word: see `outcome`."""

MISS = "not found"

BROKEN = [
    pytest.param(Say.html_as_json(), "failed: provider_error", id="a page under 200"),
    pytest.param(Say(200, {"content-type": "application/json"}), "failed: provider_error", id="nothing"),
    pytest.param(Say.json("gone"), "failed: provider_error", id="a bare text"),
    pytest.param(Say.json({"error": "oops", "message": "oops"}), "failed: provider_error", id="an error"),
    pytest.param(Say.json({}, 500), "again: provider_error", id="500"),
    pytest.param(Say(500), "again: provider_error", id="500 without a word"),
    pytest.param(Say.html_as_json(503), "again: provider_error", id="503 as a page"),
    pytest.param(Say.json({}, 429, retry_after="3"), "again: throttled", id="429"),
    pytest.param(Say.html_as_json(404), "failed: provider_error", id="404 as a page"),
    pytest.param(Say.json({}, 418), "failed: provider_error", id="an unheard-of status"),
    pytest.param(Say(cut=-1), "again: unreachable", id="cut off"),
]
"""Answers of no service's own, and how every free service's lookup ends with them: never in a miss."""


def manifest_of(name: str) -> Manifest:
    """The shipped manifest of that id."""
    (found,) = [manifest for manifest in shipped_manifests() if manifest.id == name]
    return found


def service(name: str, url: str = "http://127.0.0.1:9", key: str | None = "k-1") -> ManifestProvider:
    """The shipped provider, asking another server; without a network."""
    manifest = manifest_of(name)
    door = HttpDoor(httpx.AsyncHTTPTransport(verify=False), resolve=nowhere)
    return ManifestProvider(manifest, Setup(door, key, manifest.auth.env, url))


def asked(name: str, said: Say, **inputs: str) -> Seen:
    """The one request that a lookup with these inputs sends."""
    with Loopback(said) as server:
        _end(service(name, server.url), inputs)
    (seen,) = server.seen
    return seen


def found(name: str, said: Say, **inputs: str) -> Found:
    """The answer, which has to be a hit."""
    with Loopback(said) as server:
        answer = ask(service(name, server.url), **inputs)
    assert isinstance(answer, Found), answer
    return answer


def outcome(name: str, said: Say, **inputs: str) -> Outcome:
    """The values; or `not found`; or `failed:` (the next is asked), `again:`, `dropped:` and the reason."""
    return outcome_by(name, lambda _seen: said, **inputs)


def outcome_by(name: str, script: Callable[[Seen], Say], **inputs: str) -> Outcome:
    """The same, of a server that looks at the request first."""
    with Loopback(script) as server:
        return _end(service(name, server.url), inputs)


def error(name: str, said: Say, **inputs: str) -> ProviderError:
    """The error that a lookup ends in."""
    with Loopback(said) as server, pytest.raises(ProviderError) as caught:
        ask(service(name, server.url), **inputs)
    return caught.value


def _end(provider: ManifestProvider, inputs: Mapping[str, str]) -> Outcome:
    try:
        answer = ask(provider, **inputs)
    except LookupFailed as failed:
        return f"failed: {failed.reason}"
    except Throttled as throttled:
        return f"again: {throttled.reason}"
    except ProviderUnusable as unusable:
        return f"dropped: {unusable.reason}"
    if not isinstance(answer, Found):
        return MISS
    return {str(field): value for field, value in answer.values.items()}


def recordings(name: str) -> list[str]:
    """The cases in ../shared/recordings/NAME; none where it is absent."""
    return [path.stem for path in sorted((SHARED / "recordings" / name).glob("*.json"))]


def recorded_body(name: str, case: str) -> Any:
    """The recorded body of one case."""
    return json.loads(Say.recording(name, case).body)


def check_sound(name: str) -> Manifest:
    """What every free service of the catalogue has to say of itself; gives the manifest back."""
    manifest = manifest_of(name)
    about = manifest.about
    assert manifest.tier == "free"
    assert about.title and about.docs.startswith("https://") and about.license
    assert about.price and about.priced.startswith("2026-")
    assert manifest.check is not None
    for op in manifest.ops:
        assert op.idempotent, op.id
        assert op.cost.price == 0 and op.cost.actual is None, op.id
        assert op.confidence is not None or op.accept, f"{op.id}: why would it be sure?"
    return manifest
