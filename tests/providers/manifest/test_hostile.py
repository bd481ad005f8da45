"""Answers of two megabytes that were made to stop us do not."""

from __future__ import annotations

import json
import time

import httpx
import pytest

from glaze_cli.errors import LookupFailed, ProviderError
from tests.providers.manifest.example import HEAD, ask, provider

BUSY = (
    HEAD
    + """
[[op]]
id = "search"
needs = ["company"]
gives = ["legal_name", "website"]
request = {path = "/x"}
rules = [
    {when = "contains(to_string(body), 'quota')", then = "quota"},
    {when = "max_by(body.data, &score).score > `100`", then = "refused"},
    {when = "body.data[?name == body.name] && sort_by(body.data, &name)[0].stop", then = "stop"},
]
items = "body.data || body"
extract = {legal_name = "first(item.names) || item.name || item", website = "host(item.site || item)"}
accept = {similarity = {field = "company", path = "[legal_name, item.names, item.more][]", min = 0.9}}
wait = ["body.wait", "text"]
"""
)

MEGABYTES = 2_000_000

BODIES = {
    "a deep list": "[" * 900 + "]" * 900,
    "deeper than anything": "[" * 1_000_000 + "]" * 1_000_000,
    "deep objects": '{"data":' * 900 + "1" + "}" * 900,
    "a list of a million": "[" + "1," * 999_999 + "1]",
    "candidates without end": json.dumps({"data": [{"name": "Acne", "names": ["Acme"]}] * 50_000}),
    "names without end": json.dumps({"data": [{"names": ["Acmf Tools"] * 140_000}]}),
    "one endless name": json.dumps({"data": [{"name": "acme " * 390_000}]}),
    "many words": json.dumps({"data": [{"name": " ".join(f"acm{n}" for n in range(60))}] * 5_000}),
    "a number of a million digits": '{"data": ' + "9" * MEGABYTES + "}",
    "keys without end": json.dumps({str(number): number for number in range(120_000)}),
    "a wait without end": json.dumps({"wait": "in 1" * 400_000}),
    "blanks": " " * MEGABYTES,
    "quotes": '"' * MEGABYTES,
}


@pytest.mark.parametrize("status", [200, 429])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_no_body_hangs_the_engine(body: str, status: int) -> None:
    """Each ends in seconds, in an answer or an error of ours."""
    assert len(body) <= MEGABYTES + 100

    def network(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, content=body.encode())

    service = provider(BUSY, transport=httpx.MockTransport(network))
    began = time.perf_counter()
    try:
        ask(service, company="Acme Tools and Other Things of Every Kind for Everybody")
    except ProviderError as error:
        assert not isinstance(error, LookupFailed) or error.reason != "defect"
    assert time.perf_counter() - began < 5
