"""Each language model's own dialect: questions, answers, errors and bills."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal
from typing import Any

import pytest

from glaze_cli.errors import LookupFailed, ProviderUnusable, Throttled
from glaze_cli.model import ANY, Found, Micros, NotFound, Tier
from glaze_cli.providers.http import HttpDoor
from glaze_cli.providers.llm.anthropic import Anthropic
from glaze_cli.providers.llm.gemini import Gemini
from glaze_cli.providers.llm.model import LanguageModel
from glaze_cli.providers.llm.openai import Groq, Ollama, OpenAI, OpenRouter, openai_compatible
from glaze_cli.providers.llm.registry import llm_classes
from glaze_cli.providers.setup import Setup
from tests.loopback import Loopback, Say, dead_url
from tests.providers.llm.asking import ALL, KEY, ask, cell, fails, lookup, made, wrote

DIALECTS = (OpenAI, Anthropic, Gemini, OpenRouter, Ollama)
BILLS = {OpenAI: 90, Anthropic: 1_500, Gemini: 140, OpenRouter: 4_200, Ollama: 0}
"""Micros of 1,000 tokens read and 100 written, as published in 2026-11; OpenRouter's own word."""

GOOD = cell("Makes pumps.", 0.8, ("https://acme.example",))


@pytest.mark.parametrize("kind", DIALECTS)
def test_an_answer_has_value_confidence_sources_and_bill(kind: type[LanguageModel]) -> None:
    """In every dialect the same."""
    found = ask(kind, wrote(kind, GOOD))
    assert found == Found(
        {"description": "Makes pumps."},  # type: ignore[dict-item]
        0.8,
        ("https://acme.example",),
        Micros(BILLS[kind]),
    )


@pytest.mark.parametrize("kind", DIALECTS)
def test_not_knowing_is_not_found_and_billed(kind: type[LanguageModel]) -> None:
    """The tokens were used all the same."""
    assert ask(kind, wrote(kind, cell(None))) == NotFound("the model does not know", Micros(BILLS[kind]))


def test_what_is_sent_where() -> None:
    """Path, key, model, limit, schema and the two messages, in each dialect."""
    sent: dict[type, Any] = {}
    for kind in (OpenAI, Anthropic, Gemini):
        with Loopback(wrote(kind, GOOD)) as server:
            asyncio.run(made(kind, server.url, max_tokens=500).look_up(lookup()))
        (sent[kind],) = server.seen
    one, two, three = sent[OpenAI], sent[Anthropic], sent[Gemini]
    assert (one.path, one.headers["authorization"]) == ("/v1/chat/completions", f"Bearer {KEY}")
    assert one.json["max_completion_tokens"] == 500 and one.json["model"] == "gpt-5-nano"
    assert one.json["response_format"]["json_schema"]["strict"] is True
    assert [message["role"] for message in one.json["messages"]] == ["system", "user"]
    assert (two.path, two.headers["x-api-key"]) == ("/v1/messages", KEY)
    assert two.headers["anthropic-version"] == "2023-06-01" and two.json["max_tokens"] == 500
    assert two.json["output_config"]["format"]["type"] == "json_schema"
    assert three.path == "/v1beta/models/gemini-2.5-flash-lite:generateContent"
    assert three.headers["x-goog-api-key"] == KEY and KEY not in three.target
    assert three.json["generationConfig"]["maxOutputTokens"] == 500
    assert all("Acme AG" in seen.body.decode() for seen in sent.values())


@pytest.mark.parametrize(
    ("kind", "usage"),
    [
        (OpenAI, {"prompt_tokens": 1_200, "completion_tokens": 4_096}),
        (Anthropic, {"input_tokens": 1_200, "output_tokens": 4_096}),
        (Gemini, {"promptTokenCount": 1_200, "candidatesTokenCount": 4_096}),
    ],
)
def test_no_call_costs_more_than_was_reserved(kind: type[LanguageModel], usage: dict[str, int]) -> None:
    """The reserve is the whole request as one-byte tokens and all that the model may write."""
    body = json.loads(wrote(kind, GOOD).body)
    body["usageMetadata" if kind is Gemini else "usage"] = usage
    with Loopback(Say.json(body)) as server:
        model = made(kind, server.url)
        found = asyncio.run(model.look_up(lookup()))
    sent = len(server.seen[0].body)
    assert isinstance(found, Found) and found.cost is not None
    assert sent > 1_200 and 0 < found.cost <= model.price(lookup())


@pytest.mark.parametrize(
    ("kind", "stop"), [(OpenAI, "length"), (Anthropic, "max_tokens"), (Gemini, "MAX_TOKENS")]
)
def test_an_answer_cut_short_is_no_value(kind: type[LanguageModel], stop: str) -> None:
    """Even where what is there could be read; billed by its usage."""
    error = fails(kind, wrote(kind, GOOD, stop))
    assert isinstance(error, LookupFailed) and "cut short" in str(error)
    assert error.cost == BILLS[kind]


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


def test_an_empty_refusal_is_none() -> None:
    """Some servers send "" where OpenAI sends null."""
    said = Say.json({"choices": [{"message": {"content": GOOD, "refusal": ""}, "finish_reason": "stop"}]})
    assert isinstance(ask(OpenAI, said), Found)


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
        "bad_input",
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


