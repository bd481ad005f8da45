"""What the services of language models really sent, through the adapters."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from glaze_cli.errors import LookupFailed, ProviderError, ProviderUnusable, Throttled
from glaze_cli.providers.http import HttpDoor
from glaze_cli.providers.llm.anthropic import Anthropic
from glaze_cli.providers.llm.gemini import Gemini
from glaze_cli.providers.llm.model import LanguageModel
from glaze_cli.providers.llm.openai import Groq, Ollama, OpenAI, OpenRouter
from glaze_cli.providers.setup import Setup
from tests.loopback import SHARED, Say
from tests.providers.llm.asking import KEY, fails, lookup
from tests.providers.manifest.example import nowhere

RECORDINGS = sorted((SHARED / "recordings").glob("*/*.json"))
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not RECORDINGS, reason="needs ../shared/recordings"),
]

CASES = [
    (OpenAI, "openai/chat_401_bad_key", ProviderUnusable, "auth", 0),
    (OpenAI, "openai/chat_404_model_not_found", ProviderUnusable, "config", 0),
    (OpenAI, "openai/responses_400_model_not_found", ProviderUnusable, "config", 0),
    (OpenAI, "openai/shape_429_insufficient_quota", ProviderUnusable, "quota", 0),
    (OpenAI, "openai/shape_429_rate_limit", Throttled, "throttled", 0),
    (OpenAI, "openai/chat_500_empty_body", Throttled, "provider_error", 0),
    (OpenAI, "openai/vector_500", Throttled, "provider_error", 0),
    (OpenAI, "openai/chat_400_unsupported_param", LookupFailed, "bad_input", 0),
    # `refusal: ""` is none; the content is the number 4, and not the object that was asked for.
    (OpenAI, "openai/chat_refusal_field", LookupFailed, "provider_error", 41),
    (OpenAI, "openai/shape_chat_refusal", LookupFailed, "provider_error", 110),
    (OpenAI, "openai/shape_chat_invalid_json_content", LookupFailed, "provider_error", 110),
    (OpenAI, "openai/responses_web_search", LookupFailed, "provider_error", 0),  # another API's answer
    (OpenAI, "openai/batch_5_poll_completed", LookupFailed, "provider_error", 0),
    (OpenAI, "openai/batch_list_paginated_page1", LookupFailed, "provider_error", 0),
    (OpenAI, "azure_openai/chat_429", Throttled, "throttled", 0),
    (OpenRouter, "openrouter/chat_401", ProviderUnusable, "auth", 0),
    (OpenRouter, "openrouter/chat_429_rate_limited_try1", Throttled, "throttled", 0),
    (OpenRouter, "openrouter/chat_429_rate_limited_try2", Throttled, "throttled", 0),
    (OpenRouter, "openrouter/chat_length_with_cost", LookupFailed, "provider_error", 13_551),  # cut, billed
    (OpenRouter, "openrouter/stream_error_midway", LookupFailed, "unknown_outcome", 0),  # nobody reads it
    (Groq, "groq/chat_400_tool_use_failed", LookupFailed, "provider_error", 0),
    (Groq, "groq/chat_404_model", ProviderUnusable, "config", 0),
    (Ollama, "ollama/chat_local_json_schema", LookupFailed, "provider_error", 0),  # another schema's JSON
    (Ollama, "ollama/local_basic", LookupFailed, "provider_error", 0),
    (Ollama, "ollama/cloud_prompted_output", LookupFailed, "provider_error", 0),
    (Anthropic, "anthropic/messages_401_bad_key", ProviderUnusable, "auth", 0),
    (Anthropic, "anthropic/messages_404_model", ProviderUnusable, "config", 0),
    (Anthropic, "anthropic/messages_400_effort", LookupFailed, "bad_input", 0),
    (Anthropic, "anthropic/shape_429_rate_limit", Throttled, "throttled", 0),
    (Anthropic, "anthropic/shape_429_spend_limit_no_retry_after", ProviderUnusable, "quota", 0),
    (Anthropic, "anthropic/shape_529_overloaded", Throttled, "provider_error", 0),
    (Anthropic, "anthropic/shape_refusal_200", LookupFailed, "provider_error", 20),
    (Anthropic, "anthropic/messages_max_tokens", LookupFailed, "provider_error", 116),
    (Anthropic, "anthropic/messages_native_json_schema", LookupFailed, "provider_error", 386),
    (Anthropic, "anthropic/messages_structured_output", LookupFailed, "provider_error", 301),
    (Anthropic, "anthropic/messages_web_search", LookupFailed, "provider_error", 14_184),
    # Asked twice, paused twice; both calls' tokens are billed.
    (Anthropic, "anthropic/messages_pause_turn_web_search", LookupFailed, "provider_error", 818_776),
    (Anthropic, "anthropic/count_tokens", LookupFailed, "provider_error", 0),
    (Anthropic, "anthropic/batch_1_create", LookupFailed, "provider_error", 0),
    (Anthropic, "anthropic/batch_4_results_jsonl", LookupFailed, "unknown_outcome", 0),
    (Gemini, "gemini/generate_400_bad_key", ProviderUnusable, "auth", 0),
    (Gemini, "gemini/generate_404_model", ProviderUnusable, "config", 0),
    (Gemini, "gemini/generate_429_free_tier", Throttled, "throttled", 0),
    (Gemini, "gemini/generate_429_quota", Throttled, "throttled", 0),
    (Gemini, "gemini/generate_max_tokens", LookupFailed, "provider_error", 65),
    (Gemini, "gemini/generate_safety_block", LookupFailed, "provider_error", 14),
    (Gemini, "gemini/generate_google_search_grounding", LookupFailed, "provider_error", 1_473),
    (Gemini, "gemini/prompt_blocked_model_armor", LookupFailed, "provider_error", None),
]


@pytest.mark.parametrize(
    ("kind", "case", "error", "reason", "cost"), CASES, ids=lambda value: str(value)[:50]
)
def test_each_case_ends_as_it_should(
    kind: type[LanguageModel], case: str, error: type[ProviderError], reason: str, cost: int | None
) -> None:
    """Kind of error, reason and bill in Micros (None: its usage does not say all; some is counted)."""
    caught = fails(kind, Say.recording(*case.split("/")))
    assert (type(caught), caught.reason) == (error, reason), caught
    assert caught.cost == cost if cost is not None else caught.cost > 0
    assert KEY not in str(caught)


@pytest.mark.parametrize(
    ("kind", "case", "wait"),
    [
        (OpenAI, "openai/shape_429_rate_limit", 20.0),
        (OpenAI, "azure_openai/chat_429", 1.0),  # `retry-after-ms: 0` makes no sense, `retry-after: 1` does
        (Anthropic, "anthropic/shape_429_rate_limit", 17.0),
        (Gemini, "gemini/generate_429_quota", 48.0),
        (Gemini, "gemini/generate_429_free_tier", None),
    ],
)
def test_each_says_how_long_to_wait(kind: type[LanguageModel], case: str, wait: float | None) -> None:
    """In its own dialect."""
    caught = fails(kind, Say.recording(*case.split("/")))
    assert isinstance(caught, Throttled)
    assert caught.retry_after == wait


@pytest.mark.parametrize("kind", [OpenAI, Anthropic, Gemini])
def test_no_recording_of_any_service_is_a_value(kind: type[LanguageModel]) -> None:
    """Whatever comes: one of the errors, never a crash and never a value."""
    said = Say()

    def network(request: httpx.Request) -> httpx.Response:
        return httpx.Response(said.status, headers=dict(said.headers), content=said.body)

    model = kind(Setup(HttpDoor(httpx.MockTransport(network), resolve=nowhere), KEY, kind.env))
    for path in RECORDINGS:
        said = Say.recording(path.parent.name, path.stem)
        with pytest.raises((LookupFailed, Throttled, ProviderUnusable)):
            asyncio.run(model.look_up(lookup()))
