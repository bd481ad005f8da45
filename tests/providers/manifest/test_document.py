"""A body of JSON is read as the json module reads it, by the quick way and by the slow one."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from glaze_cli.providers.http import Reply
from glaze_cli.providers.manifest.document import read
from glaze_cli.providers.manifest.schema import Expect

NUMBERS = [
    "0", "-0", "-0.0", "1e5", "1E-7", "1e400", "-1e400", "1e-400", "5e-324", "0.1", "1.7976931348623157e308",
    "12345678901234567", "123456789012345678", "9223372036854775808", "18446744073709551616", "1" * 30,
    "0.12345678901234567", "0.123456789012345678901", "2.2250738585072011e-308", "9007199254740993.0",
]  # fmt: skip
NO_NUMBERS = ["NaN", "-Infinity", "01", "1.", ".5", "+1", "0x1", "1_0", "1" * 5_000, "tru", "None", ""]
TEXTS = [
    '"a"',
    '"ü😀"',
    r'"\u00fc\n\/"',
    r'"\ud83d\ude00"',
    r'"\ud83d"',
    '"\t"',
    '"\0"',
    r'"\x"',
    '"',
    '"1' + "0" * 20 + '"',
]
BITS = [*NUMBERS, *NO_NUMBERS, *TEXTS, "null", "true"]


def lists(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Lists and objects of such parts; keys come twice, and commas too often."""
    listed = st.lists(parts, max_size=4).map(", ".join)
    keys = st.sampled_from(['"a"', '"b"', '"A"', '""', "1"])
    pairs = st.lists(st.tuples(keys, parts).map(": ".join), max_size=4).map(",\n".join)
    return listed.map("[{}]".format) | pairs.map("{{{}}}".format) | listed.map("[{},]".format)


FLOATS = st.from_regex(r"-?(0|[1-9][0-9]{0,19})\.[0-9]{1,20}([eE][+-]?[0-9]{1,3})?", fullmatch=True)
DOCUMENTS = st.recursive(st.sampled_from(BITS) | FLOATS, lists, max_leaves=12)
AROUND = st.sampled_from(["", " ", "\r\n\t", "\ufeff", "\u00a0", "x", "\v"])


def outcome(text: str) -> str:
    """What the json module makes of it, to the letter: 1 is not 1.0, and -0.0 is not 0."""
    try:
        return repr(json.loads(text.removeprefix("\ufeff")))
    except (ValueError, RecursionError):
        return "broken"


@given(AROUND, DOCUMENTS, AROUND)
@example("", '{"a": 1, "b": 2, "a": 3}', "")
@example("\ufeff", "\ufeff1", "")
@example("", '["' + "x" * 300 + '", 1234567890123456789.5]', "")
def test_json_is_what_json_reads(before: str, document: str, after: str) -> None:
    """Numbers of any length, keys that come twice, half a character, and all that is none."""
    text = before + document + after
    said = read(Reply(200, {}, text.encode(), "http://a/"), Expect.JSON)
    assert said.values["text"] == text
    assert ("broken" if said.broken else repr(said.values["body"])) == outcome(text)


@pytest.mark.parametrize("depth", [3, 700, 850, 1_020, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_json_is_read_as_deep_as_json_reads_it(depth: int, opening: str, closing: str) -> None:
    """And no deeper: what follows would have to be as deep."""
    text = opening * depth + "1" + closing * depth
    try:
        json.loads(text)
        broken = False
    except RecursionError:
        broken = True
    assert read(Reply(200, {}, text.encode(), "http://a/"), Expect.JSON).broken == broken


@pytest.mark.parametrize("charset", ["utf-8", "latin-1", "utf-16", "unicode_escape"])
def test_json_in_another_charset_is_read(charset: str) -> None:
    """As it is declared, half characters included."""
    text = '{"a": "ü"}' if charset != "unicode_escape" else r'{"a": "\ud800"}'
    headers = {"content-type": f"application/json; charset={charset}"}
    body = text.encode("ascii" if charset == "unicode_escape" else charset)
    said = read(Reply(200, headers, body, "http://a/"), Expect.JSON)
    assert said.values["body"] == {"a": "\ud800" if charset == "unicode_escape" else "ü"}
