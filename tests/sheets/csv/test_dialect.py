"""The dialect: what delimiter, quote and escape a person would say a file has."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.sheets.csv.dialect import _opens, detect_dialect


@pytest.mark.parametrize(
    ("text", "delimiter", "quote", "escape"),
    [
        ("a,b,c\n1,2,3\n", ",", '"', ""),
        ("a;b\n1,5;2,5\n3,5;4,5\n", ";", '"', ""),  # decimal commas
        ("a\tb\nSmith, John\t1\nDoe, Jane\t2\n", "\t", '"', ""),  # commas in every text
        ("a|b|c\n1|x, y|3\n2|z, w|4\n", "|", '"', ""),
        ("a^b\n1^2\n3^4\n", "^", '"', ""),
        ("a:b\n1:2\n3:4\n", ":", '"', ""),  # a weak delimiter, but perfectly even
        ("a\x01b\n1\x012\n", "\x01", '"', ""),  # Hive
        ("time\n05:40\n21:30\n17:45\n", ",", '"', ""),  # one column of times
        ("day\n02/01/2014\n31/12/2012\n", ",", '"', ""),
        ("ts;t2\n2020-01-01 01:02:03;01-01-2020 01:02:03\n", ";", '"', ""),
        ('a,b\n"x;y;z",1\n"p;q;r",2\n', ",", '"', ""),  # the other delimiter in quotes, evenly
        ("a,b\n'x,y',1\n'p,q',2\n", ",", "'", ""),  # single quotes
        ("a,b\n's-Hertogenbosch,NL\n't Zand,NL\n", ",", '"', ""),  # apostrophes are text
        ("a,b\n'=1+1,2\n", ",", '"', ""),  # what Glaze defused is no quote either
        ('a,b\n"He said ""hi""",1\n', ",", '"', ""),
        ('a,b\n"He said \\"hi\\", twice",1\n"x",2\n', ",", '"', "\\"),
        ('path,n\n"C:\\dir\\",1\n"D:\\",2\n', ",", '"', ""),  # backslashes that escape nothing
        ('name\tn\n"7 x 2" plank\t1\n"oops\t2\nplank\t3\nbeam\t4\n', "\t", "", ""),  # a quote never closed
        ('name\tn\n"7 ft"" plank\t1\n5" pipe\t2\n6" pipe\t3\n', "\t", "", ""),  # one that closes elsewhere
        ('n,size\n1,5" pipe\n2,6" pipe\n', ",", '"', ""),  # a quote inside a field needs no change
        ("# made by me, for you\na;b;c\n1;2;3\n", ";", '"', ""),  # comments on top do not vote
        ("Report 2024\n\na;b;c\n1;2;3\n4;5;6\n", ";", '"', ""),  # a title above the table
        ('{"a": 1, "b": 2}\n{"a": 3, "b": 4}\n', ",", '"', ""),
        ("a,b\r1,2\r3,4\r", ",", '"', ""),  # old Mac line ends
        ("only\n", ",", '"', ""),
        ("", ",", '"', ""),
    ],
)
def test_detects(text: str, delimiter: str, quote: str, escape: str) -> None:
    """Each sample is read as a person would read it; only quotes that never close are worth a notice."""
    found = detect_dialect(text)
    assert (found.delimiter, found.quote, found.escape) == (delimiter, quote, escape)
    assert bool(found.notice) == (not quote)


def test_the_suffix_decides_when_nothing_else_does() -> None:
    """A .tsv of one column is a TSV."""
    assert detect_dialect("only\nthis\n", likely="\t").delimiter == "\t"


def test_a_named_delimiter_is_not_doubted() -> None:
    """--delimiter wins over an even table of another one."""
    assert detect_dialect("a,b;c\n1,2;3\n", delimiter=";").delimiter == ";"


def test_an_ambiguous_delimiter_is_said_aloud() -> None:
    """Two readings that are as good as each other: one is taken, both are named."""
    found = detect_dialect("a;b|c\nx;y|z\n")
    assert found.delimiter == ";"
    assert "semicolon or pipe" in found.notice and "--delimiter" in found.notice


def test_a_sep_line_names_the_delimiter_and_is_told() -> None:
    """Excel's first line decides, and the user learns that the header is in row 2."""
    found = detect_dialect("sep=;\r\na,b;c\r\n1,2;3\r\n")
    assert found.delimiter == ";"
    assert "--header-row 2" in found.notice


CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\n\0", exclude_categories=["Cs"]), max_size=8
)


@given(
    rows=st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=4, max_size=12),
    delimiter=st.sampled_from(",;\t|"),
)
def test_fully_quoted_files_are_never_misread(rows: list[list[str]], delimiter: str) -> None:
    """Whatever quoted cells hold, a file that quotes every field is read back cell by cell."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    found = detect_dialect(text.getvalue())
    assert list(found.reader(io.StringIO(text.getvalue(), newline=""))) == rows


@given(
    sample=st.text("ab'\"\r\n,|^", max_size=8), delimiter=st.sampled_from(",|^"), quote=st.sampled_from("'\"")
)
def test_a_field_that_a_quote_opens(sample: str, delimiter: str, quote: str) -> None:
    """Looked for as text, it is what a pattern finds: at the beginning, after a delimiter or a line end."""
    pattern = rf"(?:\A|[{re.escape(delimiter)}\r\n]){quote}"
    assert _opens(sample, delimiter, quote) == bool(re.search(pattern, sample))
