"""GLEIF: the first shipped manifest, against answers of its shape and recorded ones."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from glaze_cli.errors import LookupFailed, ProviderError, Throttled
from glaze_cli.model import Answer, Field, Found, Lookup, Micros, NotFound
from glaze_cli.providers.http import HttpDoor
from glaze_cli.providers.manifest.catalog import shipped_manifests
from glaze_cli.providers.manifest.provider import ManifestProvider
from glaze_cli.providers.setup import Setup
from tests.loopback import SHARED, Loopback, Say, dead_url
from tests.providers.manifest.example import ask, fails, nowhere

shared = [
    pytest.mark.shared,
    pytest.mark.skipif(not (SHARED / "recordings").is_dir(), reason="needs ../shared/recordings"),
]


def gleif(url: str) -> ManifestProvider:
    """The shipped provider, asking another server."""
    (manifest,) = [manifest for manifest in shipped_manifests() if manifest.id == "gleif"]
    door = HttpDoor(httpx.AsyncHTTPTransport(verify=False), resolve=nowhere)
    return ManifestProvider(manifest, Setup(door, base_url=url))


def record(lei: str, name: str, status: str = "ISSUED", **entity: Any) -> dict[str, Any]:
    """A LEI record of made-up values."""
    legal = {
        "addressLines": ["1 Low Road", "Unit 2"],
        "city": "Lowtown",
        "country": "IE",
        "postalCode": "D01",
    }
    parts = {
        "legalName": {"name": name},
        "registeredAs": "0042",
        "status": "ACTIVE",
        "creationDate": "2001-02-03T00:00:00Z",
        "legalAddress": legal,
        **entity,
    }
    return {
        "id": lei,
        "type": "lei-records",
        "attributes": {"lei": lei, "entity": parts, "registration": {"status": status}},
        "links": {"self": f"https://api.gleif.org/api/v1/lei-records/{lei}"},
    }


def answer(said: Say, **inputs: str) -> Answer:
    """What GLEIF's answer comes to."""
    with Loopback(said) as server:
        return ask(gleif(server.url), **inputs)


HEAD_OFFICE = {"addressLines": ["9 High Street"], "city": "Hightown", "country": "NL", "postalCode": None}


def test_what_it_says_of_itself() -> None:
    """Free, CC0, sixty calls a minute, asked by LEI, then ISIN, then name."""
    service = gleif("http://127.0.0.1")
    assert service.tier == "free"
    assert service.about.license.startswith("CC0")
    assert [(window.calls, window.seconds) for window in service.manifest.limits.windows] == [(60, 60.0)]
    assert service.needs == (frozenset({"lei"}), frozenset({"isin"}), frozenset({"company"}))


def test_a_lei_gives_the_record() -> None:
    """Asked by LEI, every field comes from that record; the address is the headquarters', all of it."""
    said = Say.json({"data": record("L" * 20, "ACME PLC", headquartersAddress=HEAD_OFFICE)})
    with Loopback(said) as server:
        found = ask(gleif(server.url), lei="L" * 20)
    assert server.seen[0].target == f"/lei-records/{'L' * 20}"
    assert isinstance(found, Found)
    assert found.values == {
        "lei": "L" * 20,
        "legal_name": "ACME PLC",
        "company_number": "0042",
        "company_status": "active",
        "incorporated": "2001-02-03",
        "address": "9 High Street",
        "city": "Hightown",
        "country_code": "NL",  # and no postcode: the legal address's would be of another place
    }
    assert (found.confidence, found.cost) == (1.0, 0)
    assert found.citations == (f"https://api.gleif.org/api/v1/lei-records/{'L' * 20}",)


def test_without_headquarters_the_legal_address_counts() -> None:
    """The one address there is."""
    found = answer(Say.json({"data": record("L1", "ACME PLC")}), lei="L1")
    assert isinstance(found, Found)
    assert found.values.items() >= {
        ("address", "1 Low Road, Unit 2"),
        ("city", "Lowtown"),
        ("postcode", "D01"),
    }


def test_a_record_of_another_lei_is_refused() -> None:
    """Whatever comes back must be the one that was asked for."""
    refused = answer(Say.json({"data": record("L2", "ACME PLC")}), lei="L1")
    assert refused == NotFound("the answer is about others", Micros(0))


