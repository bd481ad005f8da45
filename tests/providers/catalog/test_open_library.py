"""Open Library: an ISBN's own book."""

from __future__ import annotations

from typing import Any

import pytest

from tests.loopback import Say
from tests.providers.catalog.service import BROKEN, MISS, asked, check_sound, found, outcome

LIBRARY = "open_library"
ISBN = "9780000000002"


def book(isbn: str = ISBN, **more: Any) -> Say:
    """A book."""
    body = {
        "url": "https://openlibrary.org/books/OL1M/Widgets",
        "title": "Widgets",
        "authors": [{"name": "Ada Byron", "url": "x"}, {"name": "Bo Li", "url": "y"}],
        "publishers": [{"name": "Acme Press"}],
        "publish_date": "1990",
        "identifiers": {"isbn_10": ["0000000019"], "isbn_13": ["9780000000002"]},
        **more,
    }
    return Say.json({f"ISBN:{isbn}": body})


WIDGETS = {
    "book_title": "Widgets",
    "author": "Ada Byron, Bo Li",
    "publisher": "Acme Press",
    "published": "1990",
}


def test_what_it_says_of_itself() -> None:
    """Free, without a key; one call a second."""
    manifest = check_sound(LIBRARY)
    assert manifest.auth.kind == "none"
    assert manifest.limits.windows[0].calls == 1


@pytest.mark.parametrize("isbn", [ISBN, "0000000019", "080442957X"])
def test_an_isbn_gives_its_book(isbn: str) -> None:
    """By the number that was asked, short or long."""
    seen = asked(LIBRARY, book(isbn), isbn=isbn)
    assert (seen.path, seen.query) == (
        "/api/books",
        {"bibkeys": f"ISBN:{isbn}", "jscmd": "data", "format": "json"},
    )
    assert outcome(LIBRARY, book(isbn), isbn=isbn) == WIDGETS
    answer = found(LIBRARY, book(isbn), isbn=isbn)
    assert (answer.confidence, answer.citations) == (0.9, ("https://openlibrary.org/books/OL1M/Widgets",))


@pytest.mark.parametrize(
    ("more", "field", "value"),
    [
        ({"publish_date": "2001-09-30"}, "published", "2001-09-30"),
        ({"publish_date": "March 2009"}, "published", None),
        ({"publish_date": "19xx"}, "published", None),
        ({"authors": None}, "author", None),
        ({"publishers": []}, "publisher", None),
        ({"description": {"type": "/type/text", "value": "About widgets"}}, "book_title", "Widgets"),
        ({"description": "About widgets"}, "book_title", "Widgets"),
    ],
)
def test_what_is_not_there_stays_empty(more: dict[str, Any], field: str, value: str | None) -> None:
    """Only whole dates are dates; a description of either shape is in nobody's way."""
    assert dict(found(LIBRARY, book(**more), isbn=ISBN).values).get(field) == value  # type: ignore[call-overload]


def test_the_other_view_of_a_book_is_read_too() -> None:
    """It has everything one level deeper."""
    details = {
        "title": "Widgets",
        "authors": [{"key": "/a/1", "name": "Ada Byron"}],
        "publishers": ["Acme Press"],
    }
    said = Say.json({f"ISBN:{ISBN}": {"bib_key": f"ISBN:{ISBN}", "details": details}})
    assert outcome(LIBRARY, said, isbn=ISBN) == {
        "book_title": "Widgets",
        "author": "Ada Byron",
        "publisher": "Acme Press",
    }


@pytest.mark.parametrize("said", [Say.json({}), book("9780000000019")])
def test_no_book_or_anothers_is_not_found(said: Say) -> None:
    """An empty answer is a miss, another number's book is refused."""
    assert outcome(LIBRARY, said, isbn=ISBN) == MISS


@pytest.mark.parametrize(("said", "expected"), BROKEN)
def test_a_broken_answer_is_never_a_miss(said: Say, expected: str) -> None:
    """Errors of every dress end as errors."""
    assert outcome(LIBRARY, said, isbn=ISBN) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Say.json([]), "failed: provider_error"),
        (Say.json({"error": "notfound", "key": "/isbn/1"}, 404), "failed: provider_error"),  # not our address
        (Say.json({"error": "notfound"}), "failed: provider_error"),
        (Say.json({f"ISBN:{ISBN}": {"preview": "noview"}}), "failed: provider_error"),  # another view of it
        (Say.json({"ISBN:1": {"title": "A"}, "ISBN:2": {"title": "B"}}), "failed: provider_error"),
        (Say.json({}, 403), "dropped: auth"),
        (Say.json({}, 429), "again: throttled"),
    ],
)
def test_what_its_refusals_mean(said: Say, expected: str) -> None:
    """An empty answer means "none" only where it is an answer."""
    assert outcome(LIBRARY, said, isbn=ISBN) == expected
