"""What a provider is asked about a row."""

from __future__ import annotations

import pytest

from glaze_cli.engine.prompt import Prompt
from glaze_cli.engine.step import Step
from glaze_cli.model import ANY, Field, Lookup
from tests.engine.fakes import Fake

DOMAIN, COMPANY, NAME = Field("domain"), Field("company"), Field("name")


def lookup(provider: Fake, **inputs: str) -> Lookup | None:
    """What it is asked about a row with those inputs, where a domain is wanted."""
    return Step(provider, DOMAIN, None).lookup({Field(name): text for name, text in inputs.items()}, {})


@pytest.mark.parametrize(
    ("needs", "inputs", "asked"),
    [
        (["company"], {"company": "a", "name": "n"}, {"company": "a"}),  # nothing but what it reads
        (["name", "company"], {"company": "a", "name": "n"}, {"company": "a", "name": "n"}),  # in one order
        (["name", "company"], {"company": "a"}, None),  # the row lacks one
        ([ANY], {"company": "a", "name": "n"}, {"company": "a", "name": "n"}),  # whatever there is
        ([ANY], {}, None),  # nothing at all
    ],
)
def test_a_lookup_holds_what_the_provider_reads(
    needs: list[str], inputs: dict[str, str], asked: dict[str, str] | None
) -> None:
    """As `Lookup.about` makes it, so that its key is the same whoever asks."""
    read = None if asked is None else {Field(name): text for name, text in asked.items()}
    expected = None if read is None else Lookup.about("fake", "1", read)
    assert lookup(Fake(needs=needs), **inputs) == expected


def test_the_first_alternative_that_the_row_has_counts() -> None:
    """A name alone will do where there is no company with it."""
    provider = Fake()
    provider.needs = (frozenset({COMPANY, NAME}), frozenset({NAME}))
    assert lookup(provider, name="n", company="c") == Lookup.about("fake", "1", {COMPANY: "c", NAME: "n"})
    assert lookup(provider, name="n") == Lookup.about("fake", "1", {NAME: "n"})


def test_a_provider_of_any_field_is_told_which_is_wanted() -> None:
    """Else its answer to one question would be taken for that to another."""
    assert lookup(Fake(gives=[ANY]), company="c") == Lookup.about("fake", "1", {COMPANY: "c"}, DOMAIN)


def test_a_prompt_reads_the_cells_it_names() -> None:
    """And is part of the question; without them nothing is asked."""
    prompt = Prompt.parse("What does {Company} do?", ["Company", "Domain"], "Domain")
    step = Step(Fake(prompted=True), DOMAIN, prompt)
    asked = step.lookup({}, {Field("header:company"): "acme"})
    assert asked is not None
    assert (asked.prompt, asked.wants) == (prompt.template, DOMAIN)
    assert step.lookup({COMPANY: "acme"}, {}) is None
