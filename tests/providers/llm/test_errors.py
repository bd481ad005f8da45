"""What is no answer of a language model, in every dress."""

from __future__ import annotations

import asyncio

import pytest

from glaze_cli.errors import LookupFailed, ProviderUnusable, Throttled
from glaze_cli.providers.llm.anthropic import Anthropic
from glaze_cli.providers.llm.gemini import Gemini
from glaze_cli.providers.llm.model import LanguageModel
from glaze_cli.providers.llm.openai import Groq, Ollama, OpenAI, OpenRouter
from tests.loopback import Loopback, Say, dead_url
from tests.providers.llm.asking import ALL, GOOD, KEY, fails, lookup, made, wrote


@pytest.mark.parametrize(
    ("kind", "stop"), [(OpenAI, "length"), (Anthropic, "max_tokens"), (Gemini, "MAX_TOKENS")]
)
def test_an_answer_cut_short_is_no_value(kind: type[LanguageModel], stop: str) -> None:
    """Even where what is there could be read; billed by its usage."""
    error = fails(kind, wrote(kind, GOOD, stop))
    assert isinstance(error, LookupFailed) and "cut short" in str(error)
    assert error.cost == 2_000


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (OpenAI, wrote(OpenAI, GOOD, "content_filter")),
        (OpenAI, Say.json({"choices": [{"message": {"content": None, "refusal": "I cannot."}}]})),
        (OpenAI, Say.json({"choices": [{"message": {"content": None}, "finish_reason": "tool_calls"}]})),
        (OpenAI, Say.json({"choices": []})),
        (Anthropic, wrote(Anthropic, GOOD, "refusal")),
        (Anthropic, wrote(Anthropic, GOOD, "model_context_window_exceeded")),
        (Anthropic, wrote(Anthropic, GOOD, "tool_use")),
        (Gemini, wrote(Gemini, GOOD, "SAFETY")),
        (Gemini, wrote(Gemini, GOOD, "RECITATION")),
        (Gemini, Say.json({"promptFeedback": {"blockReason": "SAFETY"}})),  # no candidates at all
        (Gemini, Say.json({"candidates": [{"finishReason": "STOP", "content": {}}]})),  # no parts
    ],
)
def test_a_refusal_is_a_failure_not_a_miss(kind: type[LanguageModel], said: Say) -> None:
    """Somebody else may answer; an unbilled one is counted with the worst case where it does not say."""
    error = fails(kind, said)
    assert isinstance(error, LookupFailed) and error.reason == "provider_error"
    assert error.cost > 0


ERRORS = [
    (OpenAI, Say.json({"error": {"code": "invalid_api_key"}}, 401), ProviderUnusable, "auth"),
    (OpenAI, Say.json({"error": {"code": "insufficient_quota"}}, 429), ProviderUnusable, "quota"),
    (OpenAI, Say.json({"error": {"code": "model_not_found"}}, 404), ProviderUnusable, "config"),
    (OpenAI, Say.json({"error": {"code": "model_not_found"}}, 400), ProviderUnusable, "config"),
    (OpenAI, Say.json({"error": {"code": "context_length_exceeded"}}, 400), LookupFailed, "bad_input"),
    (OpenAI, Say.json({"error": {}}, 402), ProviderUnusable, "quota"),  # OpenRouter and others
    (OpenAI, Say.json({"error": {"message": "busy"}}, 429), Throttled, "throttled"),
    (OpenAI, Say(500), Throttled, "provider_error"),  # no body at all
    (OpenAI, Say.json({"error": {"message": "midway"}}), LookupFailed, "provider_error"),  # under 200
    (OpenAI, Say.json({"object": "list", "data": []}), LookupFailed, "provider_error"),
    (OpenAI, Say.html_as_json(), LookupFailed, "unknown_outcome"),  # paid, and nobody can read it
    (OpenAI, Say(cut=-1), LookupFailed, "unknown_outcome"),
    (OpenAI, Say(502), LookupFailed, "unknown_outcome"),
    (
        Groq,
        Say.json({"error": {"code": "json_validate_failed", "failed_generation": "{"}}, 400),
        LookupFailed,
        "provider_error",
    ),
    (Groq, Say.json({"error": {"code": "model_decommissioned"}}, 400), ProviderUnusable, "config"),
    (
        OpenRouter,
        Say.json({"error": {"code": 400, "message": "m1 is not a valid model ID"}}, 400),
        ProviderUnusable,
        "config",
    ),
    (
        OpenRouter,  # of this one question; the key is good
        Say.json({"error": {"code": 403, "metadata": {"reasons": ["violence"]}}}, 403),
        LookupFailed,
        "provider_error",
    ),
    (OpenRouter, Say.json({"error": {"code": 403}}, 403), ProviderUnusable, "auth"),
    (
        Anthropic,
        Say.json({"error": {"message": "Your credit balance is too low to ask."}}, 400),
        ProviderUnusable,
        "quota",
    ),
    (Anthropic, Say.json({"error": {"type": "authentication_error"}}, 401), ProviderUnusable, "auth"),
    (Anthropic, Say.json({"error": {"type": "not_found_error"}}, 404), ProviderUnusable, "config"),
    (Anthropic, Say.json({"error": {"type": "overloaded_error"}}, 529), Throttled, "provider_error"),
    (
        Anthropic,
        Say.json({"error": {"details": {"error_code": "enforced_spend_limit_reached"}}}, 429),
        ProviderUnusable,
        "quota",
    ),
    (
        Gemini,
        Say.json({"error": {"details": [{"reason": "API_KEY_INVALID"}]}}, 400),
        ProviderUnusable,
        "auth",
    ),
    (Gemini, Say.json({"error": {}}, 404), ProviderUnusable, "config"),
]


