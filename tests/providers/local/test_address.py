"""Reading an e-mail address out of a text."""

from __future__ import annotations

import pytest
from email_validator import (
    SPECIAL_USE_DOMAIN_NAMES,
    EmailNotValidError,
    validate_email,
)
from hypothesis import example, given
from hypothesis import strategies as st

from glaze_cli.providers.local.address import Address, read_address


def as_the_library_has_it(text: str) -> Address | None:
    try:
        address = validate_email(text, check_deliverability=False, allow_display_name=True)
    except EmailNotValidError:
        return None
    return Address(address.local_part, address.domain, address.normalized)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ada@example.org", Address("ada", "example.org", "ada@example.org")),
        ("Ada <Ada@Example.org>", Address("Ada", "example.org", "Ada@example.org")),
        ("INFO@Example.org", Address("info", "example.org", "info@example.org")),  # a task's, in any case
        ("a.b+tag@x-y.example.org", Address("a.b+tag", "x-y.example.org", "a.b+tag@x-y.example.org")),
        ("ada@xn--mnchen-3ya.de", Address("ada", "münchen.de", "ada@münchen.de")),
        ("ada", None),
        ("ada@example.org, bob@example.org", None),
    ],
)
def test_an_address_is_read_in_its_normal_form(text: str, address: Address | None) -> None:
    """The mailbox, the host and the whole, as everybody writes them; None for what is no address."""
    assert read_address(text) == address


NASTY = [
    *(
        "",
        "@",
        "a@",
        "@b.de",
        "a@b",
        "a@b.c",
        "a@b.1",
        "a@b.c1",
        "a@b.1c",
        "a@1.de",
        "a@1.2.3.4",
        "a@[1.2.3.4]",
    ),
    *("a.@b.de", ".a@b.de", "a..b@c.de", "a@.b.de", "a@b..de", "a@b.de.", "a@-b.de", "a@b-.de", "a@b.-de"),
    *(
        "a@b.de-",
        "a@b--c.de",
        "a@ab--c.de",
        "a@xn--a.de",
        "a@xn--.de",
        "a@axn--b.de",
        "a@b.xn--p1ai",
        "a@b.d--e",
    ),
    *(
        "a@b_c.de",
        "a_@b.de",
        "-a@b.de",
        "a-@b.de",
        "!#$%&'*+-/=?^_`{|}~@b.de",
        '"a"@b.de',
        '"a b"@c.de',
        "a\\@b.de",
    ),
    *(
        "a@b@c.de",
        "a<b@c.de",
        "<a@b.de>",
        "a <b@c.de>",
        "a b@c.de",
        "a@b.de ",
        " a@b.de",
        "a@b.de\n",
        "a@b.de\x00",
    ),
    *(
        "a@b.de?x",
        "a@b.de/x",
        "a@b.de:25",
        "mailto:a@b.de",
        "A@b.de",
        "a@B.de",
        "postmaster@b.de",
        "Abuse@b.de",
    ),
    *("a@ⓑ.de", "a@b\u3002de", "a@b\xad.de", "ä@b.de", "a\u0301@b.de", "a@b.de\u0301", "a＠b.de", "a@faß.de"),
    *(
        "a@b.test",
        "a@b.local",
        "a@localhost",
        "a@localhost.localdomain",
        "a@b.home.arpa",
        "a@b.example",
        "a@b.alt",
    ),
    *("a" * 64 + "@b.de", "a" * 65 + "@b.de", "a@" + "b" * 59 + ".de", "a@" + "b" * 63 + ".de"),
    *("a@" + "b" * 64 + ".de", "a@" + "b." * 30 + "de", "a@" + "b." * 120 + "de", "a@" + "b." * 126 + "de"),
    *(f"a@{name}" for name in SPECIAL_USE_DOMAIN_NAMES),
    *(f"a@b.{name}" for name in SPECIAL_USE_DOMAIN_NAMES),
    *(f"a@b.c.{name}.de" for name in SPECIAL_USE_DOMAIN_NAMES),
]


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_a_nasty_one_is_what_the_library_makes_of_it(text: str) -> None:
    """No text near the edge of what is plain is taken for more, or less, than it is."""
    assert read_address(text) == as_the_library_has_it(text)


WORDS = st.text("ab01-_.+'!", min_size=1, max_size=8) | st.sampled_from(
    ["info", "xn--", "a" * 40, "é", "A", '"']
)
LABELS = st.text("ab01-", min_size=1, max_size=6) | st.sampled_from(
    ["xn--mnchen-3ya", "b" * 50, "ü", "B", "_"]
)
ENDINGS = st.sampled_from(
    ["de", "com", "co.uk", "test", "xn--p1ai", "local", "d1", "1d", "a-b", "a--b", "arpa"]
)


@given(
    WORDS, st.lists(LABELS, max_size=3), ENDINGS, st.sampled_from(["", "", "", " ", "<", ">", "@", ".", "\n"])
)
@example("ada", ["example"], "org", "")
def test_the_quick_way_is_the_library_s(mailbox: str, labels: list[str], ending: str, more: str) -> None:
    """An address that is plain enough for the quick way is what the library says it is; so is any other."""
    text = f"{mailbox}@{'.'.join([*labels, ending])}{more}"
    assert read_address(text) == as_the_library_has_it(text)


@given(st.from_regex(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,20}@[a-z0-9.-]{1,30}", fullmatch=True))
def test_letters_of_plain_addresses_in_any_order(text: str) -> None:
    """The same promise for texts of nothing but the characters that the quick way knows."""
    assert read_address(text) == as_the_library_has_it(text)
