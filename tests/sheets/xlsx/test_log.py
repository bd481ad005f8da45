"""The log sheet of a workbook: added, continued, taken away; everything else is as it was."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from lxml import etree

from glaze_cli.errors import SheetRefused
from glaze_cli.model import CellRef, Change, Scalar
from glaze_cli.model.cells import MAX_ROW
from glaze_cli.sheets.base import WriteOptions
from glaze_cli.sheets.log import HEADERS, JOB, NAME, LogRows
from glaze_cli.sheets.xlsx.book import XlsxBook
from glaze_cli.sheets.xlsx.check import check_cells
from glaze_cli.sheets.xlsx.write import write_changes
from tests.sheets.xlsx.logs import changed, entry, log_of, logged, parts
from tests.sheets.xlsx.test_write import rich_workbook
from tests.sheets.xlsx.workbooks import MAIN, OFFICE, PACKAGE, build, part, sheet_xml

BOOK, RELS, TYPES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
LOG = "xl/worksheets/sheet2.xml"
LOCKED = '<workbookProtection lockStructure="1"/>'


def tab(name: str, number: int, relation: int, more: str = "") -> str:
    return f'<sheet name="{name}" sheetId="{number}" {more}r:id="rId{relation}"/>'


def name_xml(formula: str, attributes: str = 'name="n"') -> str:
    return f"<definedNames><definedName {attributes}>{formula}</definedName></definedNames>"


DATA_TAB, LOG_TAB = tab("Data", 7, 1), tab("Glaze log", 8, 3)


def plain(tmp_path: Path, workbook: str = "") -> Path:
    return build(tmp_path / "a.xlsx", sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>'), workbook=workbook)


def real(tmp_path: Path) -> Path:
    """One that other readers take for a workbook."""
    path = tmp_path / "real.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("Data").write("A1", "x")
    return path


def book_xml(sheets: str, after: str = "", root: str = f'xmlns="{MAIN}" xmlns:r="{OFFICE}"') -> str:
    return f"<workbook {root}><sheets>{sheets}</sheets>{after}</workbook>"


def with_log(tmp_path: Path, rows: str, after: str = "", book: str = "") -> Path:
    """A workbook that has a log with those rows below its headers."""
    cells = "".join(f'<c t="str"><v>{header}</v></c>' for header in HEADERS)
    more = {
        BOOK: book or book_xml(DATA_TAB + LOG_TAB),
        LOG: sheet_xml(f'<row r="1">{cells}</row>{rows}', '<dimension ref="A1:J1"/>', after),
    }
    return build(
        tmp_path / "a.xlsx", sheet_xml(""), more, book_rels=(("worksheet", "worksheets/sheet2.xml"),)
    )


def row_of(number: int, job: str, more: str = "") -> str:
    return f'<row r="{number}"><c r="J{number}" t="str"><v>{job}</v></c>{more}</row>'


def test_a_row_tells_all_of_a_value(tmp_path: Path) -> None:
    """Where it is, what it is, from whom, how sure, what it cost, when, by which job: typed."""
    target, warnings = logged(real(tmp_path), "d88361ce", "Ann", 42, True)
    sheet = openpyxl.load_workbook(target)[NAME]
    found = list(sheet.iter_rows(values_only=True))
    told = ("free", "person_name", 0.75, 0.0015, "2026-11-23 21:04:05", "d88361ce")
    assert found[0] == HEADERS
    assert found[1:] == [
        ("Data", "C2", "Name", "Ann", *told),
        ("Data", "C3", "Name", 42, *told),
        ("Data", "C4", "Name", True, *told),
    ]
    assert warnings == ()


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
def test_only_what_must_changes(tmp_path: Path) -> None:
    """Three small parts, and one that is new; in a rich workbook too, where charts and names stay right."""
    path = tmp_path / "rich.xlsx"
    rich_workbook(path)
    target, _ = logged(path, "one", "Ann")
    assert changed(path, target) == ({BOOK, RELS, TYPES}, {"xl/worksheets/sheet3.xml"})
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["Data", "Other", NAME]
    assert book.defined_names["Sales"].attr_text == "Data!$A$13:$A$24"
    assert book["Data"].auto_filter.ref == "A12:D24"
    assert book.active.title == "Data"


def test_values_and_their_log_are_one_write(tmp_path: Path) -> None:
    """The cells, the calculation chain, a recalculation and the log meet in the same parts."""
    chain = f'<calcChain xmlns="{MAIN}"><c r="A1" i="7"/></calcChain>'
    sheet = sheet_xml('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>')
    path = build(tmp_path / "a.xlsx", sheet, {"xl/calcChain.xml": chain}, (("calcChain", "calcChain.xml"),))
    target = tmp_path / "out.xlsx"
    rows = LogRows("one", lambda: iter([entry(1)]))
    options = WriteOptions(overwrite_formulas=True, recalculate=True, log=rows)
    report = write_changes(path, [Change(CellRef("Data", 1, 1), "x")], target, options)
    assert report.written == 1
    assert part(target, BOOK).endswith(
        '<sheet name="Glaze log" sheetId="8" r:id="rId3"/></sheets><calcPr fullCalcOnLoad="1"/></workbook>'
    )
    assert "calcChain" not in part(target, RELS) + part(target, TYPES)
    assert log_of(target) == [(2, "Ann", "one")]
    assert next(XlsxBook.open(target).sheet("Data").rows()).cells == ("x",)


def test_a_later_job_goes_below(tmp_path: Path) -> None:
    """The rows before it keep their bytes, and no other part changes."""
    first, _ = logged(plain(tmp_path), "one", "Ann", "Bob")
    second, _ = logged(first, "two", "Cid")
    assert log_of(second) == [(2, "Ann", "one"), (3, "Bob", "one"), (4, "Cid", "two")]
    assert changed(first, second) == ({LOG}, set())
    before, after = part(first, LOG), part(second, LOG)
    assert after.startswith(before.removesuffix("</sheetData></worksheet>"))


def test_the_same_job_replaces_its_rows(tmp_path: Path) -> None:
    """What was resumed has more values: they stand where its rows were, then below; others' rows stay."""
    path, _ = logged(logged(plain(tmp_path), "one", "Ann", "Bob")[0], "two", "Cid")
    target, _ = logged(path, "one", "Ann", "Ben", "Dan")
    assert log_of(target) == [(2, "Ann", "one"), (3, "Ben", "one"), (4, "Cid", "two"), (5, "Dan", "one")]
    fewer, _ = logged(target, "one", "Eve")
    assert log_of(fewer) == [(2, "Eve", "one"), (4, "Cid", "two")]


