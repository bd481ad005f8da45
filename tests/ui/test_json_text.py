"""JSON on a screen is inert, and the same document."""

from __future__ import annotations

import json

from hypothesis import example, given
from hypothesis import strategies as st

from glaze_cli.ui.json_text import escaped
from glaze_cli.ui.text import inert


@given(st.dictionaries(st.text(), st.text()))
@example({"half a character": "\ud800", "csi": "\x9b2J", "del": "\x7f"})
def test_it_is_the_same_document(document: dict[str, str]) -> None:
    """Nothing of it is lost, and no raw control character is in it."""
    text = escaped(json.dumps(document, ensure_ascii=False))
    assert json.loads(text) == document
    assert not [char for char in text if ord(char) < 32 or 127 <= ord(char) < 160]
    text.encode()


def test_what_is_no_danger_stays_as_it_is() -> None:
    """Letters of all scripts are read without a decoder."""
    text = '{"a": "Größe 漢字 😀 عربي"}'
    assert escaped(text) == text
    assert "\u202e" not in escaped('"\u202e"') and inert("\u202e") == "·"
