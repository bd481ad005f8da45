"""Structured data of pages: however it is written, and whose it is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.providers.services import jsonld
from glaze_cli.providers.services.organisation import employees, founded, organisation, place

ACME = {"@type": "Organization", "name": "Acme"}


def named(*blocks: object) -> str | None:
    """The name of the site's organisation."""
    texts = [block if isinstance(block, str) else json.dumps(block) for block in blocks]
    found = organisation(texts, "acme.com")
    return None if found is None else jsonld.text(found.get("name"))


@pytest.mark.parametrize(
    "block",
    [
        ACME,
        [ACME],
        {"@graph": [{"@type": "WebPage", "name": "Home"}, ACME]},
        [[{"@graph": {"@graph": ACME}}]],
        {"@type": "WebSite", "name": "Home", "publisher": ACME},
        {"@type": ["Brand", "https://schema.org/Corporation"], "name": ["Acme"]},
        {"@type": "schema:AutoRepair", "name": {"@value": "Acme", "@language": "en"}},
        {**ACME, "url": "https://www.acme.com/about"},
        {**ACME, "url": "/"},
        '{"@type": "Organization", /* ours */ "name": "Acme"}',
        '// ours\n{"@type": "Organization", "name": "Acme", // its name\n}',
        '{"@type": "Organization", "url": "https://acme.com", "name": "Acme",}',
        '<!--\n{"@type": "Organization", "name": "Acme"}\n-->',
        '//<![CDATA[\n{"@type": "Organization", "name": "Acme"}\n//]]>',
        '{"@type": "Organization", "name": "Acme"};',
        '{"@type": "Organization", "name": "Ac\u0000me", "slogan": "a\nb\tc"}',
        '{"@type": "Organization", "name": "Acme", "slogan": "a // b, /* c */ \\" ,}"}',
        '{"@type": "Organization", "name": "&#65;cme<br>"}',  # written for a page
    ],
)
def test_how_it_is_written(block: object) -> None:
    """In lists, graphs and types of all kinds; with comments, last commas and what should not be there."""
    assert named(block) == "Acme"


@pytest.mark.parametrize(
    "block",
    [
        {"@type": "Article", "publisher": {"@type": "Organization", "name": "Other"}},
        {"@type": "Product", "brand": {"@type": "Organization", "name": "Other"}},
        {"@type": "Person", "name": "Ada", "worksFor": ACME},
        {"@type": "Brand", "name": "Acme"},
        {**ACME, "url": "https://partner.com"},  # a partner's
        [ACME, {**ACME, "name": "Other"}],  # two, and nobody says which
        {"name": "Acme"},
        '{"@type": "Organization", "name": ',
        "[" * 50_000,
        "",
        "null",
    ],
)
def test_what_is_not_the_sites_organisation(block: object) -> None:
    """Gives nothing."""
    assert named(block) is None


def test_of_several_the_one_that_the_site_points_to() -> None:
    """By its `@id`, as content management systems write it."""
    other = {"@type": "Organization", "@id": "#partner", "name": "Other"}
    own = {**ACME, "@id": "https://acme.com/#organization"}
    pointer = {"@type": "WebSite", "publisher": {"@id": own["@id"]}}
    assert named({"@graph": [other, own, pointer]}) == "Acme"


def test_what_its_entries_agree_on() -> None:
    """Branches of one name have one telephone number and two addresses: the firm's address is unknown."""
    branches = [
        {**ACME, "telephone": "1", "address": "Low Road 1", "logo": ""},
        {**ACME, "telephone": "1", "address": "High Road 2", "vatID": "7"},
    ]
    found = organisation([json.dumps(branches)], "acme.com")
    assert found is not None
    assert {key: found.get(key) for key in ("name", "telephone", "address", "logo", "vatID")} == {
        "name": "Acme",
        "telephone": "1",
        "address": None,
        "logo": None,
        "vatID": "7",
    }


@pytest.mark.parametrize(
    ("said", "count"),
    [
        (120, 120),
        ("120", 120),
        (120.0, 120),
        ({"@type": "QuantitativeValue", "value": "120"}, 120),
        ({"minValue": 7, "maxValue": 7}, 7),
        ({"minValue": 100, "maxValue": 200}, None),
        ("100-200", None),
        ("1,200", None),  # or 1.2
        (0, None),
        (-3, None),
        (True, None),
        (float("nan"), None),
        (10**30, None),
        ({"value": None}, None),
        ([120], None),
        (None, None),
    ],
)
def test_employees(said: object, count: int | None) -> None:
    """One number, or nothing."""
    assert employees({"numberOfEmployees": said}) == count


@pytest.mark.parametrize(
    ("said", "year"),
    [
        ("1998", 1998),
        (1998, 1998),
        ("1998-05", 1998),
        ("1998-05-01T00:00:00Z", 1998),
        ("01.05.1998", None),
        ("98", None),
        ("9999", None),
        ("١٩٩٨", None),
        (True, None),
        (None, None),
    ],
)
def test_founded(said: object, year: int | None) -> None:
    """The year of an ISO date."""
    assert founded({"foundingDate": said}) == year


@pytest.mark.parametrize(
    ("address", "street"),
    [
        ({"streetAddress": "Low Road 1"}, "Low Road 1"),
        ([{"streetAddress": "Low Road 1"}], "Low Road 1"),
        ("Low Road 1, Ulm", "Low Road 1, Ulm"),
        ([{"streetAddress": "Low Road 1"}, {"streetAddress": "High Road 2"}], None),
        ({"streetAddress": ["Low Road 1", "High Road 2"]}, None),
        ([], None),
        (7, None),
    ],
)
def test_its_one_place(address: object, street: str | None) -> None:
    """Of two, neither."""
    assert jsonld.text(place({"address": address}).get("streetAddress")) == street


def test_addresses_of_things() -> None:
    """A picture's address is not its name."""
    logo = [{"@type": "ImageObject", "name": "logo", "contentUrl": "/a.png"}, "/b.png", {"@id": "#c"}, 7, {}]
    assert jsonld.addresses(logo) == ["/a.png", "/b.png", "#c"]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["@type", "@graph", "name", "url", "@id", "publisher", "address"]), inner
        )
    ),
)


@given(JSON, st.text())
def test_nothing_breaks_it(value: Any, noise: str) -> None:
    """Any JSON, any text."""
    organisation([json.dumps(value), noise, json.dumps({**ACME, "url": value})], "acme.com")


@given(JSON)
def test_what_mends_leaves_the_rest_alone(value: Any) -> None:
    """Behind a comment, everything is as it would be without."""
    (entry,) = jsonld.entries(["/* ours */" + json.dumps({"x": value})])
    assert entry == json.loads(json.dumps({"x": value}))