def test_the_last_rows_take_the_sheet_with_them(tmp_path: Path) -> None:
    """Every part is what it was before there was a log, byte for byte."""
    path = tmp_path / "rich.xlsx"
    rich_workbook(path)
    both, _ = logged(logged(path, "one", "Ann")[0], "two", "Bob", "Cid")
    one, _ = logged(both, "two")
    assert log_of(one) == [(2, "Ann", "one")]
    none, warnings = logged(one, "one")
    assert (parts(none), warnings) == (parts(path), ())
    assert list(parts(none)) == list(parts(path))


def test_nothing_to_log_touches_nothing(tmp_path: Path) -> None:
    """No sheet for no rows, and none of another job's rows go."""
    path = plain(tmp_path)
    assert logged(path, "one")[0].read_bytes() == path.read_bytes()
    full, _ = logged(path, "one", "Ann")
    assert logged(full, "two")[0].read_bytes() == full.read_bytes()


COMMENT = "<!-- <sheets></sheets> -->"
VIEWED = "<bookViews><workbookView activeTab='0'/></bookViews>"


@pytest.mark.parametrize(
    ("parts_", "book_rels", "expected"),
    [
        pytest.param(
            {BOOK: book_xml(tab("Data", 65534, 1))},
            (),
            tab(NAME, 1, 3) + "</sheets>",
            id="the highest id there is",
        ),
        pytest.param(
            {
                BOOK: f'<x:workbook xmlns:x="{MAIN}"><x:sheets><x:sheet name="Data" sheetId="1"'
                f' rel:id="rId1" xmlns:rel="{OFFICE}"></x:sheet></x:sheets></x:workbook>',
                RELS: f'<p:Relationships xmlns:p="{PACKAGE}"><p:Relationship Id="rId1"'
                f' Type="{OFFICE}/worksheet" Target="/xl/worksheets/sheet1.xml"/></p:Relationships>',
            },
            (),
            f'<x:sheet name="Glaze log" sheetId="2" rel:id="rId2" xmlns:rel="{OFFICE}"/></x:sheets>',
            id="prefixes everywhere, an absolute target",
        ),
        pytest.param(
            {BOOK: book_xml(tab("Data", 1, 1) + tab("C", 2, 3))},
            (("chartsheet", "chartsheets/sheet1.xml"), ("worksheet", "/xl/worksheets/Sheet3.xml")),
            tab(NAME, 3, 5) + "</sheets>",
            id="behind a chart sheet; a part's name that is meant but missing",
        ),
        pytest.param(
            {
                BOOK: book_xml(tab("Data", 1, 1), name_xml("Data!$A$1", 'name="n" localSheetId="0"')).replace(
                    "<sheets>", f"{VIEWED}<sheets>"
                )
            },
            (),
            f"{VIEWED}<sheets>{tab('Data', 1, 1)}{tab(NAME, 2, 3)}</sheets><definedNames>",
            id="names of one sheet, a view",
        ),
        pytest.param(
            {BOOK: COMMENT + book_xml(tab("Data", 1, 1))},
            (),
            COMMENT + book_xml(tab("Data", 1, 1) + tab(NAME, 2, 3)),
            id="a comment that looks like it",
        ),
    ],
)
def test_workbooks_of_every_hand(
    tmp_path: Path, parts_: dict[str, str], book_rels: tuple[tuple[str, str], ...], expected: str
) -> None:
    """However the workbook part is written, the tab fits in; and goes again without a trace."""
    path = build(tmp_path / "a.xlsx", sheet_xml(""), parts_, book_rels)
    target, warnings = logged(path, "one", "Ann")
    assert warnings == ()
    assert expected in part(target, BOOK)
    assert log_of(target) == [(2, "Ann", "one")]
    assert XlsxBook.open(target).sheet_names[-1] == NAME
    assert parts(logged(target, "one")[0]) == parts(path)


