"""Each language model's own dialect: questions and answers."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal
from typing import Any

import pytest

from glaze_cli.model import ANY, Found, Micros, NotFound, Tier
from glaze_cli.providers.http import HttpDoor
from glaze_cli.providers.llm.anthropic import Anthropic
from glaze_cli.providers.llm.gemini import Gemini
from glaze_cli.providers.llm.model import LanguageModel
from glaze_cli.providers.llm.openai import Ollama, OpenAI, OpenRouter
from glaze_cli.providers.llm.registry import llm_classes
from glaze_cli.providers.setup import Setup
from tests.loopback import Loopback, Say
from tests.providers.llm.asking import ALL, GOOD, KEY, ask, cell, fails, lookup, made, wrote

DIALECTS = (OpenAI, Anthropic, Gemini, OpenRouter, Ollama)


BILLS = {OpenAI: 2_000, Anthropic: 2_000, Gemini: 2_000, OpenRouter: 4_200, Ollama: 0}
"""Micros of 1,000 tokens read and 100 written, at the prices of the tests; OpenRouter: its own word."""


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
    assert one.json["max_completion_tokens"] == 500 and one.json["model"] == "gpt-6-luna"
    assert one.json["response_format"]["json_schema"]["strict"] is True
    assert [message["role"] for message in one.json["messages"]] == ["system", "user"]
    assert (two.path, two.headers["x-api-key"]) == ("/v1/messages", KEY)
    assert two.headers["anthropic-version"] == "2023-06-01" and two.json["max_tokens"] == 500
    assert two.json["output_config"]["format"]["type"] == "json_schema"
    assert three.path == "/v1beta/models/gemini-2.5-flash-lite:generateContent"
    assert three.headers["x-goog-api-key"] == KEY and KEY not in three.target
    assert three.json["generationConfig"]["maxOutputTokens"] == 500
    assert all("Acme AG" in seen.body.decode() for seen in sent.values())


def test_an_empty_refusal_is_none() -> None:
    """Some servers send "" where OpenAI sends null."""
    said = Say.json({"choices": [{"message": {"content": GOOD, "refusal": ""}, "finish_reason": "stop"}]})
    assert isinstance(ask(OpenAI, said), Found)


def test_a_paused_turn_is_sent_back_once() -> None:
    """What the model wrote goes back with the question; both calls are billed; then it is enough."""
    pause = wrote(Anthropic, "searching", "pause_turn")
    with Loopback(pause, wrote(Anthropic, GOOD)) as server:
        found = asyncio.run(made(Anthropic, server.url).look_up(lookup()))
    assert isinstance(found, Found) and found.cost == 4_000
    again = server.seen[1].json["messages"]
    assert [message["role"] for message in again] == ["user", "assistant"]
    assert again[1]["content"] == [{"type": "text", "text": "searching"}]
    error = fails(Anthropic, pause)
    assert "cut short" in str(error) and error.cost == 4_000


def test_citations_of_the_service_are_sources() -> None:
    """What a search of the service's own found."""
    said = json.loads(wrote(Anthropic, cell("x", 1.0)).body)
    said["content"][0]["citations"] = [{"url": "https://acme.example/about"}, {"nothing": 1}]
    found = ask(Anthropic, Say.json(said))
    assert isinstance(found, Found)
    assert (found.citations, found.confidence) == (("https://acme.example/about",), 0.9)


def test_what_was_thought_or_searched_before_is_no_answer() -> None:
    """The answer is what stands after it, perhaps in pieces."""
    said = json.loads(wrote(Anthropic, "").body)
    said["content"] = [
        {"type": "thinking", "thinking": cell("a thought")},
        {"type": "text", "text": "Let me search."},
        {"type": "server_tool_use", "name": "web_search", "input": {}},
        {"type": "web_search_tool_result", "content": []},
        {"type": "text", "text": GOOD[:20]},
        {"type": "text", "text": GOOD[20:]},
    ]
    found = ask(Anthropic, Say.json(said))
    assert isinstance(found, Found) and found.values == {"description": "Makes pumps."}
    said = json.loads(wrote(Gemini, GOOD).body)
    said["candidates"][0]["content"]["parts"].insert(0, {"text": "Hm: pumps?", "thought": True})
    found = ask(Gemini, Say.json(said))
    assert isinstance(found, Found) and found.values == {"description": "Makes pumps."}


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
    prices = {"input_usd_per_million": Decimal(1)}
    assert "set both" in OpenAI(Setup(door, KEY, **prices)).lacks
