"""`glaze providers check ID`: one harmless question, and a sentence about what came of it."""

from __future__ import annotations

import asyncio

import pytest

from glaze_cli.errors import LookupFailed, ProviderError, ProviderUnusable, Throttled
from tests.loopback import Loopback, Say
from tests.providers.manifest.example import HEAD, OP, provider

KEYED = 'auth = {kind = "bearer", env = "ACME_API_KEY"}\n'
CHECK = """
[check]
request = {path = "/account"}
rules = [
    {when = "status == `403`", then = "retry"},
    {when = "body.credits == `0`", then = "quota", why = "buy more"},
    {when = "status == `404`", then = "miss"},
]
"""


@pytest.mark.parametrize(
    ("text", "key", "sentence"),
    [
        (HEAD + KEYED + CHECK + OP, "k", "answers; the key is accepted"),
        (HEAD + CHECK + OP, None, "answers"),
        (HEAD + KEYED.replace("}", ", optional = true}") + CHECK + OP, None, "answers, without a key"),
        (HEAD + KEYED + OP, "k", "has no free question"),
    ],
)
def test_a_good_answer_is_a_sentence(text: str, key: str | None, sentence: str) -> None:
    """And the question went where the manifest says."""
    with Loopback(Say.json({"credits": 5})) as server:
        assert asyncio.run(provider(text, server.url, key=key).probe()) == sentence
    assert [seen.target for seen in server.seen] == (["/account"] if "[check]" in text else [])


@pytest.mark.parametrize(
    ("said", "kind", "reason"),
    [
        (Say.json({}, 401), ProviderUnusable, "auth"),
        (Say.json({}, 403), Throttled, "throttled"),  # its rule
        (Say.json({"credits": 0}), ProviderUnusable, "quota"),
        (Say.json({}, 500), Throttled, "provider_error"),
        (Say.html_as_json(), LookupFailed, "provider_error"),
        (Say(cut=-1), Throttled, "unreachable"),
    ],
)
def test_a_bad_answer_is_the_usual_error(said: Say, kind: type[ProviderError], reason: str) -> None:
    """By its rules, then by the table of statuses."""
    with Loopback(said) as server, pytest.raises(ProviderError) as caught:
        asyncio.run(provider(HEAD + KEYED + CHECK + OP, server.url, key="k").probe())
    assert (type(caught.value), caught.value.reason) == (kind, reason)


def test_a_miss_is_an_answer() -> None:
    """Where a rule says that this is how the service says that it is there."""
    with Loopback(Say.json({}, 404)) as server:
        assert asyncio.run(provider(HEAD + CHECK + OP, server.url).probe()) == "answers"


def test_without_a_key_nothing_is_asked() -> None:
    """The variable is named."""
    with Loopback(Say.json({})) as server, pytest.raises(ProviderUnusable, match="set ACME_API_KEY"):
        asyncio.run(provider(HEAD + KEYED + CHECK + OP, server.url).probe())
    assert server.seen == []
