"""IPinfo, and its free half: three shapes of answer, and addresses that are nowhere."""

from __future__ import annotations

from typing import Any

import pytest

from tests.loopback import Say
from tests.providers.catalog.service import (
    BROKEN,
    MISS,
    Outcome,
    asked,
    check_sound,
    found,
    outcome,
    recordings,
    shared,
)

INFO, LITE = "ipinfo", "ipinfo_lite"
IP = "192.0.2.7"


def flat(**more: Any) -> Say:
    """An answer of the older plans."""
    body = {
        "ip": IP,
        "hostname": "host7.acme.example",
        "city": "Cork",
        "region": "Munster",
        "country": "IE",
        "loc": "51.9,-8.4700",
        "org": "AS64500 Acme Telecom Ltd",
        "postal": "T12",
        "timezone": "Europe/Dublin",
        **more,
    }
    return Say.json(body)


def nested(kind: str = "isp") -> Say:
    """An answer of the newer plans."""
    geo = {
        "city": "Cork",
        "region": "Munster",
        "country": "Ireland",
        "country_code": "IE",
        "latitude": 51.9,
        "longitude": -8.47,
        "timezone": "Europe/Dublin",
        "postal_code": "T12",
    }
    network = {"asn": "AS64500", "name": "Acme Telecom Ltd", "domain": "acme.example", "type": kind}
    return Say.json({"ip": IP, "hostname": "host7.acme.example", "geo": geo, "as": network})


def lite(**more: Any) -> Say:
    """An answer of the free plan."""
    body = {"ip": IP, "asn": "AS64500", "as_name": "Acme Telecom Ltd", "as_domain": "acme.example"}
    return Say.json({**body, "country_code": "IE", "country": "Ireland", **more})


CORK = {
    "country_code": "IE",
    "region": "Munster",
    "city": "Cork",
    "postcode": "T12",
    "latitude": 51.9,
    "longitude": -8.47,
    "timezone": "Europe/Dublin",
    "hostname": "host7.acme.example",
    "isp": "Acme Telecom Ltd",
}
IRELAND = {"country_code": "IE", "country": "Ireland", "isp": "Acme Telecom Ltd"}


@pytest.mark.parametrize("name", [INFO, LITE])
def test_what_they_say_of_themselves(name: str) -> None:
    """Free with one token for both, and to be named."""
    manifest = check_sound(name)
    assert (manifest.auth.kind, manifest.auth.env) == ("bearer", "IPINFO_TOKEN")
    assert "IPinfo" in manifest.about.attribution


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (flat(), CORK),
        (nested(), {**CORK, "country": "Ireland"}),
        (lite(), IRELAND),
        (
            flat(org="Acme Telecom", loc="", hostname=None),
            {k: v for k, v in CORK.items() if k not in ("latitude", "longitude", "hostname", "isp")},
        ),
        (nested("business"), {**CORK, "country": "Ireland", "company": "Acme Telecom Ltd"}),
        (
            flat(company={"name": "Acme Mill", "domain": "x", "type": "business"}),
            {**CORK, "company": "Acme Mill"},
        ),
        (flat(company={"name": "Acme Tel", "domain": "x", "type": "isp"}), CORK),  # who sells the line
    ],
)
def test_an_address_is_placed(said: Say, expected: dict[str, Any]) -> None:
    """Of each shape what it holds; a network's operator is not the company behind the address."""
    assert outcome(INFO, said, ip=IP) == expected


def test_the_free_half_gives_the_country() -> None:
    """And the network, and is surer of it than the other is of a city."""
    seen = asked(LITE, lite(), ip=IP)
    assert (seen.target, seen.headers["authorization"]) == (f"/lite/{IP}", "Bearer k-1")
    assert outcome(LITE, lite(), ip=IP) == IRELAND
    assert (found(LITE, lite(), ip=IP).confidence, found(INFO, flat(), ip=IP).confidence) == (0.9, 0.6)


def test_the_address_alone_is_sent() -> None:
    """Encoded, as one segment, with the token in a header."""
    seen = asked(INFO, flat(), ip="2001:db8::7")
    assert (seen.target, seen.headers["authorization"]) == ("/2001%3Adb8%3A%3A7/json", "Bearer k-1")
    assert asked(INFO, flat(), ip="x/../../me?").target == "/x%2F..%2F..%2Fme%3F/json"


@pytest.mark.parametrize("name", [INFO, LITE])
@pytest.mark.parametrize(
    "said", [Say.json({"ip": IP, "bogon": True}), lite(ip="192.0.2.8"), flat(ip="192.0.2.8")]
)
def test_an_address_that_is_nowhere_or_anothers_is_not_found(name: str, said: Say) -> None:
    """Private addresses are in no network; another address's record is refused."""
    assert outcome(name, said, ip=IP) == MISS


