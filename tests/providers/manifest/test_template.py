"""A cell's value in a request: there whole, and nowhere else."""

from __future__ import annotations

import json
from collections import defaultdict
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.errors import LookupFailed
from glaze_cli.providers.manifest.template import (
    base_address,
    fill_header,
    fill_headers,
    fill_json,
    fill_path,
    fill_query,
    placeholders,
    quoted,
)

CELLS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@settings(max_examples=100, deadline=None)
@given(CELLS)
def test_a_value_arrives_whole_and_changes_nothing_else(cell: str) -> None:
    """In path and query it is one segment and one parameter, and decodes to itself."""
    try:
        path = fill_path("/v1/{company}/people", {"company": cell})
    except LookupFailed as error:
        assert error.reason == "bad_input"
        assert cell in (".", "..")
        return
    query = fill_query((("q", "name:{company}"), ("limit", "5")), {"company": cell})
    url = httpx.URL(f"https://api.example{path}?{query}")
    raw_path = url.raw_path.decode().partition("?")[0]
    assert url.host == "api.example"
    assert [unquote(part) for part in raw_path.split("/")] == ["", "v1", cell, "people"]
    sent = urlsplit(str(url)).query
    assert parse_qsl(sent, keep_blank_values=True) == [("q", f"name:{cell}"), ("limit", "5")]


@given(st.text(alphabet=st.sampled_from("aZ9_.~- /%+&é\n\u3042\U0001f4a9"), max_size=8) | CELLS)
def test_the_quick_way_to_quote_is_exact(text: str) -> None:
    """Letter by letter or all at once, the same is sent."""
    assert quoted(text) == quote(text, safe="")


TEMPLATES = st.lists(st.sampled_from(["{a}", "{b}", "x", " ", "&", "é", "{", "}", "{A}"]), max_size=4).map(
    "".join
)


@given(st.lists(st.tuples(TEMPLATES, TEMPLATES), max_size=3), CELLS, CELLS)
def test_a_query_made_beforehand_is_the_query(template: list[tuple[str, str]], a: str, b: str) -> None:
    """Its fixed parts are encoded once; filled, it is what urllib makes of the filled pairs."""
    inputs = defaultdict(lambda: "x&y", a=a, b=b)  # two pieces may come to a name of their own: `{`, `x`, `}`
    filled = [(name, fill_json(value, inputs)) for name, value in template]
    assert fill_query(tuple(template), inputs) == urlencode(filled, quote_via=quote)


def test_a_cells_own_braces_stay() -> None:
    """A value that looks like a placeholder is not filled in its turn."""
    inputs = {"a": "{b}", "b": "x"}
    assert fill_json("{a}{b}", inputs) == "{b}x"
    assert fill_path("/{a}", inputs) == "/%7Bb%7D"


@settings(max_examples=50, deadline=None)
@given(CELLS)
def test_a_value_in_json_is_text_inside_text(cell: str) -> None:
    """The body keeps the template's shape; only the text differs."""
    template = {"query": "about {company}", "flags": [True, 3, None], "{company}": "{company}"}
    body = json.loads(json.dumps(fill_json(template, {"company": cell})))
    assert body == {"query": f"about {cell}", "flags": [True, 3, None], "{company}": cell}


@pytest.mark.parametrize("template", ["/{a}{b}/x", "/x/{a}{b}"])
def test_values_that_climb_only_together_are_refused(template: str) -> None:
    """Two dots from two cells are still two dots."""
    with pytest.raises(LookupFailed):
        fill_path(template, {"a": ".", "b": "."})


def test_a_placeholder_in_a_cell_stays_text() -> None:
    """A cell that holds `{email}` does not read another cell."""
    inputs = {"company": "{email}", "email": "a@example.com"}
    assert fill_json("{company}/{email}", inputs) == "{email}/a@example.com"


def test_braces_of_the_services_own_stay() -> None:
    """A query language with braces needs no escapes."""
    sparql = 'SELECT ?x {?x wdt:P1278 "{lei}" . {} { }}'
    assert list(placeholders(sparql)) == ["lei"]
    assert fill_json(sparql, {"lei": "L"}) == 'SELECT ?x {?x wdt:P1278 "L" . {} { }}'


@pytest.mark.parametrize("cell", ["a\r\nX-Evil: 1", "a\nb", "Müller", "\x00"])
def test_what_a_header_cannot_hold_is_refused(cell: str) -> None:
    """No line break from a cell gets into the headers."""
    with pytest.raises(LookupFailed) as caught:
        fill_header("name={company}", {"company": cell})
    assert caught.value.reason == "bad_input"


def test_a_plain_value_in_a_header_is_sent() -> None:
    """What a header can hold goes as it is."""
    assert fill_header("name={company}", {"company": "Acme & Co"}) == "name=Acme & Co"


def test_headers_that_hang_on_no_row_are_taken_as_they_are() -> None:
    """Each is looked at all the same, and the others are filled."""
    fixed = (("accept", "text/csv"), ("x-name", "{Acme}"))
    assert fill_headers(fixed, {"company": "Acme"}) == fixed
    assert fill_headers((*fixed, ("x", "{company}")), {"company": "Acme"}) == (*fixed, ("x", "Acme"))
    for wrong in ("ü", "a\nb"):
        with pytest.raises(LookupFailed):
            fill_headers((("x", wrong),), {})


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://api.example/v1/", "https://api.example/v1"),
        ("http://localhost:11434", "http://localhost:11434"),  # a service at home
        ("https://[::1]:8443/x", "https://[::1]:8443/x"),
    ],
)
def test_a_base_address_is_taken_without_its_last_slash(url: str, base: str) -> None:
    """Paths begin with a slash."""
    assert base_address(url) == base


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.example",
        "ftp://a.example",
        "https://",
        "https://a b.example",
        "https://a.example:99999",
        "https://[x",
    ],
)
def test_what_is_no_base_address_is_refused(url: str) -> None:
    """A typing error is said, not asked."""
    with pytest.raises(ValueError, match="http or https"):
        base_address(url)