def test_a_strict_workbook_stays_strict(tmp_path: Path) -> None:
    """Its log is in the namespaces that the others are in."""
    names = [(BOOK, MAIN, STRICT), (BOOK, OFFICE, STRICT_OFFICE), (RELS, OFFICE, STRICT_OFFICE)]
    more = parts(plain(tmp_path))
    for name, old, new in names:
        more[name] = more[name].replace(old.encode(), new.encode())
    path = build(tmp_path / "a.xlsx", sheet_xml("").replace(MAIN, STRICT), more)
    target, _ = logged(path, "one", "Ann")
    assert f'<worksheet xmlns="{STRICT}"' in part(target, LOG)
    assert f'Type="{STRICT_OFFICE}/worksheet" Target="worksheets/sheet2.xml"' in part(target, RELS)
    assert log_of(target) == [(2, "Ann", "one")]


def test_a_workbook_part_in_utf16_stays_one(tmp_path: Path) -> None:
    """It is edited in the encoding it has."""
    text = '\ufeff<?xml version="1.0" encoding="UTF-16"?>' + part(plain(tmp_path), BOOK)
    path = build(tmp_path / "a.xlsx", sheet_xml(""), {BOOK: text.encode("utf-16-le")})
    target, _ = logged(path, "one", "Ann")
    assert 'name="Glaze log"' in parts(target)[BOOK].decode("utf-16-le")
    assert log_of(target) == [(2, "Ann", "one")]
    assert parts(logged(target, "one")[0]) == parts(path)


