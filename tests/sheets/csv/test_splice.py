"""The splice: the target fields change, every other byte stays."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.errors import SheetRefused
from glaze_cli.model import CellRef
from glaze_cli.sheets.csv.dialect import Dialect
from glaze_cli.sheets.csv.encoding import BOMS, Encoding, Units
from glaze_cli.sheets.csv.records import Grammar
from glaze_cli.sheets.csv.splice import Splice

ALPHABETS = {
    "utf-8": "ab é漢😀",
    "cp1252": "ab é€",
    "shift_jis": "ab 表ソポ",  # their second bytes are those of a backslash and of a pipe
    "utf-16-le": "ab é漢😀",
    "utf-16-be": "ab Ċ਍",  # U+010A and U+0A0D hold the bytes of line ends
    "utf-32-le": "ab é漢😀",
}

PLAIN = Dialect()


class Trickle(io.BytesIO):
    """A file that gives a few bytes at a time, so that everything is cut everywhere."""

    def read(self, size: int | None = -1) -> bytes:
        """At most five bytes."""
        return super().read(5 if size is None else min(size, 5))


@dataclass(frozen=True)
class Sheet:
    """A CSV by its parts: raw fields and line ends, as they stand in the file."""

    dialect: Dialect
    encoding: Encoding
    records: tuple[tuple[tuple[str, ...], str], ...]

    @property
    def data(self) -> bytes:
        """The file."""
        lines = [self.dialect.delimiter.join(fields) + end for fields, end in self.records]
        return self.encoding.bom + "".join(lines).encode(self.encoding.name)

    def splice(self, edits: dict[tuple[int, int], str], added: tuple[int, ...] = ()) -> bytes:
        """The file with the edits, by the code under test."""
        source, out = Trickle(self.data), io.BytesIO()
        out.write(source.read(len(self.encoding.bom)))
        marks = f"{self.dialect.delimiter}{self.dialect.quote}\r\n"
        splice = Splice(Grammar(self.dialect), Units(self.encoding, marks), added)
        splice.run(source, out, [(CellRef("", *place), text) for place, text in sorted(edits.items())])
        return out.getvalue()

    def expected(self, edits: dict[tuple[int, int], str], width: int = 0) -> re.Pattern[bytes]:
        """What the file must be: as it was, but that a target is its value, with or without quotes, and
        that a record is as long as its last target, or as `width`."""
        quote = self.dialect.quote
        pattern = re.escape(self.encoding.bom)
        for row, (fields, end) in enumerate(self.records, 1):
            last = max([len(fields), *(column for r, column in edits if r == row)])
            last = max(last, width if fields != ("",) else 0)
            alternatives = []
            for column in range(1, last + 1):
                raw = fields[column - 1] if column <= len(fields) else ""
                written = [raw]
                if (text := edits.get((row, column))) is not None:
                    written = [text, quote + text.replace(quote, quote * 2) + quote] if quote else [text]
                alternatives.append("|".join(written))
                parts = (re.escape(one.encode(self.encoding.name)) for one in written)
                pattern += b"(?:" + b"|".join(parts) + b")"
                pattern += re.escape(
                    (self.dialect.delimiter if column < last else end).encode(self.encoding.name)
                )
        return re.compile(pattern)


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    """Any delimiter, quotes, encoding, BOM, line ends, ragged records, blank lines, no last line end."""
    name = draw(st.sampled_from(list(ALPHABETS)))
    delimiter, quote = draw(st.sampled_from(",;\t|^")), draw(st.sampled_from(['"', "'", ""]))
    text = st.text(ALPHABETS[name], max_size=5)
    raw = text
    if quote:
        stray = st.builds(f"a{quote}{{}}".format, text)  # a quote inside a field is text
        inside = st.text(f"{ALPHABETS[name]}{delimiter}{quote}\r\n", max_size=5)
        quoted = inside.map(lambda held: quote + held.replace(quote, quote * 2) + quote)
        raw = st.one_of(text, stray, quoted, st.builds("{}{}".format, quoted, text))
    ends = st.sampled_from(draw(st.sampled_from([["\n"], ["\r\n"], ["\r"], ["\n", "\r\n", "\r"]])))
    records = draw(
        st.lists(st.tuples(st.lists(raw, min_size=1, max_size=4).map(tuple), ends), min_size=1, max_size=6)
    )
    for at in range(1, len(records)):
        if records[at - 1][1] == "\r" and records[at] == (("",), "\n"):
            records[at - 1] = records[at - 1][0], "\n"  # else the two would be one CRLF
    if draw(st.booleans()) and records[-1][0] != ("",):
        records[-1] = records[-1][0], ""
    bom = (
        next(mark for mark, of in BOMS if of == name)
        if name.startswith("utf") and draw(st.booleans())
        else b""
    )
    return Sheet(Dialect(delimiter, quote), Encoding(name, bom), tuple(records))


@given(data=st.data(), sheet=sheets())
@settings(max_examples=500, deadline=None)
def test_only_the_targets_change(data: st.DataObject, sheet: Sheet) -> None:
    """Any CSV, any dialect, any set of fields: all other bytes are as they were, and edits read back."""
    marks = f"{sheet.dialect.delimiter}{sheet.dialect.quote}\r\n" if sheet.dialect.quote else ""
    value = st.text(ALPHABETS[sheet.encoding.name] + marks, max_size=5)
    place = st.tuples(st.integers(1, len(sheet.records)), st.integers(1, 6))
    edits = data.draw(st.dictionaries(place, value, max_size=4))
    width = data.draw(st.sampled_from([0, 0, 5, 6]))
    added = (5,) * (width > 4) + (6,) * (width > 5)
    try:
        written = sheet.splice(edits, added)
    except SheetRefused:  # only a record that would vanish, where no quotes could keep it
        emptied = [row for (row, column), held in edits.items() if column == 1 and not held]
        assert not sheet.dialect.quote
        assert any(len(sheet.records[row - 1][0]) == 1 for row in emptied)
        return
    assert sheet.expected(edits, width).fullmatch(written), written
    text = written[len(sheet.encoding.bom) :].decode(sheet.encoding.name)
    read = list(sheet.dialect.reader(io.StringIO(text, newline="")))
    for (row, column), held in edits.items():
        assert (read[row - 1][column - 1] if read[row - 1] else "") == held


class Doubtful(Grammar):
    """A grammar that takes no text for plain, so that every field is looked for."""

    def is_plain(self, text: str) -> bool:
        """Never."""
        return False


@given(data=st.data(), sheet=sheets())
@settings(max_examples=300, deadline=None)
def test_lines_are_taken_apart_as_fields_are_looked_for(data: st.DataObject, sheet: Sheet) -> None:
    """Where a file has no quotes, the quick way writes the very bytes that the slow one writes."""
    place = st.tuples(st.integers(1, len(sheet.records)), st.integers(1, 5))
    value = st.text(f"ab {sheet.dialect.delimiter}{sheet.dialect.quote}", max_size=3)
    edits = data.draw(st.dictionaries(place, value, max_size=5))
    marks = f"{sheet.dialect.delimiter}{sheet.dialect.quote}\r\n"
    source = data.draw(st.sampled_from([Trickle, io.BytesIO]))
    written = []
    for grammar in (Grammar(sheet.dialect), Doubtful(sheet.dialect)):
        splice, out = Splice(grammar, Units(sheet.encoding, marks)), io.BytesIO()
        try:
            splice.run(
                source(sheet.data[len(sheet.encoding.bom) :]),
                out,
                [(CellRef("", *at), text) for at, text in sorted(edits.items())],
            )
            written.append((out.getvalue(), splice.written))
        except SheetRefused as refusal:
            written.append((str(refusal).encode(), -1))
    assert written[0] == written[1]


@given(
    fields=st.lists(
        st.binary(max_size=6).map(lambda raw: re.sub(rb"[\r\n\",]", b"", raw)), min_size=3, max_size=9
    ),
    target=st.integers(1, 3),
    name=st.sampled_from(["utf-8", "cp1252", "shift_jis"]),
)
def test_invalid_bytes_stay(fields: list[bytes], target: int, name: str) -> None:
    """Bytes that are no text in the file's encoding are kept, wherever nobody asked to change them."""
    if name == "shift_jis":
        fields = [field + b" " for field in fields]  # half a character would take the comma with it
    out = io.BytesIO()
    edits = [(CellRef("", 1, target), "new")]
    units = Units(Encoding(name), ',"\r\n')
    Splice(Grammar(Dialect()), units).run(io.BytesIO(b",".join(fields)), out, edits)
    assert out.getvalue() == b",".join([*fields[: target - 1], b"new", *fields[target:]])


