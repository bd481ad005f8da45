"""Shared strings: the text a person sees, unpacked only as far as it is needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from glaze_cli.errors import SheetRefused
from glaze_cli.sheets.limits import Limits
from glaze_cli.sheets.xlsx.package import Package
from glaze_cli.sheets.xlsx.strings import SharedStrings, unescape
from tests.sheets.xlsx.workbooks import MAIN, build, sheet_xml

PART = "xl/sharedStrings.xml"


def table(items: str) -> str:
    return f'<sst xmlns="{MAIN}" count="9" uniqueCount="9">{items}</sst>'


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("a_x000D_b", "a\rb"),
        ("_x005F_x000D_", "_x000D_"),  # an escaped underscore keeps what follows
        ("_x000d_", "\r"),
        ("_xD83D__xDE00_", "\U0001f600"),
        ("_xD83D_", "_xD83D_"),  # half a character is none
        ("_x00_", "_x00_"),
        ("snake_x_case", "snake_x_case"),
    ],
)
def test_escapes_are_the_characters_they_stand_for(written: str, text: str) -> None:
    """What XML cannot hold comes back; what only looks like an escape stays."""
    assert unescape(written) == text


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("<si><t>Ann</t></si>", "Ann"),
        ("<si><t> Ann </t></si>", "Ann"),  # Excel drops space that is not marked
        ('<si><t xml:space="preserve"> Ann </t></si>', " Ann "),
        ("<si>\n <t>Ann</t>\n</si>", "Ann"),  # pretty-printed
        ("<si><r><t>A</t></r><r><rPr><b/></rPr><t>nn</t></r></si>", "Ann"),  # rich text
        ('<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si>', "東京"),  # how it is said
        ("<si><t>a&amp;b<![CDATA[<c>]]></t></si>", "a&b<c>"),
        ("<si/>", ""),
    ],
)
def test_an_item_is_the_text_a_person_sees(tmp_path: Path, item: str, text: str) -> None:
    """Runs are joined, phonetic hints left out, marked space kept."""
    path = build(tmp_path / "a.xlsx", sheet_xml(""), {PART: table(f"{item}<si><t>next</t></si>")})
    with Package.open(path, Limits()) as package:
        strings = SharedStrings(package, PART)
        assert (strings.get(0), strings.get(1), strings.get(2), strings.get(-1)) == (text, "next", None, None)


def test_only_what_comes_before_is_unpacked(tmp_path: Path) -> None:
    """Damage far behind the string that is asked for does not matter, and costs nothing."""
    items = "".join(f"<si><t>text {number}</t></si>" for number in range(20_000))
    path = build(tmp_path / "a.xlsx", sheet_xml(""), {PART: f'<sst xmlns="{MAIN}">{items}<broken'})
    with Package.open(path, Limits()) as package:
        strings = SharedStrings(package, PART)
        assert strings.get(5) == "text 5"
        with pytest.raises(SheetRefused, match=r"sharedStrings\.xml is damaged"):
            strings.get(30_000)


@pytest.mark.parametrize(
    ("items", "limits", "named"),
    [
        ("<si><t>12345678</t></si>" * 9, Limits(strings=99), "limits.strings"),
        ("<si/>" * 99, Limits(strings=99), "limits.strings"),  # empty ones take room too
        (f"<si><t>{'x' * 200_000}</t></si>", Limits(cell_text=99_000), "limits.cell_text"),
    ],
)
def test_too_much_text_is_refused(tmp_path: Path, items: str, limits: Limits, named: str) -> None:
    """The sentence names the limit to raise."""
    path = build(tmp_path / "a.xlsx", sheet_xml(""), {PART: table(items)})
    with Package.open(path, limits) as package, pytest.raises(SheetRefused, match=named):
        SharedStrings(package, PART).get(1000)