def test_macros_stay(tmp_path: Path) -> None:
    """An .xlsm gets its log beside them."""
    path = build(tmp_path / "a.xlsm", sheet_xml(""), {"xl/vbaProject.bin": bytes(range(256))})
    target, _ = logged(path, "one", "Ann")
    assert changed(path, target) == ({BOOK, RELS, TYPES}, {LOG})


@pytest.mark.parametrize(
    "value",
    [
        "=cmd|' /C calc'!A0",
        "+1+1",
        "@SUM(A1)",
        "<script>alert(1)</script>",
        "]]>&amp;<!--",
        "_x000D_",
        "a\x00b\x07\x1b[31m",
        "\r\n\t leading and trailing ",
        "\ud800 half",
        "\ufffe\uffff",
        "\u202egnp.exe",
        "😀",
    ],
)
def test_hostile_values_are_text(tmp_path: Path, value: str) -> None:
    """Legal XML, never a formula, and our own reader gives the text back."""
    target, _ = logged(real(tmp_path), "one", value)
    etree.fromstring(parts(target)[LOG])
    assert b"<f" not in parts(target)[LOG]
    assert openpyxl.load_workbook(target)[NAME]["D2"].data_type == "s"
    if "\ud800" not in value:  # half a character is kept as the word for it
        assert log_of(target) == [(2, value, "one")]
    assert log_of(logged(target, "two", "next")[0])[1] == (3, "next", "two")


