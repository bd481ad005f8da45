"""What the register of a domain says of it."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from glaze_cli.errors import LookupFailed, ProviderError, Throttled
from glaze_cli.model import NotFound
from glaze_cli.providers.services.rdap import RdapProvider
from tests.loopback import SHARED, Say
from tests.providers.services.asking import about, ask, fails, made, values

shared = [
    pytest.mark.shared,
    pytest.mark.skipif(not (SHARED / "recordings").is_dir(), reason="needs ../shared/recordings"),
]

LIST = Say.json(
    {
        "services": [
            [["com"], ["http://plain.example/", "https://rdap.register.example/com/v1/"]],
            [["xx"], ["http://only-plain.example/"]],
            [["co.uk", "uk"], ["https://rdap.uk.example"]],
            "nonsense",
        ]
    }
)


def record(name: str = "ACME.COM", **more: Any) -> Say:
    """A register's record."""
    registrar = {"roles": ["registrar"], "vcardArray": ["vcard", [["fn", {}, "text", "Names  Inc."]]]}
    events = [
        {"eventAction": "registration", "eventDate": "1997-09-15T04:00:00Z"},
        {"eventAction": "expiration", "eventDate": "2028-09-14"},
        {"eventAction": "last changed", "eventDate": "2020-01-01T00:00:00Z"},
    ]
    document = {"objectClassName": "domain", "ldhName": name, "entities": [registrar], "events": events}
    return Say.json(document | more)


def network(said: Say, seen: list[str] | None = None) -> Any:
    """IANA's list, and one register that says this."""

    def answer(request: httpx.Request) -> Say:
        if seen is not None:
            seen.append(str(request.url))
        return LIST if request.url.host == "data.iana.org" else said

    return answer


def test_registrar_and_dates_are_given() -> None:
    """Asked at the https address of the ending's register, and nowhere else."""
    seen: list[str] = []
    found = ask(RdapProvider, network(record(), seen), domain="acme.com")
    assert values(found) == {
        "registrar": "Names Inc.",
        "domain_created": "1997-09-15",
        "domain_expires": "2028-09-14",
    }
    assert seen == [
        "https://data.iana.org/rdap/dns.json",
        "https://rdap.register.example/com/v1/domain/acme.com",
    ]


def test_the_list_is_read_once() -> None:
    """However many lookups come at once."""
    seen: list[str] = []
    service = made(RdapProvider, network(record(), seen))

    async def go() -> None:
        await asyncio.gather(*(service.look_up(about(service, domain="acme.com")) for _ in range(5)))

    asyncio.run(go())
    assert seen.count("https://data.iana.org/rdap/dns.json") == 1


@pytest.mark.parametrize(
    ("said", "domain"),
    [
        (Say(404), "acme.com"),
        (record("OTHER.COM"), "acme.com"),  # about another domain
        (record(entities=[], events=[]), "acme.com"),
        (record(entities="x", events=None), "acme.com"),
        (record(events=[{"eventAction": "registration", "eventDate": "soon"}], entities=[]), "acme.com"),
        (record(), "acme.xx"),  # its register answers without https only
        (record(), "acme.zz"),  # no register
        (record(), "acme"),
    ],
)
def test_what_nobody_says_is_not_found(said: Say, domain: str) -> None:
    """No record, no register, nothing in it."""
    assert isinstance(ask(RdapProvider, network(said), domain=domain), NotFound)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (Say.json({"objectClassName": "help"}), LookupFailed),
        (Say.html_as_json(), LookupFailed),
        (Say(429), Throttled),
        (Say(500), Throttled),
    ],
)
def test_a_broken_answer_is_no_miss(said: Say, kind: type[ProviderError]) -> None:
    """Errors of every dress."""
    assert type(fails(RdapProvider, network(said), domain="acme.com")) is kind


def test_a_dead_register_fails_its_lookup_only() -> None:
    """It is one of hundreds: the provider is not paused for it."""

    def answer(request: httpx.Request) -> Say:
        if request.url.host == "data.iana.org":
            return LIST
        raise httpx.ConnectError("refused")

    error = fails(RdapProvider, answer, domain="acme.com")
    assert (type(error), error.reason) == (LookupFailed, "unreachable")


def test_a_broken_list_is_said() -> None:
    """Without it nobody can be asked."""
    assert "IANA" in str(fails(RdapProvider, lambda request: Say.json({}), domain="acme.com"))


class TestRecorded:
    """What registers really sent."""

    pytestmark = shared

    @pytest.mark.parametrize(
        ("case", "domain", "expected"),
        [
            (
                "domain_google_com_verisign",
                "google.com",
                {
                    "registrar": "MarkMonitor Inc.",
                    "domain_created": "1997-09-15",
                    "domain_expires": "2028-09-14",
                },
            ),
            (
                "domain_google_hop5",
                "google.com",
                {
                    "registrar": "MarkMonitor Inc.",
                    "domain_created": "1997-09-15",
                    "domain_expires": "2028-09-14",
                },
            ),
            (
                "domain_google_hop6",
                "google.com",
                {
                    "domain_created": "1997-09-15",  # its registrar's name is not in its card
                    "domain_expires": "2028-09-13",
                },
            ),
            (
                "domain_themarquetry_com",
                "themarquetry.com",
                {
                    "registrar": "Hosting Concepts B.V. d/b/a Registrar.eu",
                    "domain_created": "2021-03-16",
                    "domain_expires": "2022-03-16",
                },
            ),
        ],
    )
    def test_each_case(self, case: str, domain: str, expected: dict[str, str]) -> None:
        """Registrar and dates."""
        found = ask(RdapProvider, network(Say.recording("rdap", case)), domain=domain)
        assert values(found) == expected

    def test_ianas_own_list(self) -> None:
        """com is at Verisign."""
        seen: list[str] = []

        def answer(request: httpx.Request) -> Say:
            seen.append(str(request.url))
            if request.url.host == "data.iana.org":
                return Say.recording("rdap", "iana_bootstrap_dns_full")
            return Say.recording("rdap", "domain_google_com_verisign")

        ask(RdapProvider, answer, domain="google.com")
        assert seen[1] == "https://rdap.verisign.com/com/v1/domain/google.com"
