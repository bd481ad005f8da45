"""A web page, read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.providers.services.page import Page
from glaze_cli.providers.services.page_text import clean, decode

_STEEL = "<title>Сталь</title>"


def read(html: str | bytes, url: str = "https://acme.com/de/") -> Page:
    """The page at this address."""
    return Page(html if isinstance(html, bytes) else html.encode(), url, None)


@pytest.mark.parametrize(
    ("html", "declared"),
    [
        (_STEEL.encode(), None),
        (_STEEL.encode("cp1251"), "windows-1251"),
        (f'<meta charset="windows-1251">{_STEEL}'.encode("cp1251"), None),
        (
            f"<meta http-equiv=content-type content='text/html; charset=koi8-r'>{_STEEL}".encode("koi8-r"),
            None,
        ),
        (b"\xef\xbb\xbf" + _STEEL.encode(), "windows-1251"),  # the mark is stronger
        (b"\xff\xfe" + _STEEL.encode("utf-16-le"), None),
        (b'<meta charset="utf-16">' + _STEEL.encode(), None),  # it cannot be, since that was readable
        (_STEEL.encode(), "nonsense"),
        (_STEEL.encode(), "punycode"),  # a codec of Python, none of the web
        (_STEEL.encode(), "x" * 10_000),
    ],
)
def test_its_charset(html: bytes, declared: str | None) -> None:
    """By mark, header, or what the page says."""
    assert Page(html, "https://acme.com/", declared).title == "Сталь"


def test_latin_letters_are_read_as_browsers_do() -> None:
    """ISO 8859-1 has no quotation marks; pages that say so mean Windows' code page."""
    assert decode("„Ä“ €".encode("cp1252"), "iso-8859-1") == "„Ä“ €"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("  a\n\tb\u00a0c ", "a b c"),
        ("a\u202eb\u200b\x00\x1bc", "abc"),  # nothing that cannot be seen
        ("e\u0301", "é"),
        ("word " * 300, ("word " * 100)[:499].rsplit(" ", 1)[0] + "…"),
        ("x" * 600, "x" * 499 + "…"),
        ("St\ufffdhl", None),  # it could not be read, so nobody knows what it says
        (" \u200b ", None),
        (None, None),
        (7, None),
    ],
)
def test_text_as_a_cell_can_hold_it(text: object, seen: str | None) -> None:
    """One line of what can be seen, cut at a word."""
    assert clean(text) == seen


@given(st.text())
def test_clean_text_stays_as_it_is(text: str) -> None:
    """Cleaning twice changes nothing, and leaves only what can be printed."""
    once = clean(text)
    assert clean(once) == once and (once is None or once.isprintable())


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title>Acme &amp; Sons\n</title>", "Acme & Sons"),
        ("<svg><title>Close</title></svg>", None),  # of a drawing
        ("<title></title>", None),
        ("<TITLE>A<b>c</TITLE>", "A<b>c"),  # nothing is an element there
        ("", None),
    ],
)
def test_its_title(html: str, title: str | None) -> None:
    """Of the page, as text."""
    assert read(html).title == title


def test_its_head() -> None:
    """The first that says anything, under any of these names, however they are written."""
    page = read(
        '<meta name=Description content=" "><meta property="og:description" content="A &amp; B">'
        '<meta name="DESCRIPTION" content="C">'
    )
    assert page.meta("description", "og:description") == "C"
    assert page.meta("og:description") == "A & B"
    assert page.meta("author") is None


@pytest.mark.parametrize(
    ("content", "onward"),
    [
        ("0; url=/en/", "https://acme.com/en/"),
        ("0;URL='https://acme.com/x'", "https://acme.com/x"),
        ("3, url=en", "https://acme.com/de/en"),
        ("300; url=/en/", None),  # for people who stay
        ("0", None),
        ("0; url=https://acme.com/de/", None),  # to itself
        ("0; url=javascript:alert(1)", None),
        ("; url=/en/", None),
        ("", None),
    ],
)
def test_where_it_leads_at_once(content: str, onward: str | None) -> None:
    """A refresh of a few seconds, to another web address."""
    assert read(f'<meta http-equiv="refresh" content="{content}">').refresh == onward


def test_its_links() -> None:
    """Web addresses, whole; mail and telephone as they are; nothing else."""
    page = read(
        '<a href="/a">a</a><a href="//other.com/b">b</a><a href="#top">c</a><a href="javascript:x()">d</a>'
        '<a href="MailTo:info@acme.com">e</a><a href="tel:+49">f</a><a>g</a><a href="http://[">h</a>'
        f'<a href="/{"x" * 3_000}">i</a><a href="data:text/html,x">j</a>'
    )
    assert list(page.links()) == [
        "https://acme.com/a",
        "https://other.com/b",
        "MailTo:info@acme.com",
        "tel:+49",
    ]


def test_links_start_from_its_base() -> None:
    """Where it declares one."""
    page = read(
        '<base href="//cdn.acme.com/x/"><a href="a">a</a><link rel="icon apple-touch-icon" href="/i.png">'
    )
    assert list(page.links()) == ["https://cdn.acme.com/x/a"]
    assert page.icon() == "https://cdn.acme.com/i.png"


@pytest.mark.parametrize(
    ("body", "empty"),
    [
        ('<div id="root"></div><script>one two three four five six seven eight nine ten</script>', True),
        ("<noscript>You need to enable a good many scripts to run this app today</noscript>", True),
        ("<p>Please wait</p>", True),
        ("<p>Acme has made steel for all of Ulm since 1998, and for you.</p>", False),
        ('<a href="/en">English</a>', False),
    ],
)
def test_whether_anything_is_there(body: str, empty: bool) -> None:
    """A few words without a link are a shell that a script would fill."""
    assert read(f"<title>Acme</title><body>{body}</body>").empty is empty


def test_a_tag_of_thousands_of_attributes_is_not_read() -> None:
    """It would keep the parser busy for minutes; a long picture in an attribute would not."""
    names = " ".join(f"a{number}" for number in range(5_000))
    assert read(f"<title>Acme</title><a {names}>").title is None
    assert read(f'<title>Acme</title><img src="data:image/png;base64,{"A" * 100_000}">').title == "Acme"
