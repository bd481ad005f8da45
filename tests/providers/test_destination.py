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


LABEL = st.text("ab9-", max_size=3) | st.integers(0, 300).map(str) | st.sampled_from(["xn--a", "A", "é", "_"])
HOST = st.lists(LABEL, max_size=5).map(".".join).filter(bool)
PORT = st.sampled_from(["", ":", ":0", ":80", ":443", ":08", ":8080", ":70000", ":99999", ":x"])


@given(st.sampled_from(["http", "https"]), HOST, PORT)
@example("http", "10.0.0.1", ":8080")
@example("http", "10.0.0.256", "")
@example("https", "a.example", ":80")
@example("http", "a.example", ":8080\n")
def test_an_origin_that_is_sent_as_it_is_is_left_as_it_is_by_httpx(scheme: str, host: str, port: str) -> None:
    """Names, numbers and ports, however they are put together."""
    url = f"{scheme}://{host}{port}/x"
    try:
        read = str(parsed(url))
    except LookupFailed:
        with pytest.raises(LookupFailed):
            written(url)
        return
    assert written(url) == read


def test_a_users_name_is_not_sent() -> None:
    """Nobody's password goes along by being part of an address."""
    assert written("http://user:pw@shop.example/x") == "http://shop.example/x"
