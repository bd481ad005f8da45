"""Text to number, for every kind of number."""

from __future__ import annotations

import asyncio
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.model import Field, Found, Lookup, NotFound
from glaze_cli.providers.local.checked_number import CheckedNumber, plain_number
from glaze_cli.providers.local.ean import EanProvider
from glaze_cli.providers.local.iban import IbanProvider
from glaze_cli.providers.local.isbn import IsbnProvider
from glaze_cli.providers.local.isin import IsinProvider
from glaze_cli.providers.local.lei import LeiProvider

ALL = [EanProvider(), IbanProvider(), IsbnProvider(), IsinProvider(), LeiProvider()]


@pytest.mark.parametrize(
    ("text", "label", "number"),
    [
        ("978-0-14-032872-1", "isbn", "9780140328721"),  # hyphens
        ("978–0–14–032872–1", "isbn", "9780140328721"),  # dashes that a word processor made
        ("\u00a0978\u2009014\t0328721 ", "isbn", "9780140328721"),  # every kind of space
        ("ISBN-13: 9780140328721", "isbn", "9780140328721"),  # a label with its length
        ("ISBN9780140328721", "isbn", "9780140328721"),  # a label without a space
        ("isbn 080442957x", "isbn", "080442957X"),  # lower case
        ("IBAN: NL91 ABNA 0417 1643 00", "iban", "NL91ABNA0417164300"),  # a bank's letter
        ("VAT no. DE136695976", "vat", "DE136695976"),  # a label of two words
        ("VAT NO 995525828MVA", "vat", "NO995525828MVA"),  # Norway, not "number"
        ("IS0000001469", "isin", "IS0000001469"),  # begins like its label, and is not one
        ("\u200f9780140328721\u200e", "isbn", "9780140328721"),  # direction marks from an RTL sheet
        ("٩٧٨٠١٤٠٣٢٨٧٢١", "isbn", "9780140328721"),  # Arabic-Indic digits
        ("９７８０１４０３２８７２１", "isbn", "9780140328721"),  # full-width digits
        ("9.78014E+12", "isbn", "9.78014E+12"),  # what a spreadsheet lost is not put back
        ("", "isbn", ""),  # empty
        (" \t\n", "isbn", ""),  # blank
        ("n/a", "isbn", ""),  # no digit, no number
        ("9" * 1_000_000, "isbn", ""),  # a megabyte is no number
        ("9780140328721" + " " * 1_000_000, "isbn", "9780140328721"),  # unless it is blank
    ],
)
def test_only_what_carries_no_meaning_is_dropped(text: str, label: str, number: str) -> None:
    """Spaces, dashes, marks and labels go; every letter and digit stays."""
    assert plain_number(text, label) == number


def taken_apart(text: str, label: str) -> str:
    """The number in a text, with a look at every character however plain the text is."""
    shown = unicodedata.normalize("NFKC", text.strip()).upper()
    if not any(map(str.isdecimal, shown)):
        return ""
    shown = "".join(char for char in shown if unicodedata.category(char) != "Cf").strip()
    end = r"(-(8|1[0-4])(?=[:\s])|\s*(NO|NR|ID|NUMBER)[.:#]|\s*NUMBER)?([\W_]+|(?=\d))"
    shown = re.sub(rf"\A{label.upper()}{end}", "", shown)
    kept = (char for char in shown if unicodedata.category(char) not in ("Zs", "Zl", "Zp", "Cc", "Pd"))
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in kept)


PIECES = [
    "ISBN",
    "isbn",
    "-13",
    ":",
    " no.",
    "NUMBER",
    "978",
    "0",
    "x",
    "X",
    "-",
    "–",
    " ",
    "\xad",
    "٩",
    "９",
    "_",
    ".",
]


@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join) | st.text(max_size=12))
def test_a_number_of_letters_and_digits_is_read_as_any_other(text: str) -> None:
    """What has nothing between its letters and digits is spared the look at each, and comes out the same."""
    assert plain_number(text, "isbn") == taken_apart(text, "isbn")


@pytest.mark.parametrize("provider", ALL, ids=lambda provider: provider.name)
@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=40), st.from_regex(r"[A-Z]{2}[0-9A-Z .-]{6,32}", fullmatch=True)))
def test_any_text_has_an_answer(provider: CheckedNumber, text: str) -> None:
    """No text crashes a provider, and an invalid number says nothing but that."""
    answer = asyncio.run(provider.look_up(Lookup.about(provider.name, "1", {Field(provider.name): text})))
    if isinstance(answer, NotFound):
        assert answer.detail
    elif not answer.values[Field(f"{provider.name}_valid")]:
        assert len(answer.values) == 1
    else:
        assert set(answer.values) <= provider.gives


@pytest.mark.parametrize(
    ("provider", "valid"),
    [
        (EanProvider(), "4006381333931"),
        (IbanProvider(), "DE89370400440532013000"),
        (IsbnProvider(), "9780140328721"),
        (IsinProvider(), "US0378331005"),
        (LeiProvider(), "5493001KJTIIGC8Y1R12"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_any_other_last_digit_is_invalid(provider: CheckedNumber, valid: str) -> None:
    """A number is valid with its own check digit and with no other."""
    passed = []
    for digit in "0123456789":
        number = valid[:-1] + digit
        lookup = Lookup.about(provider.name, "1", {Field(provider.name): number})
        answer = asyncio.run(provider.look_up(lookup))
        assert isinstance(answer, Found)
        if answer.values[Field(f"{provider.name}_valid")]:
            passed.append(number)
    assert passed == [valid]
