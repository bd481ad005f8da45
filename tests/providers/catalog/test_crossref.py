"""Crossref: a DOI's own work, and titles that only one work has."""

from __future__ import annotations

from typing import Any

import pytest

from tests.loopback import Say
from tests.providers.catalog.service import BROKEN, MISS, asked, check_sound, found, outcome

REF = "crossref"
DOI = "10.5555/ABC.1"


def work(
    doi: str = DOI, title: str = "On Widgets", kind: str = "journal-article", **more: Any
) -> dict[str, Any]:
    """A work."""
    return {
        "DOI": doi,
        "URL": f"https://doi.org/{doi}",
        "type": kind,
        "title": [title],
        "author": [
            {"given": "Ada", "family": "Byron", "sequence": "first"},
            {"family": "Solo", "sequence": "additional"},
            {"name": "The Widget Group", "sequence": "additional"},
        ],
        "publisher": "Acme Press",
        "container-title": ["Journal of Widgets"],
        "issued": {"date-parts": [[2020, 5, 1]]},
        "ISBN": ["9780000000002"],
        **more,
    }


def one(**more: Any) -> Say:
    """A work that was asked for by DOI."""
    return Say.json({"status": "ok", "message-type": "work", "message": work(**more)})


def listed(*works: dict[str, Any]) -> Say:
    """A list of works."""
    return Say.json({"status": "ok", "message-type": "work-list", "message": {"items": list(works)}})


def plain(status: int, text: str) -> Say:
    """An answer in plain text."""
    return Say(status, {"content-type": "text/plain"}, text.encode())


ARTICLE = {
    "doi": DOI,
    "article_title": "On Widgets",
    "author": "Ada Byron, Solo, The Widget Group",
    "publisher": "Acme Press",
    "published": "2020-05-01",
    "journal": "Journal of Widgets",
    "isbn": "9780000000002",
}


def test_what_it_says_of_itself() -> None:
    """Free, without a key or a contact, five calls a second one after the other."""
    manifest = check_sound(REF)
    assert not manifest.contact
    assert (manifest.limits.windows[0].calls, manifest.limits.concurrency) == (5, 1)


@pytest.mark.parametrize(
    "doi",
    [
        DOI,
        "10.5555/abc.1",
        f"doi:{DOI}",
        f"https://doi.org/{DOI}",
        f"doi.org/{DOI}",
        f"http://dx.doi.org/{DOI}",
    ],
)
def test_a_doi_gives_its_work(doi: str) -> None:
    """However people write it, it is the same DOI."""
    assert outcome(REF, one(), doi=doi) == ARTICLE
    answer = found(REF, one(), doi=doi)
    assert (answer.confidence, answer.citations) == (1.0, (f"https://doi.org/{DOI}",))


def test_a_doi_stays_one_segment() -> None:
    """Its slash is part of it."""
    assert asked(REF, one(), doi=DOI).target == "/works/10.5555%2FABC.1"


def test_another_works_record_is_refused() -> None:
    """What comes back has to be the one that was asked for."""
    assert outcome(REF, one(doi="10.5555/abc.2"), doi=DOI) == MISS


@pytest.mark.parametrize(
    ("more", "field", "value"),
    [
        ({"kind": "monograph"}, "book_title", "On Widgets"),
        ({"kind": "monograph"}, "article_title", None),
        ({"kind": "monograph"}, "journal", None),
        ({"kind": "book-chapter"}, "article_title", "On Widgets"),  # the book is another work
        ({"title": []}, "article_title", None),
        ({"ISBN": ["1", "2"]}, "isbn", None),  # which of them?
        ({"author": None}, "author", None),
        ({"issued": {"date-parts": [[2019, 12]]}}, "published", "2019-12"),
        ({"issued": {"date-parts": [[2019]]}}, "published", "2019"),
        ({"issued": {"date-parts": [[None]]}}, "published", None),
        ({"published": {"date-parts": [[2018, 1, 31]]}}, "published", "2018-01-31"),  # rather than issued
    ],
)
def test_what_is_not_there_stays_empty(more: dict[str, Any], field: str, value: str | None) -> None:
    """Books are not articles, years are not days, and of two numbers neither is taken."""
    body = work(**{key: part for key, part in more.items() if key != "title"})
    body["title"] = more.get("title", body["title"])
    values = found(REF, Say.json({"status": "ok", "message": body}), doi=DOI).values
    assert dict(values).get(field) == value  # type: ignore[call-overload]


