"""A server of the user's own that speaks OpenAI's language."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from glaze_cli.errors import Throttled
from glaze_cli.model import Found
from glaze_cli.providers.http import HttpDoor
from glaze_cli.providers.llm.openai import OpenAI, openai_compatible
from glaze_cli.providers.setup import Setup
from tests.loopback import Loopback, Say
from tests.providers.llm.asking import GOOD, lookup, wrote

FREE = {"input_usd_per_million": Decimal(0), "output_usd_per_million": Decimal(0)}


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


def test_a_reply_lost_that_costs_nothing_is_asked_for_again() -> None:
    """Nothing can have been billed."""
    with Loopback(Say(cut=-1)) as server, pytest.raises(Throttled) as caught:
        own = openai_compatible("vllm", Setup(HttpDoor(), base_url=server.url, model="m", **FREE))
        asyncio.run(own.look_up(lookup()))
    assert caught.value.reason == "unreachable"


def test_a_wrong_address_is_named_beside_the_model() -> None:
    """A 404 can mean both."""
    with Loopback(Say(404)) as server, pytest.raises(Exception, match="or base_url leads elsewhere"):
        own = openai_compatible("vllm", Setup(HttpDoor(), base_url=server.url, model="m", **FREE))
        asyncio.run(own.look_up(lookup()))