def test_a_paused_turn_is_sent_back_once() -> None:
    """What the model wrote goes back with the question; both calls are billed; then it is enough."""
    pause = wrote(Anthropic, "searching", "pause_turn")
    with Loopback(pause, wrote(Anthropic, GOOD)) as server:
        found = asyncio.run(made(Anthropic, server.url).look_up(lookup()))
    assert isinstance(found, Found) and found.cost == 3_000
    again = server.seen[1].json["messages"]
    assert [message["role"] for message in again] == ["user", "assistant"]
    assert again[1]["content"] == [{"type": "text", "text": "searching"}]
    error = fails(Anthropic, pause)
    assert "cut short" in str(error) and error.cost == 3_000


def test_citations_of_the_service_are_sources() -> None:
    """What a search of the service's own found."""
    said = json.loads(wrote(Anthropic, cell("x", 1.0)).body)
    said["content"][0]["citations"] = [{"url": "https://acme.example/about"}, {"nothing": 1}]
    found = ask(Anthropic, Say.json(said))
    assert isinstance(found, Found)
    assert (found.citations, found.confidence) == (("https://acme.example/about",), 0.9)


def test_an_older_server_is_asked_in_older_words() -> None:
    """`max_tokens` for `max_completion_tokens`, the schema in words; remembered for the next question."""

    def answer(seen: Any) -> Say:
        if "max_completion_tokens" in seen.json:
            return Say.json({"error": {"message": "Unsupported: 'max_completion_tokens'"}}, 400)
        if "response_format" in seen.json:
            return Say.json({"error": {"message": "unknown field response_format"}}, 422)
        return wrote(OpenAI, GOOD)

    with Loopback(answer) as server:
        model = made(OpenAI, server.url)

        async def twice() -> None:
            assert isinstance(await model.look_up(lookup()), Found)
            assert isinstance(await model.look_up(lookup(company="Other")), Found)

        asyncio.run(twice())
    assert len(server.seen) == 4
    assert "JSON schema" in server.seen[-1].json["messages"][0]["content"]


def test_a_refused_parameter_that_cannot_be_said_otherwise_fails() -> None:
    """It is not tried for ever."""
    said = Say.json({"error": {"message": "no response_format, no json_schema"}}, 400)
    with Loopback(said) as server, pytest.raises(LookupFailed):
        asyncio.run(made(OpenAI, server.url).look_up(lookup()))
    assert len(server.seen) == 2


def test_a_model_of_unknown_price_is_not_asked() -> None:
    """No cap could be kept; with the user's own figures it is asked, and billed by them."""
    error = fails(OpenAI, wrote(OpenAI, GOOD), model="gpt-99-secret")
    assert isinstance(error, ProviderUnusable) and error.reason == "config"
    assert "price of gpt-99-secret is not known" in str(error)
    prices = {"input_usd_per_million": Decimal("1"), "output_usd_per_million": Decimal("10")}
    found = ask(OpenAI, wrote(OpenAI, GOOD), model="gpt-99-secret", **prices)
    assert found.cost == 1_000 + 1_000


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


def test_what_they_say_of_themselves() -> None:
    """Prompted, any column, cheap (Ollama: free, and only by name); the model is part of the version."""
    assert llm_classes() == ALL
    for kind in ALL:
        model = made(kind, "http://127.0.0.1", model="m1")
        assert model.prompted and not model.local and model.gives == {ANY}
        assert model.tier is (Tier.FREE if kind is Ollama else Tier.CHEAP)
        assert model.version.endswith(":m1")
        assert model.about.title and model.about.price
    door = HttpDoor()
    assert OpenAI(Setup(door)).lacks == "set OPENAI_API_KEY"
    assert OpenAI(Setup(door, key_name="MY_KEY")).lacks == "set MY_KEY"
    assert "[providers.ollama] model" in Ollama(Setup(door)).lacks
    assert Ollama(Setup(door, model="qwen3")).lacks == "" and Ollama.on_request


@pytest.mark.parametrize(
    ("setup", "lacks"),
    [
        ({}, "base_url"),
        ({"base_url": "http://127.0.0.1:1/v1"}, "model"),
        ({"base_url": "http://127.0.0.1:1/v1", "model": "m"}, "input_usd_per_million"),
    ],
)
def test_a_server_of_ones_own_needs_an_address_a_model_and_a_price(setup: dict[str, Any], lacks: str) -> None:
    """What it lacks is said one by one."""
    assert lacks in openai_compatible("vllm", Setup(HttpDoor(), **setup)).lacks


def test_a_server_of_ones_own_answers() -> None:
    """Without a key, at its own price of nothing."""
    free = {"input_usd_per_million": Decimal(0), "output_usd_per_million": Decimal(0)}
    with Loopback(wrote(OpenAI, GOOD)) as server:
        own = openai_compatible("vllm", Setup(HttpDoor(), base_url=f"{server.url}/v1", model="m", **free))
        assert (own.name, own.lacks) == ("vllm", "")
        found = asyncio.run(own.look_up(lookup()))
    assert isinstance(found, Found) and found.cost == 0
    assert "authorization" not in server.seen[0].headers
