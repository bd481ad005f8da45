"""Services that do not know a part of the request: it is said in another way."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from glaze_cli.errors import LookupFailed
from glaze_cli.model import Found
from glaze_cli.providers.llm.anthropic import Anthropic
from glaze_cli.providers.llm.gemini import Gemini
from glaze_cli.providers.llm.model import LanguageModel
from glaze_cli.providers.llm.openai import Ollama, OpenAI, OpenAICompatible
from tests.loopback import Loopback, Say
from tests.providers.llm.asking import GOOD, lookup, made, wrote


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


def test_questions_under_way_together_are_all_asked_again() -> None:
    """The first to be refused finds the other words; those refused after it are not lost."""

    def answer(seen: Any) -> Say:
        if "max_completion_tokens" in seen.json:
            return Say.json({"error": {"message": "Unsupported: 'max_completion_tokens'"}}, 400)
        return wrote(OpenAI, GOOD)

    with Loopback(answer) as server:
        model = made(OpenAI, server.url)

        async def many() -> list[object]:
            rows = (lookup(company=f"Company {number}") for number in range(8))
            return list(await asyncio.gather(*(model.look_up(row) for row in rows)))

        answers = asyncio.run(many())
    assert [type(answer) for answer in answers] == [Found] * 8


def test_own_servers_are_asked_by_the_older_name_and_newer_ones_by_the_newer() -> None:
    """A server that ignores the limit's name would keep to none; one that refuses it says so."""
    with Loopback(wrote(Ollama, GOOD)) as server:
        asyncio.run(made(Ollama, server.url).look_up(lookup()))
    assert "max_tokens" in server.seen[0].json and "max_completion_tokens" not in server.seen[0].json

    def newer(seen: Any) -> Say:
        if "max_tokens" in seen.json:
            words = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
            return Say.json({"error": {"message": words}}, 400)
        return wrote(OpenAI, GOOD)

    with Loopback(newer) as server:
        assert isinstance(asyncio.run(made(OpenAICompatible, server.url).look_up(lookup())), Found)
    assert server.seen[1].json["max_completion_tokens"] == 4_096


def _holds(body: object, name: str) -> bool:
    if isinstance(body, Mapping):
        return name in body or any(_holds(value, name) for value in body.values())
    return False


@pytest.mark.parametrize(
    ("kind", "part", "words"),
    [
        (Anthropic, "output_config", "output_config.format: this model does not support it"),
        (Gemini, "responseJsonSchema", "JSON mode is not enabled for models/gemma-3"),
    ],
)
def test_a_model_without_schemas_is_told_the_schema(kind: type[LanguageModel], part: str, words: str) -> None:
    """Its answer is read as strictly as any other."""

    def answer(seen: Any) -> Say:
        if _holds(seen.json, part):
            return Say.json({"error": {"message": words}}, 400)
        return wrote(kind, GOOD)

    with Loopback(answer) as server:
        assert isinstance(asyncio.run(made(kind, server.url).look_up(lookup())), Found)
    assert len(server.seen) == 2 and "JSON schema of the object" in server.seen[1].body.decode()


def test_a_refused_parameter_that_cannot_be_said_otherwise_fails() -> None:
    """It is not tried for ever."""
    said = Say.json({"error": {"message": "no response_format, no json_schema"}}, 400)
    with Loopback(said) as server, pytest.raises(LookupFailed):
        asyncio.run(made(OpenAI, server.url).look_up(lookup()))
    assert len(server.seen) == 2


def test_another_refusal_is_not_repeated() -> None:
    """A question that is too long stays so."""
    said = Say.json({"error": {"code": "context_length_exceeded", "message": "too long"}}, 400)
    with Loopback(said) as server, pytest.raises(LookupFailed):
        asyncio.run(made(OpenAI, server.url).look_up(lookup()))
    assert len(server.seen) == 1