@pytest.mark.parametrize(("kind", "said", "error", "reason"), ERRORS)
def test_errors_of_every_dress(kind: type[LanguageModel], said: Say, error: type, reason: str) -> None:
    """What waits, what fails a cell, and what drops the provider."""
    caught = fails(kind, said)
    assert (type(caught), caught.reason) == (error, reason), caught
    assert KEY not in str(caught)
    if reason == "auth":
        assert kind.env in str(caught)
    if reason == "config":
        assert "there is no model" in str(caught) and f"[providers.{kind.name}]" in str(caught)


@pytest.mark.parametrize(
    ("kind", "said", "wait"),
    [
        (OpenAI, Say.json({}, 429, retry_after="20", retry_after_ms="2500"), 2.5),
        (
            OpenAI,
            Say.json({}, 429, x_ratelimit_remaining_requests="0", x_ratelimit_reset_requests="6m0s"),
            360.0,
        ),
        (
            OpenAI,
            Say.json({}, 429, x_ratelimit_remaining_requests="9", x_ratelimit_reset_requests="6m0s"),
            None,
        ),  # it is not the requests that are used up
        (OpenAI, Say.json({"error": {"message": "Please try again in 20s."}}, 429), 20.0),
        (OpenAI, Say.json({}, 429, retry_after="XXX"), None),  # a placeholder
        (Anthropic, Say.json({}, 429, retry_after="17"), 17.0),
        (Gemini, Say.json({"error": {"details": [{"retryDelay": "48s"}]}}, 429), 48.0),
    ],
)
def test_it_says_how_long_to_wait(kind: type[LanguageModel], said: Say, wait: float | None) -> None:
    """In the headers or in the body, each in its own way."""
    caught = fails(kind, said)
    assert isinstance(caught, Throttled)
    assert caught.retry_after == wait


def test_nobody_there_is_unreachable() -> None:
    """Nothing was sent, nothing is billed."""
    with pytest.raises(Throttled) as caught:
        asyncio.run(made(Ollama, dead_url()).look_up(lookup()))
    assert caught.value.reason == "unreachable"


def test_probing_lists_the_models() -> None:
    """Free and harmless."""
    for kind in ALL:
        with Loopback(Say.json({"data": [], "models": []})) as server:
            assert "answers" in asyncio.run(made(kind, server.url).probe())
        assert (server.seen[0].method, server.seen[0].path.endswith("/models")) == ("GET", True)
        refused = Say.json({"error": {"code": "invalid_api_key"}}, 401)
        with Loopback(refused) as server, pytest.raises(ProviderUnusable):
            asyncio.run(made(kind, server.url).probe())


def test_probing_where_no_models_are_listed_blames_the_address() -> None:
    """Nobody asked for a model."""
    with Loopback(Say.json({}, 404)) as server, pytest.raises(ProviderUnusable) as caught:
        asyncio.run(made(OpenAI, server.url).probe())
    assert "check base_url under [providers.openai]" in str(caught.value)