def spliced(
    text: str,
    edits: dict[str, str],
    added: tuple[int, ...] = (),
    dialect: Dialect = PLAIN,
    removed: tuple[int, ...] = (),
) -> str:
    """A text with edits by address (one letter)."""
    out = io.BytesIO()
    cells = [(CellRef("", int(a1[1:]), ord(a1[0]) - 64), new) for a1, new in edits.items()]
    splice = Splice(Grammar(dialect), Units(Encoding("utf-8"), ""), added, removed)
    splice.run(io.BytesIO(text.encode()), out, cells)
    return out.getvalue().decode()


@pytest.mark.parametrize(
    ("before", "edits", "after"),
    [
        ("a,b\n1,2\n", {"B2": "x"}, "a,b\n1,x\n"),
        ('a,b\n"1","2"\n', {"B2": "x"}, 'a,b\n"1","x"\n'),  # what was quoted stays quoted
        ('a,b\n"1",2\n', {"B2": "x"}, 'a,b\n"1",x\n'),
        ("a,b\n1,2\n", {"B2": 'x,"y"\nz'}, 'a,b\n1,"x,""y""\nz"\n'),  # quotes where they must be
        ('a,b\n1,"p"\n2,\n', {"B3": "x"}, 'a,b\n1,"p"\n2,"x"\n'),  # a column that is always quoted
        ('"a","b"\n"1",""\n', {"B2": "x"}, '"a","b"\n"1","x"\n'),
        ('"a","b"\n"1",\n', {"B2": "x"}, '"a","b"\n"1","x"\n'),  # a file that quotes all it holds
        ('"a","b"\n1,2\n', {"C1": "c", "C2": "x"}, '"a","b","c"\n1,2,x\n'),  # headers quoted, numbers not
        ("a,b\n1,2\n", {"A2": ""}, "a,b\n,2\n"),
        ("a\n1\n2\n", {"A2": ""}, 'a\n""\n2\n'),  # else it would be a blank line
        ("a,b,c\n1\n2,2,2", {"C2": "x"}, "a,b,c\n1,,x\n2,2,2"),  # a ragged record is padded, it alone
        ("a,b\n\n1,2\n", {"B2": "x"}, "a,b\n,x\n1,2\n"),  # a blank line is a record
        ("a,b\r1,2\r", {"A1": "x"}, "x,b\r1,2\r"),
        ('a,b\n"1\n1",2\n3,4\n', {"A3": "x"}, 'a,b\n"1\n1",2\nx,4\n'),  # records, not lines
        ("a,b\n1,2", {"B2": "x"}, "a,b\n1,x"),  # no line end at the end
        ('a,b\n1,"2', {"B2": "x"}, 'a,b\n1,"x"'),
    ],
)
def test_writes_as_the_file_does(before: str, edits: dict[str, str], after: str) -> None:
    """Quoting, padding and line ends follow the file's own habits."""
    assert spliced(before, edits) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a,b\n1,2\n", "a,b,c\n1,2,x\n"),
        ("a,b\n1,2\n3,4\n", "a,b,c\n1,2,x\n3,4,\n"),  # every record grows
        ("a,b\n1,2\n3\n", "a,b,c\n1,2,x\n3,,\n"),  # and lines up
        ("a,b\n1,2\n\n3,4\n", "a,b,c\n1,2,x\n\n3,4,\n"),  # blank lines stay blank
        ("a,b\n1,2\n# note\n", "a,b,c\n1,2,x\n# note\n"),  # so do comments
        ("a,b\n1,2\n#1,4\n", "a,b,c\n1,2,x\n#1,4,\n"),  # but not a record that begins with a hash
        ("a,b\n1,2\n3,4,5,6\n", "a,b,c\n1,2,x\n3,4,5,6\n"),  # it has that column already
        ("a,b\n1,2\n3,4", "a,b,c\n1,2,x\n3,4,"),
    ],
)
def test_an_added_column_reaches_every_record(before: str, after: str) -> None:
    """With a new column every record gets its field, so that the table stays a table."""
    assert spliced(before, {"C1": "c", "C2": "x"}, added=(3,)) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a,b,c\n1,2,\n3,4,\n", "a,b\n1,2\n3,4\n"),
        ('a,b,c\r\n1,2,""\r\n,,\r\n', "a,b\r\n1,2\r\n,\r\n"),  # quotes around nothing are nothing
        ("a,b,c\n1,2,mine\n3,4,\n", "a,b\n1,2,mine\n3,4\n"),  # what somebody wrote there stays
        ("a,b,c,d\n1,2,,4\n3,4\n\n5,6,", "a,b,,d\n1,2,,4\n3,4\n\n5,6"),  # so do longer and shorter records
    ],
)
def test_a_removed_column_leaves_every_record_where_it_is_empty(before: str, after: str) -> None:
    """What a column added before is taken back by; no other byte changes."""
    assert spliced(before, {"C1": ""}, removed=(3,)) == after


