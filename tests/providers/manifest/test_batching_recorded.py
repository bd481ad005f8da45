"""Bulk endpoints as real services have them, against their recordings."""

from __future__ import annotations

import asyncio

import pytest

from glaze_cli.errors import LookupFailed, ProviderUnusable
from glaze_cli.model import Field, Found, Lookup, NotFound
from tests.loopback import SHARED, Loopback, Say
from tests.providers.manifest.example import HEAD, provider
from tests.providers.manifest.test_batching import JOINED, LISTED, asks

needs_shared = pytest.mark.skipif(not (SHARED / "recordings").is_dir(), reason="needs ../shared/recordings")


@pytest.mark.shared
@needs_shared
def test_people_data_labs_bulk() -> None:
    """One found, one 404, both by their metadata."""
    lookups = [Lookup.about("acme", "3", {Field("email"): f"{name}@x.example"}) for name in ("ann", "bob")]
    said = Say.recording("people_data_labs", "shape_bulk_mixed")
    body = said.body.decode()
    for number, lookup in enumerate(lookups):
        body = body.replace(f'"row": {number + 1}', f'"row": "{lookup.key[:16]}"')
    text = LISTED.replace("body.data.name", "body.data.full_name")
    with Loopback(Say(said.status, said.headers, body.encode())) as server:
        found, missed = asyncio.run(provider(text, server.url).look_up_many(lookups))
    assert isinstance(found, Found) and found.values == {"full_name": "ann example"}
    assert missed == NotFound("nobody", 0)  # type: ignore[arg-type]


ZEROBOUNCE = f"""{HEAD}
[[op]]
id = "verify"
needs = ["email"]
gives = ["email_kind"]
request = {{path = "/validate", query = {{email = "{{email}}"}}}}
extract = {{email_kind = "body.status"}}

[op.batch]
max = 200
request = {{method = "POST", path = "/validatebatch", json = {{email_batch = "{{each}}"}}}}
each = {{email_address = "{{email}}"}}
items = "body.email_batch"
key = "item.address"
input = "email"
rules = [{{when = "body.errors[0]", then = "quota", why = "bad key or no credit"}}]
"""


@pytest.mark.shared
@needs_shared
def test_zerobounce_batch() -> None:
    """Answers by address; an error inside a 200 is one, and so is an answer without a list."""
    emails = ("invalid@example.com", "valid@example.com")
    with Loopback(Say.recording("zerobounce", "batch_validate_batch_valid")) as server:
        answers = asks(provider(ZEROBOUNCE, server.url), "email", *emails)
    assert [dict(one.values) for one in answers if isinstance(one, Found)] == [
        {"email_kind": "invalid"},
        {"email_kind": "valid"},
    ]
    for case, kind in [
        ("batch_response_contains_errors", ProviderUnusable),
        ("batch_validate_batch_handles_missing_email_bat", LookupFailed),
    ]:
        with Loopback(Say.recording("zerobounce", case)) as server, pytest.raises(kind):
            asks(provider(ZEROBOUNCE, server.url), "email", *emails)


@pytest.mark.shared
@needs_shared
def test_gleif_batch() -> None:
    """GLEIF's filter of several LEIs: each record finds its row, one that is not there is a miss."""
    text = JOINED.replace("body.data.name", "body.data.attributes.entity.legalName.name")
    with Loopback(Say.recording("gleif", "lei_records_multi_paginated")) as server:
        answers = asks(provider(text, server.url), "lei", "NOBODY00000000000000", "254900LNRYNOQ9YPU758")
    assert isinstance(answers[0], NotFound)
    assert isinstance(answers[1], Found) and answers[1].values["lei"] == "254900LNRYNOQ9YPU758"  # type: ignore[index]
