"""The table of fields, and the form of their values in a cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.fields.catalog import FieldKind, as_cell_value, field_infos, kind_of
from glaze_cli.fields.normal import RULES
from glaze_cli.model import Field, Scalar, custom_field


def test_every_rule_named_in_the_table_exists() -> None:
    """A misspelt rule in fields.toml cannot reach a user."""
    named = {rule for info in field_infos().values() for rule in info.rules}
    assert named == set(RULES)


def test_a_field_of_the_design_is_in_the_table() -> None:
    """Every canonical name that the rest of the program relies on has its row."""
    names = """full_name first_name middle_name last_name title email phone linkedin company legal_name
        legal_form domain website industry employee_count revenue founded description headquarters lei cik
        company_number vat address city region postcode country country_code latitude longitude timezone
        email_valid email_kind phone_valid phone_type carrier iban isbn ean isin"""
    assert {Field(name) for name in names.split()} <= set(field_infos())


def test_a_custom_field_holds_text() -> None:
    """What Glaze does not know, it does not convert."""
    assert kind_of(custom_field("Zip of HQ")) is FieldKind.TEXT
    assert as_cell_value(custom_field("Zip of HQ"), 501) == "501"


@pytest.mark.parametrize(
    ("field", "value", "cell"),
    [
        ("employee_count", 1234.0, 1234),  # JSON often has a float where a count is meant
        ("employee_count", "1234", 1234),
        ("employee_count", " 1,234 ", 1234),
        ("employee_count", "12,345,678", 12345678),
        ("employee_count", "1 234", 1234),  # French
        ("employee_count", "1\u202f234", 1234),  # French, as typeset
        ("employee_count", "1'234", 1234),  # Swiss
        ("employee_count", "1234.0", 1234),
        ("employee_count", "0", 0),
        ("employee_count", "1.234", "1.234"),  # a German thousand, or a nonsense decimal
        ("employee_count", "1,23", "1,23"),
        ("employee_count", "1,234 567", "1,234 567"),  # mixed groups are no number we know
        ("employee_count", "007", "007"),  # a code, not a count
        ("employee_count", "51-200", "51-200"),  # a range is not a number
        ("employee_count", "12k", "12k"),
        ("employee_count", 12.5, 12.5),  # not exact: left for people to see
        ("employee_count", "١٢", "١٢"),  # digits of other scripts are not guessed at
        ("revenue", "1234.5", 1234.5),
        ("revenue", "1,234,567.8", 1234567.8),
        ("revenue", "1,234.5", 1234.5),
        ("revenue", "1,234", "1,234"),  # a thousand, or one and a bit
        ("latitude", "52,520", "52,520"),  # a decimal comma is not a thousand
        ("latitude", "-52.520", -52.52),
        ("latitude", "1e3", "1e3"),
        ("revenue", float("inf"), float("inf")),
        ("phone", 4930123456, "4930123456"),  # never 4.93E+09
        ("postcode", 501, "501"),
        ("postcode", 10115.0, "10115"),
        ("postcode", "00501", "00501"),
        ("email_valid", "True", True),
        ("email_valid", "no", False),
        ("email_valid", False, False),
        ("email_valid", "perhaps", "perhaps"),
        ("published", "2018-01-05", "2018-01-05"),
    ],
)
def test_a_value_takes_the_form_of_its_field(field: str, value: Scalar, cell: Scalar) -> None:
    """Numbers become numbers only when they are surely those; text never becomes one."""
    result = as_cell_value(Field(field), value)
    assert (result, type(result)) == (cell, type(cell))


@given(
    st.sampled_from(sorted(field_infos())),
    st.one_of(st.text(), st.integers(), st.booleans(), st.floats(allow_nan=False)),
)
def test_converting_twice_is_converting_once(field: Field, value: Scalar) -> None:
    """The cell form is stable, so a value read back is not changed again."""
    once = as_cell_value(field, value)
    assert as_cell_value(field, once) == once


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_a_grouped_integer_is_read_exactly(number: int) -> None:
    """Whatever Python groups with commas comes back digit for digit."""
    assert as_cell_value(Field("employee_count"), f"{number:,}") == number


@given(st.sampled_from(["domain", "published", "header:note"]), st.text())
def test_a_text_stays_as_it_is(field: str, text: str) -> None:
    """Nothing is done to a text where text is held, but that it becomes one of the plain kind."""
    assert as_cell_value(Field(field), text) == text
    assert type(as_cell_value(Field(field), Worded(text))) is str


class Worded(str):
    """A text of a kind of its own, as members of enums are."""

    __slots__ = ()
