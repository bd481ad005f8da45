"""Phone numbers and mail boxes of a page."""

from __future__ import annotations

import pytest

from glaze_cli.providers.services.contacts import mailbox_of, phone_of


@pytest.mark.parametrize(
    ("entry", "links", "phone"),
    [
        ({"telephone": "+49 (0)30 1234567"}, [], "+49301234567"),
        ({"telephone": "+49 30 1234567"}, ["tel:+4989123456"], "+49301234567"),  # said in so many words
        ({}, ["tel:+49%2030%201234567", "TEL:+49-30-1234567"], "+49301234567"),  # twice
        ({}, ["tel:030 / 123 456", "tel:030123456"], "030 / 123 456"),  # in some country, as written
        ({}, ["tel:+4930123456", "tel:+4989123456"], None),  # two
        ({"telephone": ["+4930123456", "+4989123456"]}, ["tel:+4930123456"], None),
        ({"contactPoint": {"telephone": "+4930123456"}}, [], "+4930123456"),
        ({"contactPoint": [{"telephone": "+4930123456"}, {"telephone": "+4989123456"}]}, [], None),
        ({"contactPoint": [{"telephone": "+4930123456"}, 7]}, ["tel:+4989123456"], "+4989123456"),
        ({"telephone": "+999 1"}, [], None),
        ({"telephone": "+49 1"}, [], None),
        ({"telephone": "call us"}, [], None),
        ({"telephone": "1-800-FLOWERS"}, [], None),
        ({"telephone": {"a": 1}}, [], None),
        ({}, ["tel:", "tel:%00", "tel:javascript:1234567"], None),
    ],
)
def test_phone(entry: dict[str, object], links: list[str], phone: str | None) -> None:
    """The one that is certainly the company's."""
    assert phone_of(entry, links) == phone


@pytest.mark.parametrize(
    ("entry", "links", "mailbox"),
    [
        ({"email": "Info@acme.com"}, ["mailto:sales@acme.com"], "info@acme.com"),
        ({"email": "mailto:info@mail.acme.com"}, [], "info@mail.acme.com"),
        ({"email": "acme@gmail.com"}, ["mailto:hello@acme.com?subject=a%20b"], "hello@acme.com"),
        ({}, ["MAILTO:hello%40acme.com", "mailto:web@designer.example"], "hello@acme.com"),
        ({}, ["mailto:jobs@acme.com", "mailto:info@acme.com"], "info@acme.com"),  # for everybody
        ({}, ["mailto:jobs@acme.com", "mailto:sales@acme.com"], None),
        (
            {},
            ["mailto:a@acme.com.evil.com", "mailto:acme.com", "mailto:@acme.com", "mailto:a b@acme.com"],
            None,
        ),
        ({"contactPoint": {"email": "help@acme.com"}}, [], "help@acme.com"),
        ({"email": ["a@acme.com", "b@acme.com"]}, [], None),
    ],
)
def test_mailbox(entry: dict[str, object], links: list[str], mailbox: str | None) -> None:
    """At its own domain; the one there is, or the one for everybody."""
    assert mailbox_of(entry, links, "acme.com") == mailbox
