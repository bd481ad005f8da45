"""Who can be asked: a provider is made when it is looked at, and nobody of use is left out."""

from __future__ import annotations

import pytest

from glaze_cli.cli.request import EnrichRequest
from glaze_cli.cli.wiring import provider_set
from glaze_cli.engine.plan import gives
from glaze_cli.fields.catalog import field_infos
from glaze_cli.model import Field
from glaze_cli.model.settings import ColumnSettings, Settings
from glaze_cli.providers.base import Provider
from glaze_cli.providers.registry import LOCAL, MODELS
from tests.cli.program import Program

FIELDS = [*field_infos(), Field("header:Summary")]


def names(providers: tuple[Provider, ...]) -> list[str]:
    """Of the providers, in their order."""
    return [provider.name for provider in providers]


@pytest.mark.parametrize("request_", [EnrichRequest("x.csv"), EnrichRequest("x.csv", tiers=("free",))])
def test_nobody_who_gives_a_field_is_left_out(glaze: Program, request_: EnrichRequest) -> None:
    """For every field: those that are found by it are all that give it, ready or not, in the same order."""
    everybody = provider_set(Settings())
    for field in FIELDS:
        found = provider_set(Settings())
        for quick, slow in (
            (found.chosen(request_, {field}), everybody.chosen(request_)),
            (found.unready_for(request_, {field}), everybody.unready_for(request_)),
        ):
            able = [provider.name for provider in slow if gives(provider, field)]
            assert [provider.name for provider in quick if gives(provider, field)] == able, field


def test_a_run_of_a_named_provider_makes_no_other(glaze: Program) -> None:
    """What is not named is not made."""
    found = provider_set(Settings())
    assert names(found.chosen(EnrichRequest("x.csv", providers=("gleif",)))) == ["gleif"]
    assert names(found.found.made) == ["gleif"]


def test_a_run_offline_opens_no_door(glaze: Program) -> None:
    """Only those of this machine are made, and the network is not touched, not even to close it."""
    found = provider_set(Settings())
    assert names(found.chosen(EnrichRequest("x.csv", offline=True))) == [n for n in LOCAL if n != "mock"]
    assert names(found.found.made) == list(LOCAL)
    assert not found.network.is_open


def test_models_are_made_for_prompts(glaze: Program) -> None:
    """Where a column has a prompt, all are looked at; where a waterfall names one, that one is."""
    for column, made in (
        (ColumnSettings(), []),
        (ColumnSettings(prompt="What is {Company}?"), list(MODELS)),
        (ColumnSettings(waterfall=("gemini",)), ["gemini"]),
    ):
        found = provider_set(Settings(columns={"Summary": column}))
        found.unready_for(EnrichRequest("x.csv"), {Field("company")})
        assert [name for name in names(found.found.made) if name in MODELS] == made