def test_a_text_too_long_for_a_cell_is_cut(tmp_path: Path) -> None:
    """Excel's 32,767 characters, counted as it counts; no number that is none."""
    values: list[Scalar] = ["x" * 1_000_000, "😀" * 16_384, "x" * 32_767, float("nan")]
    found = [text for _, text, _ in log_of(logged(plain(tmp_path), "one", *values)[0])]
    assert [len((text or "").encode("utf-16-le")) // 2 for text in found] == [32_767, 32_767, 32_767, 3]
    assert [(text or "")[-1] for text in found] == ["…", "…", "x", "n"]


def test_a_log_that_was_saved_elsewhere_goes_on(tmp_path: Path) -> None:
    """Another program writes the sheet anew, with shared strings and formats: it is still ours."""
    first, _ = logged(real(tmp_path), "one", "Ann", "Bob")
    book = openpyxl.load_workbook(first)
    sheet = book[NAME]
    sheet.auto_filter.ref = "A1:J3"
    sheet.column_dimensions["H"].number_format = "0.00"
    for row in sheet["H2:H3"]:
        row[0].number_format = "0.00"
    sheet["L2"] = "a remark"
    path = tmp_path / "saved.xlsx"
    book.save(path)
    target, _ = logged(logged(path, "two", "Cid")[0], "one", "Ann", "Ben")
    assert log_of(target) == [(2, "Ann", "one"), (3, "Ben", "one"), (4, "Cid", "two")]
    after = openpyxl.load_workbook(target)[NAME]
    assert after["H4"].number_format == "0.00"  # the column's own
    assert after.auto_filter.ref == "A1:J3"


def test_rows_of_others_and_gaps(tmp_path: Path) -> None:
    """A remark below keeps its place; rows with nothing in them are used when the job comes again."""
    remark = '<c r="L5" t="str"><v>mine</v></c>'
    rows = row_of(3, "one") + f'<row r="5">{remark}</row><row r="9" ht="30"/>' + row_of(12, "two")
    path = with_log(tmp_path, rows)
    below, _ = logged(path, "six", "Ann")
    assert [row for row, _, job in log_of(below) if job == "six"] == [13]
    target, _ = logged(path, "one", *"abcdefghijk")
    assert [row for row, _, job in log_of(target) if job == "one"] == [2, 3, 4, *range(6, 12), 13, 14]
    assert f'<row r="5">{remark}</row>' in part(target, LOG)
    assert "<dimension" not in part(target, LOG)


def test_a_full_sheet_says_so(tmp_path: Path) -> None:
    """What has no row is counted; the values are written all the same."""
    path = with_log(tmp_path, row_of(MAX_ROW - 1, "two"))
    target, warnings = logged(path, "one", "Ann", "Bob", "Cid")
    assert log_of(target)[-1] == (MAX_ROW, "Ann", "one")
    assert warnings == ("The sheet Glaze log is full: 2 values are not in it; `glaze report` tells all.",)


@pytest.mark.parametrize(
    ("workbook", "tabs"),
    [
        pytest.param(LOCKED, DATA_TAB + LOG_TAB, id="the structure is protected by now"),
        pytest.param("", LOG_TAB + DATA_TAB, id="it was moved"),
        pytest.param("", tab("Data", 7, 1, 'state="hidden" ') + LOG_TAB, id="no other is shown"),
        pytest.param(name_xml("'Glaze log'!$A$1"), DATA_TAB + LOG_TAB, id="named"),
        pytest.param(
            name_xml("$A$1", 'name="_xlnm.Print_Area" localSheetId="1"'),
            DATA_TAB + LOG_TAB,
            id="a name of its own",
        ),
        pytest.param(
            '<customWorkbookViews><customWorkbookView activeSheetId="8"/></customWorkbookViews>',
            DATA_TAB + LOG_TAB,
            id="a saved view",
        ),
    ],
)
def test_a_sheet_that_somebody_built_upon_stays(tmp_path: Path, workbook: str, tabs: str) -> None:
    """Without the job's rows, and nothing else changes."""
    path = with_log(tmp_path, row_of(2, "one"), book=book_xml(tabs, workbook))
    target, warnings = logged(path, "one")
    assert log_of(target) == []
    assert changed(path, target) == ({LOG}, set())
    assert warnings == ()


def test_a_sheet_that_a_formula_looks_at_stays(tmp_path: Path) -> None:
    """Else the formula would lead nowhere."""
    path = with_log(tmp_path, row_of(2, "one"))
    more = parts(path) | {
        "xl/worksheets/sheet1.xml": sheet_xml("<row><c><f>COUNTA('Glaze log'!A:A)</f></c></row>").encode()
    }
    path = build(tmp_path / "b.xlsx", more["xl/worksheets/sheet1.xml"], more)
    assert log_of(logged(path, "one")[0]) == []


def test_a_window_that_showed_the_log_shows_what_is_left(tmp_path: Path) -> None:
    """The tab beside it, a visible one."""
    views = '<bookViews><workbookView activeTab="2" firstSheet="2"/><workbookView activeTab="1"/></bookViews>'
    tabs = f'{DATA_TAB}<sheet name="H" sheetId="2" state="hidden" r:id="rId1"/>{LOG_TAB}'
    book = book_xml(tabs).replace("<sheets>", f"{views}<sheets>")
    target, _ = logged(with_log(tmp_path, row_of(2, "one"), book=book), "one")
    assert '<workbookView activeTab="0" firstSheet="0"/><workbookView activeTab="1"/>' in part(target, BOOK)
    assert "Glaze log" not in part(target, BOOK)


FOREIGN = '<row r="1"><c r="A1" t="str"><v>Kiln</v></c></row>'


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (lambda folder: plain(folder, LOCKED), "structure of .* is protected.* --annotate"),
        (lambda folder: _with(folder, {LOG: sheet_xml(FOREIGN)}), "not a log of Glaze's.* rename it"),
        (lambda folder: _with(folder, {LOG: sheet_xml("")}), "not a log of Glaze's"),
        (lambda folder: _chart(folder), "has a sheet GLAZE LOG that is not a log"),
        (lambda folder: _shared(folder), "shared workbook .* --annotate"),
        (
            lambda folder: with_log(folder, "", '<sheetProtection sheet="1"/>'),
            "The sheet Glaze log is protected; unprotect it, or use --force",
        ),
    ],
)
def test_where_no_log_can_be(tmp_path: Path, path: object, words: str) -> None:
    """Refused in a sentence before anything is asked; once there are values, they are written without it."""
    sheet = path(tmp_path)  # type: ignore[operator]
    with pytest.raises(SheetRefused, match=words):
        list(check_cells(sheet, [CellRef("Data", 2, 2)], WriteOptions(log=LogRows())))
    assert list(check_cells(sheet, [CellRef("Data", 2, 2)], WriteOptions())) == []
    target = tmp_path / "out.xlsx"
    options = WriteOptions(log=LogRows("one", lambda: iter([entry(2)])))
    report = write_changes(sheet, [Change(CellRef("Data", 2, 2), "Ann")], target, options)
    assert report.written == 1
    assert report.warnings[0].startswith("The log was not written. ")
    assert changed(sheet, target) == ({"xl/worksheets/sheet1.xml"}, set())