def test_a_name_is_asked_for_and_its_record_taken() -> None:
    """The name goes encoded into the filter; one like record among others is taken, a little less sure."""
    records = [record("L1", "ACME & SONS TRADING LTD"), record("L2", "Acme & Sons Limited")]
    with Loopback(Say.json({"data": records})) as server:
        found = ask(gleif(server.url), company="Acme & Sons")
    assert server.seen[0].path == "/lei-records"
    assert server.seen[0].query == {"filter[entity.legalName]": "Acme & Sons", "page[size]": "20"}
    assert isinstance(found, Found)
    assert found.values["lei"] == "L2"  # type: ignore[index]
    assert 0.9 < found.confidence < 0.92


@pytest.mark.parametrize(
    "records",
    [
        [],
        [record("L1", "ACME HOLDING GMBH")],  # a name that begins alike
        [record("L1", "ACME PLC"), record("L2", "ACME INC")],  # two companies of that name
        [record("L1", "ACME PLC", status="DUPLICATE")],  # entered by mistake
    ],
)
def test_a_name_that_is_nobodys_for_certain_is_not_found(records: list[dict[str, Any]]) -> None:
    """Namesakes are no answer."""
    assert isinstance(answer(Say.json({"data": records}), company="Acme"), NotFound)


def test_a_mistaken_entry_beside_the_right_one_does_not_matter() -> None:
    """A duplicate is no second company."""
    records = [record("L1", "ACME PLC", status="ANNULLED"), record("L2", "ACME PLC", status="LAPSED")]
    found = answer(Say.json({"data": records}), company="Acme plc")
    assert isinstance(found, Found)
    assert found.values["lei"] == "L2"  # type: ignore[index]


def test_an_unknown_lei_is_not_found() -> None:
    """A 404 of this service is a miss."""
    assert isinstance(answer(Say.json({"errors": []}, 404), lei="L1"), NotFound)


def test_an_isin_gives_its_issuer() -> None:
    """One record is the issuer; the record does not repeat the ISIN, so it is a little less sure."""
    with Loopback(Say.json({"data": [record("L1", "ACME PLC")]})) as server:
        found = ask(gleif(server.url), isin="GB0000000001")
    assert server.seen[0].query == {"filter[isin]": "GB0000000001", "page[size]": "2"}
    assert isinstance(found, Found)
    assert found.values["lei"] == "L1"  # type: ignore[index]
    assert (found.confidence, found.cost) == (0.95, 0)


@pytest.mark.parametrize("records", [[], [record("L1", "ACME PLC"), record("L2", "ACME INC")]])
def test_an_isin_of_nobody_or_of_several_is_not_found(records: list[dict[str, Any]]) -> None:
    """Nor is the first of several taken."""
    assert isinstance(answer(Say.json({"data": records}), isin="GB0000000001"), NotFound)


@pytest.mark.parametrize("when", ["2017-06-30T18:30:00Z", None, "", "soon"])
def test_a_day_that_depends_on_where_is_not_given(when: str | None) -> None:
    """Half past six in Greenwich is the next day in Mumbai."""
    found = answer(Say.json({"data": record("L1", "ACME PLC", creationDate=when)}), lei="L1")
    assert isinstance(found, Found)
    assert "incorporated" not in found.values


def test_many_leis_are_one_call() -> None:
    """Each record goes to the row whose LEI it has, in whatever order; a LEI left out is not found."""
    said = Say.json({"data": [record("L3", "CERES SE"), record("L1", "ACME PLC")]})
    with Loopback(said) as server:
        service = gleif(server.url)
        rows = [Lookup.about("gleif", service.version, {Field("lei"): lei}) for lei in ("L1", "L2", "L3")]
        assert service.batch_of(rows[0]) == 50
        answers = asyncio.run(service.look_up_many(rows))
    (seen,) = server.seen
    assert seen.path == "/lei-records"
    assert seen.query == {"filter[lei]": "L1,L2,L3", "page[size]": "50"}
    names = [one.values["legal_name"] if isinstance(one, Found) else None for one in answers]  # type: ignore[index]
    assert names == ["ACME PLC", None, "CERES SE"]
    assert isinstance(answers[1], NotFound)


@pytest.mark.parametrize("inputs", [{"lei": "L1"}, {"company": "Acme"}, {"isin": "GB0000000001"}])
@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (Say.json({"errors": [{"title": "no"}]}, 400), LookupFailed),
        (Say.json({"errors": [{"title": "no"}]}), LookupFailed),  # an error under 200
        (Say.json({"data": "gone"}), LookupFailed),
        (Say.html_as_json(404), LookupFailed),
        (Say.html_as_json(), LookupFailed),
        (Say.json({"data": []}, 500), Throttled),
        (Say.json({}, 429), Throttled),
        (Say(cut=-1), Throttled),
    ],
)
def test_a_broken_answer_is_never_a_miss(
    inputs: dict[str, str], said: Say, kind: type[ProviderError]
) -> None:
    """Errors of every dress end as errors, for both ways of asking."""
    with Loopback(said) as server:
        assert type(fails(gleif(server.url), **inputs)) is kind