def test_a_title_finds_the_only_work_of_that_title() -> None:
    """It is sent encoded, alone; what comes near is not it."""
    said = listed(work("10.5555/x", "On Widgets and Gadgets"), work())
    seen = asked(REF, said, article_title="On widgets")
    assert (seen.path, seen.query) == ("/works", {"query.bibliographic": "On widgets", "rows": "20"})
    expected = {name: value for name, value in ARTICLE.items() if name != "isbn"}
    assert outcome(REF, said, article_title="On widgets") == expected
    assert found(REF, said, article_title="On widgets").confidence == 0.8


@pytest.mark.parametrize("author", ["Ada Byron, Solo, The Widget Group", "Byron", "Byron Ada"])
def test_a_book_is_found_by_title_and_author(author: str) -> None:
    """Both have to agree."""
    said = listed(
        work(kind="book"), work("10.5555/x", kind="book", author=[{"given": "E", "family": "Else"}])
    )
    seen = asked(REF, said, book_title="On Widgets", author=author)
    assert seen.query == {"query.bibliographic": "On Widgets", "query.author": author, "rows": "20"}
    assert outcome(REF, said, book_title="On Widgets", author=author) == {
        "doi": DOI,
        "book_title": "On Widgets",
        "publisher": "Acme Press",
        "published": "2020-05-01",
        "isbn": "9780000000002",
    }


@pytest.mark.parametrize(
    ("said", "inputs"),
    [
        (listed(), {"article_title": "On Widgets"}),
        (listed(work(title="On Wodgets")), {"article_title": "On Widgets"}),
        (listed(work(), work("10.5555/x")), {"article_title": "On Widgets"}),  # two of the title
        (listed(work(kind="book")), {"article_title": "On Widgets"}),  # a book
        (listed(work(kind="book")), {"book_title": "On Widgets", "author": "Someone Else"}),
        (listed(work()), {"book_title": "On Widgets", "author": "Byron"}),  # an article
    ],
)
def test_a_namesake_is_refused(said: Say, inputs: dict[str, str]) -> None:
    """A title is many works' title."""
    assert outcome(REF, said, **inputs) == MISS


WAYS = [{"doi": DOI}, {"article_title": "On Widgets"}, {"book_title": "On Widgets", "author": "Byron"}]


@pytest.mark.parametrize("inputs", WAYS[:1])
@pytest.mark.parametrize(("said", "expected"), BROKEN)
def test_a_broken_answer_is_never_a_miss(inputs: dict[str, str], said: Say, expected: str) -> None:
    """Errors of every dress end as errors."""
    assert outcome(REF, said, **inputs) == expected


@pytest.mark.parametrize("inputs", WAYS[1:])
@pytest.mark.parametrize(("said", "expected"), BROKEN)
def test_a_broken_list_is_never_a_miss(inputs: dict[str, str], said: Say, expected: str) -> None:
    """The same of a list; a list that is not there at all is a mistake in our address."""
    assert outcome(REF, said, **inputs) == ("dropped: config" if said.status == 404 else expected)


@pytest.mark.parametrize(
    ("said", "inputs", "expected"),
    [
        (plain(404, "Resource not found."), WAYS[0], MISS),
        (plain(404, "Resource not found."), WAYS[1], "dropped: config"),
        (plain(404, "Cursor not found."), WAYS[0], "dropped: config"),
        (Say.json({"status": "failed", "message": "unknown cursor"}, 404), WAYS[1], "dropped: config"),
        (
            Say.json({"status": "failed", "message-type": "validation-failure"}, 400),
            WAYS[1],
            "failed: bad_input",
        ),
        (plain(429, "Too many requests"), WAYS[0], "again: throttled"),
        (plain(503, "Service Unavailable"), WAYS[2], "again: provider_error"),
        (Say.json({"status": "ok", "message": {"items": []}}), WAYS[0], "failed: provider_error"),
        (Say.json({"status": "failed", "message": []}), WAYS[0], "failed: provider_error"),
    ],
)
def test_what_its_refusals_mean(said: Say, inputs: dict[str, str], expected: str) -> None:
    """Only its own words about a DOI are a miss; a list that is not found is a mistake of ours."""
    assert outcome(REF, said, **inputs) == expected
