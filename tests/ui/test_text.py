"""Text made safe for a terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from glaze_cli.ui.text import LONGEST, fit, inert


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Ann Lee", "Ann Lee"),  # what is harmless stays as it is
        ("株式会社 é", "株式会社 é"),  # other scripts too
        (12, "12"),  # any value
        ("\x1b[31mred\x1b[0m", "·red·"),  # colours
        ("\x1b[2J\x1b[Hgone", "··gone"),  # clear, home
        ("\x1b]8;;http://evil.test\x1b\\link\x1b]8;;\x1b\\", "·link·"),  # a hidden link's address
        ("\x1b]0;title\x07x", "·x"),  # the window's title
        ("\x1b]52;c;unfinished", "·52;c;unfinished"),  # without an end: only the escape goes
        ("\x1bc!", "·!"),  # reset
        ("\x1b", "·"),  # an escape alone
        ("a\x9bb", "a·b"),  # the one-byte form, as mojibake has it
        ("a\nb\t\r c", "a b c"),  # one line
        ("a\u202eb\u2066c", "a·b·c"),  # changes of writing direction
        ("a\u200db\ufeff", "ab"),  # no width of its own
        ("❤\ufe0f👍\U0001f3fd", "❤👍"),  # what terminals disagree about
        ("👨\u200d👩\u200d👧", "👨👩👧"),  # a family, joined or not
        ("🇩🇪 flag", "DE flag"),  # two columns together, or two each
        ("\x90q#0~\x9c", "·q#0~·"),  # the one-byte forms of DCS and its end
        ("\x1bPq#0~\x1b\\x", "·x"),  # DCS: a picture
        ("\x1b]52;c;ZXZpbA==\x07x", "·x"),  # the clipboard
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),  # nothing to a terminal
        ("é" + "\u0301" * 9, "é" + "\u0301" * 4),  # a tower of accents
        ("שָׁלוֹם", "שָׁלוֹם"),  # as many as a language needs
        ("bell\x07 \x7f", "bell· ·"),  # controls
        ("\ud800", "·"),  # half a character
    ],
)
def test_nothing_in_a_text_can_act(raw: object, shown: str) -> None:
    """Escapes, controls and changes of direction become a dot; the rest can be read."""
    assert inert(raw) == shown


@settings(max_examples=200)
@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\x1b[]\\;m\x07\x9b\u202e"))))
def test_no_control_character_ever_comes_through(raw: str) -> None:
    """Whatever the text, its safe form holds no control, format or half character, and no line end."""
    forbidden = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert not forbidden & {unicodedata.category(char) for char in inert(raw)}


def test_a_megabyte_is_cut() -> None:
    """A text of any size costs no more than its first thousand characters."""
    assert inert("x" * 1_000_000) == "x" * LONGEST + "…"


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("ab", 4, "ab  "),  # padded
        ("abcd", 4, "abcd"),  # just fits
        ("abcde", 4, "abc…"),  # cut, and says so
        ("会社名", 6, "会社名"),  # wide characters count two
        ("会社名", 5, "会社…"),
        ("会社名", 4, "会 …"),  # half a wide character is no character
        ("abc", 0, ""),
    ],
)
def test_a_text_fits_its_column_exactly(text: str, width: int, shown: str) -> None:
    """Columns line up whatever they hold."""
    assert fit(text, width) == shown
    assert cell_len(fit(text, width)) == width
