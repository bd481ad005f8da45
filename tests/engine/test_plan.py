"""Who is asked for which column, in which order."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from glaze_cli.engine.events import TargetColumn
from glaze_cli.engine.plan import ColumnPlan, plan_columns
from glaze_cli.errors import ConfigError, SelectionError
from glaze_cli.model import ANY, Field, Tier
from glaze_cli.model.settings import ColumnSettings, RunSettings, Settings
from tests.engine.fakes import Fake

HEADERS = ("Company", "Email", "Domain", "Favourite colour")


class OnRequest(Fake):
    """Runs only when it is named."""

    on_request = True


def plan(
    fill: Sequence[str], providers: Sequence[Fake], settings: Settings | None = None, **more: object
) -> tuple[ColumnPlan, ...]:
    """Plans for these headers of HEADERS, each chosen by the user."""
    targets = [TargetColumn(HEADERS.index(header) + 1, header) for header in fill]
    named = more.get("named", ())
    chosen = more.get("chosen", {target.column for target in targets})
    return plan_columns(HEADERS, targets, providers, settings or Settings(), named, chosen)  # type: ignore[arg-type]


def test_tiers_are_asked_in_their_order() -> None:
    """Free before cheap before premium, whatever order they were found in; local before the network."""
    providers = [
        Fake("premium", tier=Tier.PREMIUM),
        Fake("cheap", tier=Tier.CHEAP),
        Fake("net", tier=Tier.FREE),
        Fake("here", tier=Tier.FREE, local=True),
    ]
    (column,) = plan(["Domain"], providers)
    assert [provider.name for provider in column.waterfall] == ["here", "net", "cheap", "premium"]


def test_named_providers_are_asked_in_the_order_named() -> None:
    """`--provider b --provider a` asks b first, and nobody else."""
    (column,) = plan(["Domain"], [Fake("a"), Fake("b"), Fake("c")], named=("b", "a"))
    assert [provider.name for provider in column.waterfall] == ["b", "a"]


def test_a_columns_own_waterfall_and_confidence_count() -> None:
    """What glaze.toml says of a column is what the column gets."""
    settings = Settings(
        run=RunSettings(min_confidence=0.5),
        columns={"Domain": ColumnSettings(waterfall=("b",), min_confidence=0.9)},
    )
    (column,) = plan(["Domain"], [Fake("a"), Fake("b")], settings)
    assert ([provider.name for provider in column.waterfall], column.min_confidence) == (["b"], 0.9)


def test_who_runs_on_request_is_not_asked_unasked() -> None:
    """The mock provider never slips into a waterfall."""
    mock = OnRequest("mock", gives=(ANY,), needs=(ANY,))
    with pytest.raises(SelectionError):
        plan(["Favourite colour"], [mock])
    (column,) = plan(["Favourite colour"], [mock], named=("mock",))
    assert column.field == "header:favourite colour"


def test_a_header_means_what_glaze_toml_says() -> None:
    """A header nobody recognises is given its field by the user."""
    settings = Settings(columns={"Favourite colour": ColumnSettings(field=Field("domain"))})
    (column,) = plan(["Favourite colour"], [Fake()], settings)
    assert column.field == "domain"


@pytest.mark.parametrize(
    ("fill", "providers", "words"),
    [
        (["Favourite colour"], [Fake()], ["Favourite colour", "column D", "glaze.toml"]),  # means nothing
        (["Domain"], [], ["Domain", "no provider"]),  # known, but nobody gives it
        (["Domain"], [Fake(needs=("vat",))], ["Domain", "fake needs vat"]),  # the sheet lacks the input
        (["Domain"], [Fake(needs=("vat", "lei"))], ["lei and vat"]),  # it needs both
    ],
)
def test_a_chosen_column_that_nobody_can_fill_is_refused(
    fill: list[str], providers: list[Fake], words: list[str]
) -> None:
    """One sentence that names the column and what is missing."""
    with pytest.raises(SelectionError) as caught:
        plan(fill, providers)
    for word in words:
        assert word in str(caught.value)


def test_a_column_that_was_not_chosen_is_left_out() -> None:
    """`2:40` selects every column; those that nobody can fill are left alone."""
    (column,) = plan(["Domain", "Favourite colour"], [Fake()], chosen=())
    assert column.target.header == "Domain"


def test_a_waterfall_of_a_provider_there_is_not_is_refused() -> None:
    """A typing error gets a suggestion."""
    settings = Settings(columns={"Domain": ColumnSettings(waterfall=("huntr",))})
    with pytest.raises(ConfigError, match="did you mean hunter"):
        plan(["Domain"], [Fake("hunter")], settings)


def test_a_column_waits_for_those_that_feed_it() -> None:
    """Email needs the domain that is being filled in the same run, so it comes after it."""
    mail = Fake("mail", needs=("domain",), gives=("email",))
    domain = Fake("domain", needs=("company",), gives=("domain",))
    first, second = plan(["Email", "Domain"], [mail, domain])
    assert (first.target.header, first.after) == ("Domain", frozenset())
    assert (second.target.header, second.after) == ("Email", frozenset({3}))


def test_columns_that_feed_each_other_do_not_wait_for_ever() -> None:
    """In a ring the leftmost column goes first."""
    mail = Fake("mail", needs=("domain",), gives=("email",))
    domain = Fake("domain", needs=("email",), gives=("domain",))
    first, second = plan(["Domain", "Email"], [mail, domain])
    assert first.after == frozenset()
    assert second.after == {first.column}


def test_hundreds_of_columns_are_planned_one_by_one() -> None:
    """A provider is looked at a few times a column, not once for each pair of columns."""

    class Counting(Fake):
        looks = 0

        def needs_for(self, field: Field) -> tuple[frozenset[Field], ...]:
            self.looks += 1
            return self.needs

    mail = Counting("mail", needs=("domain",), gives=("email",))
    domain = Counting("domain", needs=("company",), gives=("domain",))
    headers = ["Company", *["Domain", "Email"] * 100]
    targets = [TargetColumn(column, header) for column, header in enumerate(headers, 1) if column > 1]
    plans = plan_columns(headers, targets, [mail, domain], Settings(), (), ())
    assert [plan.target.header for plan in plans] == ["Domain"] * 100 + ["Email"] * 100
    assert plans[-1].after == frozenset(range(2, 202, 2))
    assert mail.looks + domain.looks <= 4 * len(targets)
