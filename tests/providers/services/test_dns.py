"""Who takes a domain's mail."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from glaze_cli.errors import LookupFailed, ProviderError, Throttled
from glaze_cli.model import NotFound
from glaze_cli.providers.services.dns import DnsProvider, mail_provider
from tests.loopback import SHARED, Say
from tests.providers.services.asking import always, ask, fails, values

shared = [
    pytest.mark.shared,
    pytest.mark.skipif(not (SHARED / "recordings").is_dir(), reason="needs ../shared/recordings"),
]


def mx(*records: str, status: int = 0) -> Say:
    """An answer with these MX records, after an alias."""
    alias = {"name": "acme.example.", "type": 5, "data": "other.example."}
    answer: list[Any] = [alias, *({"type": 15, "data": record} for record in records)]
    return Say.json({"Status": status, "Answer": answer})


def test_the_host_of_the_lowest_preference_counts() -> None:
    """Numbers are compared as numbers; aliases are no mail hosts."""
    found = ask(
        DnsProvider, always(mx("20 b.acme.com.", "5 ASPMX.L.Google.com.", "100 a.x.com.")), domain="acme.com"
    )
    assert values(found) == {"mx": "aspmx.l.google.com", "mail_provider": "Google Workspace"}


def test_an_unknown_mail_host_has_no_provider() -> None:
    """A company's own server is nobody's service."""
    assert values(ask(DnsProvider, always(mx("10 mail.acme.com.")), domain="acme.com")) == {
        "mx": "mail.acme.com"
    }


@pytest.mark.parametrize(
    ("said", "inputs"),
    [
        (mx(status=3), {"domain": "acme.com"}),  # no such name
        (mx("0 ."), {"domain": "acme.com"}),  # it says that it takes no mail
        (Say.json({"Status": 0}), {"domain": "acme.com"}),  # no record of that type
        (mx("5 x.acme.com."), {"email": "ada@gmail.com"}),  # says nothing of a company
        (mx("5 x.acme.com."), {"domain": "not a domain"}),
        (mx("5 x.acme.com."), {"domain": "127.0.0.1"}),
    ],
)
def test_no_mail_is_not_found(said: Say, inputs: dict[str, str]) -> None:
    """Nothing there, said in different ways."""
    assert isinstance(ask(DnsProvider, always(said), **inputs), NotFound)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (mx(status=2), LookupFailed),  # SERVFAIL
        (mx(status=5), LookupFailed),  # REFUSED
        (Say.json([]), LookupFailed),
        (Say.json({"Status": 0, "Answer": "x"}), LookupFailed),
        (Say.html_as_json(), LookupFailed),
        (Say(429), Throttled),
        (Say(500), Throttled),
    ],
)
def test_a_broken_answer_is_no_miss(said: Say, kind: type[ProviderError]) -> None:
    """A name server that does not answer says nothing of the mail."""
    assert type(fails(DnsProvider, always(said), domain="acme.com")) is kind


def test_only_the_domain_is_asked_for() -> None:
    """The mail box stays here; a domain in other letters is asked for as the DNS knows it."""
    seen: list[str] = []

    def network(request: httpx.Request) -> Say:
        seen.append(str(request.url))
        return mx("5 a.b.de.")

    ask(DnsProvider, network, email="ada.lovelace@münchen.de")
    assert seen == ["https://dns.google/resolve?name=xn--mnchen-3ya.de&type=MX"]


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("acme-com.mail.protection.outlook.com", "Microsoft 365"),
        ("mx0a-00b.pphosted.com", "Proofpoint"),
        ("notgoogle.com", None),  # an ending is whole labels
        ("google.com.evil.example", None),
    ],
)
def test_mail_services_are_known_by_their_endings(host: str, name: str | None) -> None:
    """Whole labels only."""
    assert mail_provider(host) == name


class TestRecorded:
    """Answers of the documented shape, as they were gathered."""

    pytestmark = shared

    @pytest.mark.parametrize(
        ("case", "provider"),
        [("shape_mx_google_workspace", "Google Workspace"), ("shape_mx_microsoft_365", "Microsoft 365")],
    )
    def test_a_mail_service(self, case: str, provider: str) -> None:
        """Its name, and a host of its own."""
        got = values(ask(DnsProvider, always(Say.recording("doh", case)), domain="example.com"))
        assert got["mail_provider"] == provider == mail_provider(got["mx"])

    @pytest.mark.parametrize("case", ["shape_nodata_null_mx", "shape_nxdomain"])
    def test_no_mail(self, case: str) -> None:
        """Said in two ways."""
        said = always(Say.recording("doh", case))
        assert isinstance(ask(DnsProvider, said, domain="example.com"), NotFound)

    def test_a_server_failure(self) -> None:
        """SERVFAIL is no miss."""
        said = always(Say.recording("doh", "shape_servfail"))
        assert isinstance(fails(DnsProvider, said, domain="example.com"), LookupFailed)