def test_taking_away_what_is_not_there_is_no_trouble(tmp_path: Path) -> None:
    """Where somebody else's sheet has the name now, undo has nothing to say about it."""
    path = _with(tmp_path, {LOG: sheet_xml(FOREIGN)})
    target, warnings = logged(path, "one")
    assert (target.read_bytes(), warnings) == (path.read_bytes(), ())


def test_force_writes_into_a_protected_log(tmp_path: Path) -> None:
    """As into any protected sheet."""
    path = with_log(tmp_path, "", '<sheetProtection sheet="1"/>')
    assert list(check_cells(path, [], WriteOptions(force=True, log=LogRows()))) == []
    assert log_of(logged(path, "one", "Ann", force=True)[0]) == [(2, "Ann", "one")]


def test_the_log_itself_is_not_filled_in(tmp_path: Path) -> None:
    """One sheet cannot be both."""
    path = with_log(tmp_path, row_of(2, "one"))
    with pytest.raises(SheetRefused, match="is the log itself"):
        list(check_cells(path, [CellRef(NAME, 2, 2)], WriteOptions(log=LogRows())))


def test_the_job_is_the_last_column() -> None:
    """By it rows are told apart."""
    assert HEADERS[JOB - 1] == "Job"
    assert len(entry(2).cells()) == JOB - 1


def _with(folder: Path, more: dict[str, str]) -> Path:
    path = with_log(folder, "")
    return build(path, parts(path)["xl/worksheets/sheet1.xml"], parts(path) | more)


def _chart(folder: Path) -> Path:
    tabs = f'{DATA_TAB}<sheet name="GLAZE LOG" sheetId="8" r:id="rId3"/>'
    more = {BOOK: book_xml(tabs), "xl/chartsheets/sheet1.xml": "<chartsheet/>"}
    return build(folder / "a.xlsx", sheet_xml(""), more, (("chartsheet", "chartsheets/sheet1.xml"),))


def _shared(folder: Path) -> Path:
    more = {"xl/revisions/revisionHeaders.xml": "<headers/>"}
    return build(
        folder / "a.xlsx", sheet_xml(""), more, (("revisionHeaders", "revisions/revisionHeaders.xml"),)
    )


def test_the_archive_is_one_that_others_read(tmp_path: Path) -> None:
    """The new member is deflated, in ASCII, without a time of its own, and the last."""
    target, _ = logged(plain(tmp_path), "one", "Ann")
    with zipfile.ZipFile(target) as archive:
        new = archive.infolist()[-1]
        assert (new.filename, new.compress_type, new.date_time) == (
            LOG,
            zipfile.ZIP_DEFLATED,
            (1980, 1, 1, 0, 0, 0),
        )
        assert (new.flag_bits, new.create_version, new.extract_version) == (0, 20, 20)