@pytest.mark.parametrize("name", [INFO, LITE])
@pytest.mark.parametrize(("said", "expected"), BROKEN)
def test_a_broken_answer_is_never_a_miss(name: str, said: Say, expected: str) -> None:
    """Errors of every dress end as errors."""
    assert outcome(name, said, ip=IP) == expected


@pytest.mark.parametrize("name", [INFO, LITE])
@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Say.json({"status": 404, "error": {"title": "Wrong ip", "message": "x"}}, 404), "failed: bad_input"),
        (Say.json({"error": {"title": "Unknown token"}}, 403), "dropped: auth"),
        (Say.json({"error": {"title": "Unknown token"}}, 401), "dropped: auth"),
        (Say.json({"ip": IP, "error": {"title": "x"}}), "failed: provider_error"),
        (Say.json({"error": {"title": "Too many requests"}}, 429), "again: throttled"),
    ],
)
def test_what_their_refusals_mean(name: str, said: Say, expected: str) -> None:
    """What is no address is about this row; a bad token drops the provider."""
    assert outcome(name, said, ip=IP) == expected


@pytest.mark.parametrize("limit", ["daily limit", "monthly limit", "50k requests per month"])
def test_a_plan_that_is_used_up_is_not_waited_for(limit: str) -> None:
    """It says so in words only."""
    said = Say.json({"error": {"title": "Rate limit exceeded", "message": f"You've hit the {limit}."}}, 429)
    assert outcome(INFO, said, ip=IP) == "dropped: quota"


GOOGLE = {"country_code": "US", "country": "United States", "isp": "Google LLC"}


class TestRecorded:
    """What IPinfo really sent, or documents."""

    pytestmark = shared

    @pytest.mark.parametrize(
        ("case", "ip", "expected"),
        [
            ("bogon", "2001:0db8:0000:0042:0000:8a2e:0370:7334", MISS),
            (
                "google_dns",
                "8.8.8.8",
                {
                    "country_code": "US",
                    "region": "California",
                    "city": "Mountain View",
                    "postcode": "94040",
                    "latitude": 37.3845,
                    "longitude": -122.0881,
                },
            ),
            (
                "ipv4",
                "74.125.45.100",
                {
                    "country_code": "US",
                    "region": "Oklahoma",
                    "city": "Tulsa",
                    "postcode": "74102",
                    "latitude": 36.154,
                    "longitude": -95.9928,
                    "isp": "Google LLC",
                },
            ),
            (
                "ipv4_with_hostname",
                "83.227.123.8",
                {
                    "country_code": "SE",
                    "region": "Blekinge",
                    "city": "Karlskrona",
                    "postcode": "371 40",
                    "latitude": 56.1616,
                    "longitude": 15.5866,
                    "hostname": "ua-83-227-123-8.bbcust.telenor.se",
                    "isp": "Telenor Norge AS",
                },
            ),
            (
                "ipv6",
                "2601:9:7680:363:75df:f491:6f85:352f",
                {
                    "country_code": "US",
                    "region": "New Jersey",
                    "city": "Mount Laurel",
                    "postcode": "08054",
                    "latitude": 39.934,
                    "longitude": -74.891,
                    "isp": "Comcast Cable Communications, LLC",
                },
            ),
            (
                "core_documented",
                "8.8.8.8",
                {
                    "country_code": "US",
                    "country": "United States",
                    "region": "California",
                    "city": "Mountain View",
                    "postcode": "94043",
                    "latitude": 37.4056,
                    "longitude": -122.0775,
                    "timezone": "America/Los_Angeles",
                    "hostname": "dns.google",
                    "isp": "Google LLC",
                },
            ),
            ("lite_8_8_8_8", "8.8.8.8", GOOGLE),
            ("lite_documented", "8.8.8.8", GOOGLE),
            ("abuse_documented", "8.8.8.8", "failed: provider_error"),  # answers to other questions
            ("carrier_documented", "8.8.8.8", "failed: provider_error"),
            ("company_documented", "8.8.8.8", "failed: provider_error"),
        ],
    )
    def test_case(self, case: str, ip: str, expected: Outcome) -> None:
        """Each recording ends as it should."""
        assert outcome(INFO, Say.recording(INFO, case), ip=ip) == expected

    @pytest.mark.parametrize("case", ["lite_8_8_8_8", "lite_documented"])
    def test_the_free_half(self, case: str) -> None:
        """Lite's own answers, through Lite."""
        assert outcome(LITE, Say.recording(INFO, case), ip="8.8.8.8") == GOOGLE

    @pytest.mark.parametrize("case", recordings(INFO))
    @pytest.mark.parametrize("name", [INFO, LITE])
    def test_no_recording_is_taken_for_somebody_else(self, name: str, case: str) -> None:
        """A question about another address gets no value from whatever came."""
        assert isinstance(outcome(name, Say.recording(INFO, case), ip="192.0.2.1"), str)
