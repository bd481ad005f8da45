"""Where a key of a TOML text stands, however it is written."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.providers.manifest.places import line_of

TEXT = '''\
# a = 1
a = "b = 2 # no comment"
"quoted key" = 1
deep.er = 2
long = """
a = 1
[b]
"""
raw = \'\'\'
[[list]]
\'\'\'

[table]  # of values
inline = {x = 1, y = {z = 2}}
many = [
    # rules
    {when = "one", then = "[two]"},
    {when = "}", then = 'x',
        why = "over lines"},
    [1,
     2],
]

[[list]]
a = 1
[list.sub]
a = 2
[[list]]
a = 3
[list.sub]
b = 4
[[list.inner]]
c = 5
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("a",), 2),  # not in the comment, not in a text
        (("quoted key",), 3),
        (("deep",), 4),
        (("deep", "er"), 4),
        (("table",), 13),
        (("table", "inline", "y", "z"), 14),
        (("table", "many"), 15),
        (("table", "many", 0, "then"), 17),
        (("table", "many", 1), 18),
        (("table", "many", 1, "when"), 18),
        (("table", "many", 1, "why"), 19),
        (("table", "many", 2, 1), 21),
        (("list",), 24),
        (("list", 0, "a"), 25),
        (("list", 0, "sub", "a"), 27),
        (("list", 1), 28),
        (("list", 1, "a"), 29),
        (("list", 1, "sub"), 30),
        (("list", 1, "sub", "b"), 31),
        (("list", 1, "inner", 0, "c"), 33),
        (("list", 1, "sub", "gone"), 30),  # the table that should have it
        (("table", "many", 1, "gone"), 18),
        (("gone",), 1),
        ((), 1),
    ],
)
def test_a_key_is_found_on_its_line(path: tuple[Any, ...], line: int) -> None:
    """Texts, comments and other tables that look like it do not count."""
    assert line_of(TEXT, path) == line


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab.=[]{}\"'#,\\ \n1", max_size=60))
def test_no_text_that_is_toml_stops_it(text: str) -> None:
    """Whatever the reader takes, each of its keys is found somewhere in it."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    for key in table:
        assert 1 <= line_of(text, (key,)) <= text.count("\n") + 1