def test_a_killed_network_is_unreachable() -> None:
    """Nothing was sent."""
    assert fails(gleif(dead_url()), company="Acme").reason == "unreachable"


class TestRecorded:
    """What GLEIF really sent."""

    pytestmark = shared

    def test_an_active_record(self) -> None:
        """Shell plc, by its LEI."""
        found = answer(Say.recording("gleif", "lei_record_active"), lei="21380068P1DRHMJ8KU70")
        assert isinstance(found, Found)
        assert found.values == {
            "lei": "21380068P1DRHMJ8KU70",
            "legal_name": "SHELL PLC",
            "company_number": "04366849",
            "company_status": "active",
            "incorporated": "2002-02-05",
            "address": "SHELL CENTRE",
            "city": "LONDON",
            "postcode": "SE1 7NA",
            "country_code": "GB",
        }

    def test_a_sparse_record(self) -> None:
        """Only what is there is filled."""
        found = answer(Say.recording("gleif", "sparse_record_nulls"), lei="SPARSE00000000000001")
        assert isinstance(found, Found)
        assert found.values == {
            "lei": "SPARSE00000000000001",
            "legal_name": "Sparse Example AB",
            "company_status": "active",
            "country_code": "SE",
        }

    def test_a_lapsed_record(self) -> None:
        """A lapsed registration still names its entity."""
        found = answer(Say.recording("gleif", "v0_leilookup_lapsed_legacy"), lei="549300LBI3LRIZ2V8V66")
        assert isinstance(found, Found)
        assert found.values["legal_name"] == "UK EQUITY FUND (OFFSHORE)"  # type: ignore[index]

    def test_a_bad_lei(self) -> None:
        """404: not found."""
        assert isinstance(answer(Say.recording("gleif", "shape_404"), lei="BAD"), NotFound)

    @pytest.mark.parametrize(
        ("company", "lei"),
        [
            ("Amazon Digital UK", "254900LNRYNOQ9YPU758"),
            ("amazon digital uk ltd", "254900LNRYNOQ9YPU758"),
            ("Amazon", None),
            ("Amazon Digital US", None),
        ],
    )
    def test_a_list_of_records(self, company: str, lei: str | None) -> None:
        """Out of a real page only the company that was asked for is taken."""
        found = answer(Say.recording("gleif", "lei_records_multi_paginated"), company=company)
        assert (found.values["lei"] if isinstance(found, Found) else None) == lei  # type: ignore[index]

    def test_many_leis(self) -> None:
        """Out of a real page each row gets its own record."""
        with Loopback(Say.recording("gleif", "lei_records_multi_paginated")) as server:
            service = gleif(server.url)
            leis = ["335800CCCPHKUOXPC332", "21380068P1DRHMJ8KU70", "254900LNRYNOQ9YPU758"]
            rows = [Lookup.about("gleif", service.version, {Field("lei"): lei}) for lei in leis]
            answers = asyncio.run(service.look_up_many(rows))
        found = [one.values["lei"] if isinstance(one, Found) else None for one in answers]  # type: ignore[index]
        assert found == [leis[0], None, leis[2]]

    def test_isins_are_no_records(self) -> None:
        """A list of something else is no answer, and no miss."""
        with Loopback(Say.recording("gleif", "isins")) as server:
            assert fails(gleif(server.url), isin="GB0000000001").reason == "provider_error"

    def test_an_empty_list(self) -> None:
        """No such name: not found."""
        assert isinstance(answer(Say.recording("gleif", "direct_children_empty"), company="Acme"), NotFound)

    @pytest.mark.parametrize(
        "case", [path.stem for path in sorted((SHARED / "recordings" / "gleif").glob("*.json"))]
    )
    @pytest.mark.parametrize("inputs", [{"lei": "X1"}, {"company": "Zzyzx Unlikely Nobody"}])
    def test_no_recording_is_taken_for_somebody_else(self, case: str, inputs: dict[str, str]) -> None:
        """Whatever GLEIF sends, a question about nobody gets no value, and nothing crashes."""
        with Loopback(Say.recording("gleif", case)) as server:
            try:
                assert isinstance(ask(gleif(server.url), **inputs), NotFound)
            except ProviderError as error:
                assert error.reason in {"provider_error", "bad_input"}
