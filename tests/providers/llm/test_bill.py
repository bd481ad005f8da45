"""What a call to a language model costs: reserved before it, booked after it."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal

import pytest

from glaze_cli.errors import ProviderUnusable
from glaze_cli.model import Found
from glaze_cli.providers.llm import usual
from glaze_cli.providers.llm.anthropic import Anthropic
from glaze_cli.providers.llm.bill import Tariff
from glaze_cli.providers.llm.gemini import Gemini
from glaze_cli.providers.llm.model import LanguageModel
from glaze_cli.providers.llm.openai import Ollama, OpenAI, OpenRouter
from tests.loopback import Loopback, Say
from tests.providers.llm.asking import GOOD, ask, fails, lookup, made, wrote


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


def test_a_turn_that_may_be_paused_is_reserved_for() -> None:
    """The second call reads what the first wrote, too."""
    one, two = made(OpenAI, "http://127.0.0.1:1"), made(Anthropic, "http://127.0.0.1:1")
    assert two.price(lookup()) > one.price(lookup()) + 4_096 * 10 + 4_096


def test_a_model_of_unknown_price_is_not_asked() -> None:
    """No cap could be kept; with the user's own figures it is asked, and billed by them."""
    error = fails(OpenAI, wrote(OpenAI, GOOD), model="gpt-99-secret", published=True)
    assert isinstance(error, ProviderUnusable) and error.reason == "config"
    assert "price of gpt-99-secret is not known" in str(error)
    prices = {"input_usd_per_million": Decimal("1"), "output_usd_per_million": Decimal("10")}
    found = ask(OpenAI, wrote(OpenAI, GOOD), model="gpt-99-secret", **prices)
    assert found.cost == 1_000 + 1_000


@pytest.mark.parametrize(
    ("publisher", "model"),
    [("openai", usual.OPENAI), ("anthropic", usual.ANTHROPIC), ("google", usual.GEMINI)],
)
def test_the_usual_models_are_cheap(publisher: str, model: usual.UsualModel) -> None:
    """Their prices are known, and a question of usual length is a fraction of a cent."""
    cost = Tariff(publisher, model.name).cost(1_000, 100)
    assert cost is not None and 0 < cost < 2_000
    assert model.name in model.price and f"${model.read_usd} read" in model.price


def test_what_was_read_before_is_sold_for_less() -> None:
    """As published; the user's own figures know one price."""
    published = Tariff("openai", usual.OPENAI.name)
    whole, cached = published.cost(100_000, 0), published.cost(100_000, 0, 90_000)
    assert whole is not None and cached is not None and 0 < cached < whole
    own = Tariff("openai", "m", Decimal(1), Decimal(1))
    assert own.cost(1_000, 0, 900) == 1_000


@pytest.mark.parametrize(
    ("kind", "usage"),
    [
        (
            OpenAI,
            {
                "prompt_tokens": 3_000,
                "completion_tokens": 0,
                "prompt_tokens_details": {"cached_tokens": 2_000},
            },
        ),
        (Anthropic, {"input_tokens": 1_000, "cache_read_input_tokens": 2_000, "output_tokens": 0}),
        (Gemini, {"promptTokenCount": 3_000, "cachedContentTokenCount": 2_000}),
    ],
)
def test_every_dialect_says_what_was_read_before(kind: type[LanguageModel], usage: dict[str, int]) -> None:
    """In its own words; all of it counts as read."""
    name = "usageMetadata" if kind is Gemini else "usage"
    reading = made(kind, "http://127.0.0.1:1").reading({name: usage})
    assert (reading.input_tokens, reading.cached_tokens) == (3_000, 2_000)


@pytest.mark.parametrize("count", [-5, 10**400, "many", None, True, 1.5])
def test_a_counter_that_is_none_is_billed_as_the_worst_case(count: object) -> None:
    """A bill is never below nothing, nor beyond what a store can hold."""
    body = json.loads(wrote(OpenAI, GOOD).body)
    body["usage"] = {"prompt_tokens": count, "completion_tokens": 5}
    with Loopback(Say.json(body)) as server:
        model = made(OpenAI, server.url)
        found = asyncio.run(model.look_up(lookup()))
    assert isinstance(found, Found) and found.cost == model.price(lookup())


@pytest.mark.parametrize("cost", [-1, "0.1", None, True, 1e12])
def test_a_bill_of_openrouters_that_is_none_is_not_booked(cost: object) -> None:
    """Then its tokens are."""
    body = json.loads(wrote(OpenRouter, GOOD).body)
    body["usage"]["cost"] = cost
    found = ask(OpenRouter, Say.json(body))
    assert isinstance(found, Found) and found.cost == 2_000


def test_ones_own_machine_bills_nothing() -> None:
    """Whatever it says that it used."""
    assert made(Ollama, "http://127.0.0.1:1").price(lookup()) == 0
