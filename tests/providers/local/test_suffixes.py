"""The public suffix list, read without the library that brings it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from publicsuffixlist import PSLFILE, PublicSuffixList

from glaze_cli.providers.local.suffixes import suffix_and_domain

library = PublicSuffixList(accept_unknown=False)
in_unicode = PublicSuffixList(accept_unknown=False, accept_encoded_idn=False)
"""The same for a host without Punycode, and quicker made."""


def as_the_library_has_it(host: str) -> tuple[str | None, str | None]:
    return library.publicsuffix(host), library.privatesuffix(host)


@pytest.mark.parametrize(
    ("host", "suffix", "domain"),
    [
        ("acme.com", "com", "acme.com"),
        ("shop.acme.co.uk", "co.uk", "acme.co.uk"),
        ("co.uk", "co.uk", None),
        ("a.b.ck", "b.ck", "a.b.ck"),  # *.ck
        ("b.ck", "b.ck", None),
        ("ck", "ck", None),
        ("a.www.ck", "ck", "www.ck"),  # !www.ck
        ("Acme.COM", "com", "acme.com"),
        ("acme.zzzz", None, None),
        ("a..com", None, None),
        ("", None, None),
    ],
)
def test_a_host_is_cut_where_its_rule_says(host: str, suffix: str | None, domain: str | None) -> None:
    """An ordinary rule, one for all below a name, and an exception of that."""
    assert suffix_and_domain(host) == (suffix, domain)


def test_every_rule_is_applied_as_the_library_does() -> None:
    """For each name in the list: itself, and with one, two and three labels before it."""
    for line in Path(PSLFILE).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("//"):
            name = line.split()[0].lstrip("!*.")
            for host in (name, f"a.{name}", f"b.a.{name}", f"c.b.a.{name}", f"www.{name}"):
                expected = in_unicode.publicsuffix(host), in_unicode.privatesuffix(host)
                assert suffix_and_domain(host) == expected


NAMES = "com de co.uk ck www.ck *.ck !www.ck kobe.jp city.kobe.jp github.io 香港 公司.香港 xn--j6w193g xn-- Σ"
LABELS = st.sampled_from([*NAMES.split(" "), "", ".", "a.", ".A"]) | st.text("abÉ-._ \n", max_size=3)


@given(st.lists(LABELS, max_size=4).map(".".join) | st.text(max_size=8))
@example("com.")
@example(".com")
@example("acme.xn--55qx5d.xn--j6w193g")
def test_any_text_is_cut_as_the_library_cuts_it(host: str) -> None:
    """One look at each name finds the rule that three looks find, in Punycode and with dots to spare too."""
    assert suffix_and_domain(host) == as_the_library_has_it(host)
