"""Every recorded answer of every service goes through the engine without breaking it."""

from __future__ import annotations

from collections import Counter

import httpx
import pytest

from glaze_cli.errors import ProviderError
from glaze_cli.model import Found
from tests.loopback import SHARED, Say
from tests.providers.manifest.example import HEAD, ask, provider

RECORDINGS = sorted((SHARED / "recordings").glob("*/*.json"))

CURIOUS = (
    HEAD
    + """
[[op]]
id = "anything"
needs = ["company"]
gives = ["website"]
request = {path = "/x"}
rules = [
    {when = "length(body.data) == `0`", then = "miss"},
    {when = "max_by(body.results, &score).score > `100`", then = "refused"},
    {when = "contains(body.error, 'quota')", then = "quota"},
]
extract = {website = "body.website || body.data.domain || body.results[0].url"}
wait = ["headers.\\"retry-after\\"", "headers.\\"x-ratelimit-reset\\"", "body.error.message", "text"]
"""
)


@pytest.mark.shared
@pytest.mark.skipif(not RECORDINGS, reason="needs ../shared/recordings")
@pytest.mark.parametrize("expect", ["json", "jsonl", "csv", "text"])
def test_no_recording_breaks_the_engine(expect: str) -> None:
    """Each ends in an answer or in one of the three errors, and what is no 2xx never in a value."""
    said = Say()

    def network(request: httpx.Request) -> httpx.Response:
        return httpx.Response(said.status, headers=dict(said.headers), content=said.body)

    service = provider(f'{CURIOUS}expect = "{expect}"\n', transport=httpx.MockTransport(network))
    ends: Counter[str] = Counter()
    for path in RECORDINGS:
        said = Say.recording(path.parent.name, path.stem)
        try:
            answer = ask(service, company="x")
        except ProviderError as error:
            ends[type(error).__name__] += 1
        else:
            assert said.status < 300 or not isinstance(answer, Found)
            ends[type(answer).__name__] += 1
    assert ends["ProviderUnusable"] and ends["Throttled"] and ends["LookupFailed"]
    assert ends["Found"] if expect == "json" else True
