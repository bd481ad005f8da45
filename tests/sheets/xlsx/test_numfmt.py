"""Number formats: an id keeps its zeros, a date is ISO, any other number is the one that is stored."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.sheets.xlsx.numfmt import BUILT_IN, GENERAL, general, number_of, parse_format


@pytest.mark.parametrize(
    ("code", "stored", "seen"),
    [
        ("00000", "501", "00501"),  # a postcode
        ("00000", "123456", "123456"),  # too long for its places: no digit is lost
        ("00000", "-501", "-501"),  # no id
        ("00000", "501.5", "501.5"),
        ("00000-0000", "5010042", "00501-0042"),
        (r"00000\-0000", "5010042", "00501-0042"),
        ("000-00-0000", "5551234", "005-55-1234"),
        ("[<=9999999]###-####;(###) ###-####", "5551234", "555-1234"),  # a phone number in the US
        ("[<=9999999]###-####;(###) ###-####", "2125551234", "(212) 555-1234"),
        ('"N"0000', "7", "N0007"),
        ("00000;[Red]-00000", "7", "00007"),
        ("0.00", "3.14159", "3.14159"),  # a rounded number is not what is stored
        ("0", "2.7", "2.7"),
        ("#,##0", "1234567", "1234567"),
        (r"#\ ##0", "1234567", "1234567"),  # thousands by a space
        ("0%", "0.5", "0.5"),
        ("0.00E+00", "12345", "12345"),  # the E is no era
        ('[$€-407] #,##0.00;[Red]"-"0', "5", "5"),  # Red is no day
        ('0 "days"', "5", "5"),
        ("# ?/?", "0.5", "0.5"),
        ("General", "0.5", "0.5"),  # its letters are no date
        ("@", "42", "42"),
        ("", "42", "42"),
        ("yyyy-mm-dd;@", "46112", "2026-03-31"),
        ("yyyy-mm-dd", "46112.75", "2026-03-31"),  # as seen: the time is not shown
        (r"[$-409]d\-mmm\-yy;@", "46112", "2026-03-31"),
        (r"[$-F800]dddd\,\ mmmm\ dd\,\ yyyy", "46112", "2026-03-31"),
        ("mmm yy", "46112", "2026-03-31"),
        ('yyyy"年"m"月"', "46112", "2026-03-31"),
        ("d/m/yyyy h:mm", "46112.75", "2026-03-31T18:00:00"),
        ("h:mm AM/PM", "0.75", "18:00:00"),
        ("h:mm", "46112.75", "18:00:00"),
        ("mm:ss", "0.01", "00:14:24"),  # minutes, no month
        ("mm:ss.0", "0.00000579", "00:00:00.500"),
        ("[h]:mm", "1.5", "36:00:00"),
        ("[mm]:ss", "1.5", "36:00:00"),
        ("yyyy-mm-dd", "-1", "-1"),  # shown as ####
        ("yyyy-mm-dd", "1E9", "1000000000"),
        ("yyyy-mm-dd", "soon", "soon"),  # no number
    ],
)
def test_a_number_under_a_format_is_as_a_person_sees_it(code: str, stored: str, seen: str) -> None:
    """Ids and dates follow the format; amounts keep every digit that is stored."""
    assert parse_format(code).text(stored, date1904=False) == seen


@pytest.mark.parametrize(
    ("stored", "seen"),
    [
        ("42", "42"),
        ("42.0", "42"),
        ("007", "7"),
        ("-0", "0"),
        ("0.30000000000000004", "0.3"),  # 15 digits, as Excel keeps
        ("0.1", "0.1"),
        ("1E+20", "1E+20"),
        ("1e-07", "1E-07"),
        ("4111111111111111", "4111111111111111"),  # 16 digits that the number can hold
        ("12345678901234567890", "1.23456789012346E+19"),
        ("nan", "nan"),  # no number of a spreadsheet
        ("1_000", "1_000"),
    ],
)
def test_a_general_number_is_written_in_short(stored: str, seen: str) -> None:
    """42.0 is 42, and no digit appears that Excel would not show."""
    assert GENERAL.text(stored, date1904=False) == seen


@pytest.mark.parametrize(
    ("number", "seen"),
    [
        (14, "2026-03-31"),
        (20, "12:00:00"),
        (22, "2026-03-31T12:00:00"),
        (46, "1106700:00:00"),
        (57, "2026-03-31"),
    ],
)
def test_formats_known_by_number_are_dates(number: int, seen: str) -> None:
    """A file may use 14 to 22 and the East Asian numbers without saying what they mean."""
    assert parse_format(BUILT_IN[number]).text("46112.5", date1904=False) == seen


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        ("yyyy-mm-dd", "2026-03-31"),
        ("h:mm", "10:30:00"),
        ("yyyy h", "2026-03-31T10:30:00"),
        ("0", "2026-03-31T10:30:00"),
    ],
)
def test_a_date_stored_as_iso_text_is_cut_to_what_is_shown(code: str, seen: str) -> None:
    """Newer writers store dates as text."""
    assert parse_format(code).iso_text("2026-03-31T10:30:00") == seen


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_whole_numbers_lose_no_digit(number: int) -> None:
    """An id of up to 15 digits comes back as it is."""
    assert general(number) == GENERAL.text(f"{number}.0", date1904=False) == str(number)


@given(st.text(max_size=30), st.floats())
def test_no_format_breaks_the_reader(code: str, number: float) -> None:
    """Whatever stands in a format code, a number comes out as some text."""
    assert parse_format(code).text(repr(number), date1904=False)


@given(st.from_regex(r"[0#\-() ]{1,12}", fullmatch=True), st.integers(0, 10**14))
def test_a_template_keeps_every_digit(code: str, number: int) -> None:
    """Marks and zeros are added; no digit of the number is lost or moved."""
    seen = parse_format(code).text(str(number), date1904=False)
    digits = "".join(filter(str.isdigit, seen))
    assert digits.endswith(str(number)) and not digits.removesuffix(str(number)).strip("0")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_number_of_reads_what_python_wrote(number: float) -> None:
    """The typed value is the stored one."""
    assert number_of(repr(number)) == number
