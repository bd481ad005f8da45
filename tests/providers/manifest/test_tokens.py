"""OAuth: an id and a secret become a token, once for all, and neither is ever shown."""

from __future__ import annotations

import asyncio
import logging
from base64 import b64decode
from collections.abc import Callable
from functools import partial
from urllib.parse import parse_qs

import pytest

from glaze_cli.errors import LookupFailed, ProviderError, ProviderUnusable, Throttled
from glaze_cli.model import Answer, Field, Found, Lookup, Submitted
from glaze_cli.providers.manifest.provider import ManifestProvider
from tests.loopback import Loopback, Say, Seen
from tests.providers.manifest.example import HEAD, OP, ask, fails, provider

PAIR = "client-7:s3cr3t"
TOKEN = "t0k3n-one"
OAUTH = f"""{HEAD}
[auth]
kind = "oauth_client_credentials"
env = "ACME_CLIENT"
token_url = "/oauth/token"
{OP}"""


class Service:
    """Gives tokens that hold for an hour of its clock, and answers those who have the present one."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.tokens = 0
        self.valid = ""
        self.asked: list[str] = []

    def __call__(self, seen: Seen) -> Say:
        """Its answer."""
        self.asked.append(seen.path)
        if seen.path == "/oauth/token":
            self.tokens += 1
            self.valid = f"{TOKEN}-{self.tokens}"
            return Say.json({"access_token": self.valid, "token_type": "bearer", "expires_in": 3600})
        if seen.headers.get("authorization") != f"Bearer {self.valid}":
            return Say.json({"error": "who are you?"}, 401)
        return Say.json({"site": "acme.example"})


Step = Callable[[], object]


def rounds(
    service: ManifestProvider, *steps: tuple[Step, int]
) -> list[list[Answer | Submitted | BaseException]]:
    """What lookups at the same time come to: each step is done, then so many are asked at once."""

    async def go() -> list[list[Answer | Submitted | BaseException]]:
        answers = []
        for step, count in steps:
            step()
            numbers = [{Field("company"): str(number)} for number in range(count)]
            lookups = [Lookup.about("acme", "3", inputs) for inputs in numbers]
            answers.append(await asyncio.gather(*map(service.look_up, lookups), return_exceptions=True))
        return answers

    return asyncio.run(go())


def nothing() -> None:
    """No step before."""


def test_many_lookups_share_one_token() -> None:
    """Ten at once: one token, ten answers."""
    api = Service()
    with Loopback(api) as server:
        (answers,) = rounds(provider(OAUTH, server.url, key=PAIR, now=lambda: api.now), (nothing, 10))
    assert all(isinstance(answer, Found) for answer in answers)
    assert (api.tokens, len(api.asked)) == (1, 11)
    form = parse_qs(server.seen[0].body.decode())
    assert (server.seen[0].method, form) == ("POST", {"grant_type": ["client_credentials"]})
    scheme, _, pair = server.seen[0].headers["authorization"].partition(" ")
    assert (scheme, b64decode(pair).decode()) == ("Basic", PAIR)


def test_id_and_secret_can_go_in_the_body() -> None:
    """Where the service wants them there; with a scope, if it has one."""
    api = Service()
    text = OAUTH.replace("[[op]]", 'client = "body"\nscope = "read all"\n[[op]]', 1)
    with Loopback(api) as server:
        ask(provider(text, server.url, key="client-7:s3:cr&t", now=lambda: api.now), company="A")
    assert "authorization" not in server.seen[0].headers
    assert parse_qs(server.seen[0].body.decode()) == {
        "grant_type": ["client_credentials"],
        "client_id": ["client-7"],
        "client_secret": ["s3:cr&t"],
        "scope": ["read all"],
    }


def test_a_token_is_fetched_anew_when_it_has_run_out() -> None:
    """Not before: within its hour the same token is used."""
    api = Service()
    with Loopback(api) as server:
        service = provider(OAUTH, server.url, key=PAIR, now=lambda: api.now)
        times = (1_000.0, 4_500.0, 4_580.0, 8_000.0)  # a token with less than half a minute left is not sent
        rounds(service, *((partial(setattr, api, "now", time), 1) for time in times))
    assert api.tokens == 2


def test_a_refused_token_is_replaced_once() -> None:
    """A 401 before its time: one fresh token, one more try, for all who were refused."""
    api = Service()
    with Loopback(api) as server:
        service = provider(OAUTH, server.url, key=PAIR, now=lambda: api.now)
        revoke = partial(setattr, api, "valid", "revoked")
        answers = rounds(service, (nothing, 1), (revoke, 1), (revoke, 5))
    assert all(isinstance(answer, Found) for step in answers for answer in step)
    assert api.tokens == 3


def test_a_token_that_never_helps_ends_in_auth() -> None:
    """Refused with a fresh token too: the provider is dropped, after two calls."""

    def answer(seen: Seen) -> Say:
        return Say.json({"access_token": "x"}) if seen.path == "/oauth/token" else Say.json({}, 401)

    with Loopback(answer) as server:
        error = fails(provider(OAUTH, server.url, key=PAIR), company="A")
    assert (type(error), error.reason) == (ProviderUnusable, "auth")
    assert [seen.path for seen in server.seen].count("/companies/A") == 2


@pytest.mark.parametrize(
    ("said", "kind", "reason"),
    [
        (Say.json({"error": "invalid_client"}, 401), ProviderUnusable, "auth"),
        (Say.json({"error": "invalid_client"}, 400), ProviderUnusable, "auth"),
        (Say.json({}, 403), ProviderUnusable, "auth"),
        (Say.json({}, 404), ProviderUnusable, "config"),
        (Say.json({}, 429), Throttled, "throttled"),
        (Say.json({}, 503), Throttled, "provider_error"),
        (Say.json({}), LookupFailed, "provider_error"),
        (Say.json([TOKEN]), LookupFailed, "provider_error"),
        (Say.json({"access_token": "two\nlines"}), LookupFailed, "provider_error"),
        (Say.html_as_json(), LookupFailed, "provider_error"),
        (Say(cut=-1), Throttled, "unreachable"),
        (Say.redirect("https://evil.example/"), LookupFailed, "provider_error"),
    ],
)
def test_no_token_is_the_right_error(said: Say, kind: type[ProviderError], reason: str) -> None:
    """A refused client drops the provider, a busy service is asked again, none is asked without."""
    with Loopback(said) as server:
        error = fails(provider(OAUTH, server.url, key=PAIR), company="A")
    assert (type(error), error.reason) == (kind, reason)
    assert [seen.path for seen in server.seen] == ["/oauth/token"]


def test_a_refused_client_is_not_tried_again() -> None:
    """Twenty lookups at once with a wrong secret: one call."""
    with Loopback(Say.json({}, 401)) as server:
        (errors,) = rounds(provider(OAUTH, server.url, key=PAIR), (nothing, 20))
    assert {type(error) for error in errors} == {ProviderUnusable}
    assert len(server.seen) == 1
    assert "check ACME_CLIENT" in str(errors[0])


@pytest.mark.parametrize(
    ("key", "words"), [(None, "set ACME_CLIENT"), ("only-an-id", "set ACME_CLIENT to id:secret")]
)
def test_half_a_key_is_said_before_any_call(key: str | None, words: str) -> None:
    """Both parts are needed."""
    with Loopback(Say.json({})) as server:
        error = fails(provider(OAUTH, server.url, key=key), company="A")
    assert (type(error), error.reason) == (ProviderUnusable, "auth")
    assert words in str(error)
    assert "only-an-id" not in str(error)
    assert server.seen == []


def test_a_service_that_tokens_are_optional_for_is_asked_without() -> None:
    """No key, no token."""
    text = OAUTH.replace("[[op]]", "optional = true\n[[op]]", 1)
    with Loopback(Say.json({"site": "a.example"})) as server:
        assert isinstance(ask(provider(text, server.url), company="A"), Found)
    assert [seen.path for seen in server.seen] == ["/companies/A"]


def test_tokens_can_come_from_another_host() -> None:
    """Its own address, as the manifest says; a base_url of the user's replaces that host too."""
    api = Service()

    def answer(seen: Seen) -> Say:
        path = seen.target.replace("/login/token", "/oauth/token")
        return api(Seen(seen.method, path, seen.headers, seen.body))

    text = OAUTH.replace('"/oauth/token"', '"https://id.acme.example/login/token"')
    with Loopback(answer) as server:
        assert isinstance(ask(provider(text, server.url, key=PAIR, now=lambda: api.now), company="A"), Found)
    assert server.seen[0].target == "/login/token"


@pytest.mark.parametrize("client", ["basic", "body"])
@pytest.mark.parametrize("status", [200, 400, 429, 500])
def test_neither_secret_nor_token_is_shown(
    client: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in errors, logs or reprs, though the service repeats what it was sent."""
    caplog.set_level(logging.DEBUG)

    def answer(seen: Seen) -> Say:
        if seen.path == "/oauth/token" and status == 200:
            return Say.json({"access_token": TOKEN})
        return Say.json({"error": f"{PAIR} {TOKEN} {seen.body.decode()}"}, 400)

    text = OAUTH.replace("[[op]]", f'client = "{client}"\n[[op]]', 1)
    with Loopback(answer) as server:
        service = provider(text, server.url, key=PAIR)
        error = fails(service, company="A")
    shown = f"{error!s} {error!r} {error.__cause__!r} {service!r} {vars(service)!r} {vars(service._caller)!r}"
    for secret in ("s3cr3t", TOKEN):
        assert secret not in shown
        assert secret not in caplog.text
