"""What the lists say about a host."""

from __future__ import annotations

import idna
import pytest
from disposable_email_domains import blocklist
from hypothesis import example, given
from hypothesis import strategies as st
from publicsuffixlist import PublicSuffixList

from glaze_cli.providers.local.domains import (
    canonical_host,
    is_disposable,
    is_free_mail,
    mail_host,
    registrable,
)

whole = PublicSuffixList(accept_unknown=False)

ENDINGS = [
    *(
        "com",
        "de",
        "co.uk",
        "uk",
        "ck",
        "www.ck",
        "foo.ck",
        "kobe.jp",
        "city.kobe.jp",
        "b.kobe.jp",
        "github.io",
    ),
    *("compute.amazonaws.com", "香港", "公司.香港", "xn--j6w193g", "xn--55qx5d.xn--j6w193g", "рф", "zzzz"),
    *("xn--", "xn--p1ai", "k12.ma.us", "pvt.k12.ma.us", ""),
]
HOSTS = st.tuples(
    st.lists(st.text("abé-", min_size=1, max_size=3), max_size=3).map(".".join), st.sampled_from(ENDINGS)
).map(".".join)


@given(HOSTS)
def test_a_host_has_the_domain_that_the_whole_list_gives_it(host: str) -> None:
    """The list without its Punycode forms, which most hosts do with, says what the whole one says."""
    assert registrable(host) == whole.privatesuffix(host)


@given(HOSTS)
@example("ba.")  # a dot at the end: one label, which is no host
def test_a_host_has_an_ending_where_the_whole_list_knows_one(host: str) -> None:
    """Walking the list once for the domain and the ending finds every ending."""
    found = canonical_host(host)
    assert found is None or whole.publicsuffix(found)
    plain = host.isascii() and all(label.isalpha() for label in host.split("."))
    assert found == host or not plain or "." not in host or not whole.publicsuffix(host)


@pytest.mark.parametrize(
    "host",
    ["mailinator.com", "a.mailinator.com", "a.b.mailinator.com", "xmailinator.com", "com", "", "a..b", "."],
)
def test_a_host_is_disposable_with_all_above_it(host: str) -> None:
    """Also where only a host above it is on the list."""
    labels = host.split(".")
    above = {".".join(labels[first:]) for first in range(len(labels) - 1)}
    assert is_disposable(host) == bool(above & blocklist)


MAIL = [
    "gmail.com",
    "mail.ru",
    "corp.mail.ru",
    "mailinator.com",
    "a.mailinator.com",
    "acme.com",
    "ck",
    "xn--a",
]


@given(HOSTS | st.sampled_from([*MAIL, *(host.upper() + "." for host in MAIL)]))
def test_all_about_a_mail_host_is_what_each_list_says(text: str) -> None:
    """Asked together, the lists say what they say one by one."""
    host, found = canonical_host(text), mail_host(text)
    if host is None:
        assert found is None
        return
    domain = registrable(host)
    said_nothing = is_disposable(host) or is_free_mail(host) or is_free_mail(domain or "")
    assert found == (is_disposable(host), is_free_mail(host), None if said_nothing else domain)


@pytest.mark.parametrize(
    "host", ["a" * 63 + ".de", "a" * 64 + ".de", ("a" * 62 + ".") * 4 + "de", "ab--c.de", "a--b.de", "-a.de"]
)
def test_a_host_at_the_edge_of_what_is_plain_is_as_idna_has_it(host: str) -> None:
    """Long labels, long hosts, and dashes where Punycode has them."""
    try:
        expected = idna.decode(idna.encode(host, uts46=True))
    except idna.IDNAError:
        expected = None
    assert canonical_host(host) == expected
