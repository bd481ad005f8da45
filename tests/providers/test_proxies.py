"""Which way out: through a proxy or straight."""

from __future__ import annotations

import pytest

from glaze_cli.providers.proxies import NO_PROXIES, Proxies

BOTH = {"http": "http://p.example:3128", "https": "http://q.example:3128"}


@pytest.mark.parametrize(
    ("by_scheme", "scheme", "host", "proxy"),
    [
        (BOTH, "http", "a.example", "http://p.example:3128"),
        (BOTH, "https", "a.example", "http://q.example:3128"),
        ({"all": "http://p.example:1"}, "https", "a.example", "http://p.example:1"),
        ({"https": "p.example:1"}, "https", "a.example", "http://p.example:1"),  # as many write it
        ({"https": "http://p.example:1"}, "http", "a.example", None),
        (BOTH, "https", "free.example", None),  # the user's exception
        (BOTH, "http", "localhost", None),  # a model server on this machine
        (BOTH, "http", "127.0.0.1", None),
        (BOTH, "http", "::1", None),
        ({}, "https", "a.example", None),
    ],
)
def test_the_way_out(by_scheme: dict[str, str], scheme: str, host: str, proxy: str | None) -> None:
    """The scheme's own proxy, else that for all; none for exceptions and this machine."""
    proxies = Proxies(by_scheme, lambda place: place == "free.example:443")
    assert proxies.towards(scheme, host, 443) == proxy


def test_a_proxys_password_is_not_shown() -> None:
    """An address with a password in it is in no repr."""
    assert "pa55" not in repr(Proxies({"all": "http://me:pa55@p.example:1"}))
    assert NO_PROXIES.towards("https", "a.example", 443) is None
