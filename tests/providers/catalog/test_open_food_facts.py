"""Open Food Facts: a barcode's own product, however many zeros stand before it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.loopback import Say
from tests.providers.catalog.service import (
    BROKEN,
    MISS,
    Outcome,
    asked,
    check_sound,
    found,
    outcome,
    recordings,
    shared,
)

FOOD = "open_food_facts"
EAN = "4000000000006"


def product(code: str = EAN, **more: Any) -> Say:
    """A product."""
    body = {"code": code, "product_name": "Oat Biscuits", "brands": "Acme,Acme Bio", **more}
    return Say.json({"code": code, "product": body, "status": 1, "status_verbose": "product found"})


def absent(status: int) -> Say:
    """There is none."""
    return Say.json({"code": EAN, "status": 0, "status_verbose": "product not found"}, status)


def test_what_it_says_of_itself() -> None:
    """Free, without a key, shared alike, a hundred calls a minute."""
    manifest = check_sound(FOOD)
    assert "ODbL" in manifest.about.license and "Open Food Facts" in manifest.about.attribution
    assert [(window.calls, window.seconds) for window in manifest.limits.windows] == [(100, 60.0)]


@pytest.mark.parametrize(
    ("asked_for", "code"),
    [
        (EAN, EAN),
        ("737628064502", "0737628064502"),  # a short code, as they write it
        ("012345678905", "0012345678905"),
        ("40000006", "40000006"),
    ],
)
def test_a_barcode_gives_its_product(asked_for: str, code: str) -> None:
    """Only the barcode is sent; the same number with zeros before it is the same product."""
    seen = asked(FOOD, product(code), ean=asked_for)
    assert (seen.path, seen.query) == (f"/product/{asked_for}", {"fields": "code,product_name,brands"})
    assert outcome(FOOD, product(code), ean=asked_for) == {
        "ean": code,
        "product_name": "Oat Biscuits",
        "brand": "Acme,Acme Bio",
    }
    answer = found(FOOD, product(code), ean=asked_for)
    assert (answer.confidence, answer.citations) == (
        0.9,
        (f"https://world.openfoodfacts.org/product/{code}",),
    )


def test_what_is_not_there_stays_empty() -> None:
    """Blank and missing are nothing."""
    assert outcome(FOOD, product(product_name="", brands=None), ean=EAN) == {"ean": EAN}


@pytest.mark.parametrize("said", [absent(200), absent(404), product("4000000000013")])
def test_no_product_or_anothers_is_not_found(said: Say) -> None:
    """Status 0 is a miss under 200 and under 404; another barcode's product is refused."""
    assert outcome(FOOD, said, ean=EAN) == MISS


@pytest.mark.parametrize(("said", "expected"), BROKEN)
def test_a_broken_answer_is_never_a_miss(said: Say, expected: str) -> None:
    """Errors of every dress end as errors."""
    assert outcome(FOOD, said, ean=EAN) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Say.html_as_json(403), "again: throttled"),  # there is no key that could be wrong
        (Say.json({"status": 0}, 500), "again: provider_error"),
        (Say.json({"status": 1, "code": EAN}), "failed: provider_error"),
        (Say.json({"error": "no such page"}, 404), "failed: provider_error"),
    ],
)
def test_what_its_refusals_mean(said: Say, expected: str) -> None:
    """Only a status of 0 is a miss."""
    assert outcome(FOOD, said, ean=EAN) == expected


class TestRecorded:
    """What Open Food Facts really sent."""

    pytestmark = shared

    @pytest.mark.parametrize(
        ("case", "expected"),
        [
            ("login_403_html", "again: throttled"),
            ("search_empty_page", "failed: provider_error"),  # a list where a product was asked for
            ("search_page1", "failed: provider_error"),
            ("facet_301_redirect", "failed: provider_error"),  # it leads round in circles here
        ],
    )
    def test_case(self, case: str, expected: Outcome) -> None:
        """Each recording ends as it should."""
        assert outcome(FOOD, Say.recording("openfoodfacts", case), ean=EAN) == expected

    def test_every_recording_has_its_case(self) -> None:
        """None is left out."""
        assert len(recordings("openfoodfacts")) == 4
