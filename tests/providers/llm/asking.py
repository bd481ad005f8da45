"""Asking a language model of a server on loopback."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal
from typing import Any

import pytest

from glaze_cli.errors import ProviderError
from glaze_cli.model import Answer, Field, Lookup
from glaze_cli.providers.http import HttpDoor
from glaze_cli.providers.llm.anthropic import Anthropic
from glaze_cli.providers.llm.gemini import Gemini
from glaze_cli.providers.llm.model import LanguageModel
from glaze_cli.providers.llm.openai import Groq, Ollama, OpenAI, OpenRouter
from glaze_cli.providers.setup import Setup
from tests.loopback import Loopback, Say

ALL: tuple[type[LanguageModel], ...] = (OpenAI, Anthropic, Gemini, OpenRouter, Groq, Ollama)
KEY = "sk-s3cr3t-k3y"
PRICES = {"input_usd_per_million": Decimal(1), "output_usd_per_million": Decimal(10)}
"""Micros for a token read and ten for one written: the bills of the tests must not follow the market."""


def made(kind: type[LanguageModel], url: str, **more: Any) -> LanguageModel:
    """A model of that kind, asked at another server; `published=True`: at the published price."""
    usual = "llama-3.3-70b-versatile" if kind is Groq else "openai/gpt-4o-mini"
    model = more.pop("model", kind.usual_model or usual)
    if not more.pop("published", False):
        more = PRICES | more
    door = HttpDoor(connect_s=2, reply_s=3)
    return kind(Setup(door, KEY, kind.env, url, model=model, **more))


def lookup(
    wants: str = "description", prompt: str = "What does {header:company} do?", **texts: str
) -> Lookup:
    """A question about a row."""
    inputs = {Field(f"header:{name}"): text for name, text in (texts or {"company": "Acme AG"}).items()}
    return Lookup.about("llm", "1", inputs, Field(wants), prompt)


def ask(kind: type[LanguageModel], *says: Say, about: Lookup | None = None, **more: Any) -> Answer:
    """What it answers when the service says this."""
    with Loopback(*says) as server:
        return asyncio.run(_ask(made(kind, server.url, **more), about or lookup()))


async def _ask(model: LanguageModel, about: Lookup) -> Answer:
    try:
        return await model.look_up(about)
    finally:
        await model._setup.door.close()


def fails(kind: type[LanguageModel], *says: Say, about: Lookup | None = None, **more: Any) -> ProviderError:
    """The error it ends in."""
    with pytest.raises(ProviderError) as caught:
        ask(kind, *says, about=about, **more)
    return caught.value


def wrote(kind: type[LanguageModel], text: str, stop: str | None = None) -> Say:
    """A whole answer in the service's own shape, with 1,000 tokens read and 100 written."""
    if kind is Anthropic:
        return Say.json(
            {
                "type": "message",
                "content": [{"type": "text", "text": text}],
                "stop_reason": stop or "end_turn",
                "usage": {"input_tokens": 1_000, "output_tokens": 100},
            }
        )
    if kind is Gemini:
        return Say.json(
            {
                "candidates": [
                    {
                        "content": {"parts": [{"text": text}], "role": "model"},
                        "finishReason": stop or "STOP",
                    }
                ],
                "usageMetadata": {
                    "promptTokenCount": 1_000,
                    "candidatesTokenCount": 60,
                    "thoughtsTokenCount": 40,
                },
            }
        )
    return Say.json(
        {
            "object": "chat.completion",
            "choices": [{"message": {"content": text, "refusal": None}, "finish_reason": stop or "stop"}],
            "usage": {"prompt_tokens": 1_000, "completion_tokens": 100, "cost": 0.0042},
        }
    )


def cell(value: object, confidence: object = 0.95, sources: object = ()) -> str:
    """The JSON object that a model is asked for."""
    named = list(sources) if isinstance(sources, tuple) else sources
    return json.dumps({"value": value, "confidence": confidence, "sources": named})


GOOD = cell("Makes pumps.", 0.8, ("https://acme.example",))