def test_a_record_of_nothing_does_not_become_a_blank_line() -> None:
    """The field that is left would be none."""
    assert spliced("a,b\n,\nx,\n", {"B1": ""}, removed=(2,)) == "a\n,\nx\n"


def test_a_sep_line_gets_no_field() -> None:
    """Excel's sep= line would no longer be one."""
    assert spliced("sep=,\na,b\n1,2\n", {"C2": "c"}, added=(3,)) == "sep=,\na,b,c\n1,2,\n"


def test_backslash_escapes_are_written_back() -> None:
    """A file that escapes quotes with a backslash gets its new quotes and backslashes that way."""
    dialect = Dialect(",", '"', "\\")
    assert spliced('a,b\n"x \\" y, z",2\n', {"B2": 'p\\q "r"'}, dialect=dialect) == (
        'a,b\n"x \\" y, z","p\\\\q \\"r\\""\n'
    )


@pytest.mark.parametrize(
    ("before", "edits", "dialect", "named"),
    [
        ("a,b\n1,2\n", {"A3": "x"}, Dialect(), "A3"),  # below the last record
        ("a,b\n1,2\n", {"B2": "\ud800"}, Dialect(), "B2"),  # no such character
        ("a,b\n1,2\n", {"B2": "x,y"}, Dialect(",", ""), "B2"),  # no quotes to put it between
        ('a,b\n1,"2\n3,4\n', {"B2": "x"}, Dialect(), "B2"),  # it would swallow what follows
        ('a,b\n1,"2', {"C2": "x"}, Dialect(), "Record 2"),  # nothing can follow it
    ],
)
def test_refuses_by_name_what_cannot_be_written(
    before: str, edits: dict[str, str], dialect: Dialect, named: str
) -> None:
    """What would harm the file, or not read back, is refused with the cell's address."""
    with pytest.raises(SheetRefused, match=named):
        spliced(before, edits, dialect=dialect)


def test_counts_the_fields_whose_bytes_changed() -> None:
    """Writing what is there already is no change; padding for a new field is one."""
    out = io.BytesIO()
    splice = Splice(Grammar(Dialect()), Units(Encoding("utf-8"), ""))
    cells = [(CellRef("", 1, 1), "a"), (CellRef("", 1, 2), "x"), (CellRef("", 1, 3), "")]
    splice.run(io.BytesIO(b"a,b\n"), out, cells)
    assert (splice.written, out.getvalue()) == (2, b"a,x,\n")


def test_a_record_never_vanishes() -> None:
    """Emptying the only field of a record leaves an empty field in quotes; without quotes it is refused."""
    assert spliced("a\nb\n", {"A2": ""}) == 'a\n""\n'
    with pytest.raises(SheetRefused, match="only field of its record"):
        spliced("a\nb\n", {"A2": ""}, dialect=Dialect(quote=""))
