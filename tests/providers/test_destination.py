"""Addresses: the quick way for plain ones is exact."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from glaze_cli.errors import LookupFailed
from glaze_cli.providers.destination import parsed, written

PARTS = st.lists(
    st.sampled_from(
        ["/", ".", "..", "%", "%2E", "%zz", "a", "'", "?", "&", "=", " ", "é", ":", "#", "@", "["]
    ),
    max_size=8,
).map("".join)


@given(st.sampled_from(["http://a.example", "https://A.example:443", "http://127.0.0.1:8080"]), PARTS)
@example("http://a.example", "a%zz?b=%zz")
@example("http://a.example", "a/%2E%2e/./b")
def test_what_is_sent_is_what_httpx_makes_of_it(origin: str, rest: str) -> None:
    """Whatever the path and query, the address is the one that httpx would have sent."""
    url = f"{origin}/{rest}"
    try:
        read = parsed(url)
    except LookupFailed:
        with pytest.raises(LookupFailed):
            written(url)
        return
    sent = written(url)
    assert sent.split("/", 3)[2] == read.netloc.decode("ascii")
    assert "/" + sent.split("/", 3)[3] == read.raw_path.decode("ascii")


def test_a_users_name_is_not_sent() -> None:
    """Nobody's password goes along by being part of an address."""
    assert written("http://user:pw@shop.example/x") == "http://shop.example/x"
