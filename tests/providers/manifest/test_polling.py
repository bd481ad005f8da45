"""Answers that come later: submitted once, asked for until they are there, and never paid twice."""

from __future__ import annotations

import asyncio

import pytest

from glaze_cli.errors import LookupFailed, ProviderError, ProviderUnusable, Throttled
from glaze_cli.model import Answer, Field, Found, Lookup, NotFound, Submitted
from glaze_cli.providers.manifest.provider import ManifestProvider
from tests.loopback import SHARED, Loopback, Say
from tests.providers.manifest.example import HEAD, ask, fails, provider

JOBS = f"""{HEAD}
[[op]]
id = "enrich"
needs = ["domain"]
gives = ["industry"]
request = {{method = "POST", path = "/jobs", json = {{domain = "{{domain}}"}}}}
rules = [{{when = "body.error == 'no credit'", then = "quota"}}]
extract = {{industry = "body.result.sector"}}
accept = {{equal = {{field = "domain", path = "body.result.domain"}}}}
cost = {{usd = "0.1", charge_on = ["hit"]}}
wait = ["headers.\\"retry-after\\"", "body.message"]

[op.poll]
handle = "body.id"
request = {{path = "/jobs/{{handle}}", query = {{for = "{{domain}}"}}}}
rules = [
    {{when = "status == `200` && body.success == `false`", then = "pending"}},
    {{when = "status == `400` && body.code == 'in_progress'", then = "pending"}},
    {{when = "status == `408`", then = "pending"}},
    {{when = "status == `404`", then = "refused", why = "it knows no such job"}},
    {{when = "body.state == 'none'", then = "miss", why = "nothing found"}},
]
every_s = 7
max_s = 120
"""

LOOKUP = Lookup.about("acme", "3", {Field("domain"): "a.example"})
DONE = Say.json({"result": {"domain": "a.example", "sector": "Tools"}})


def collect(service: ManifestProvider, handle: str = "j1") -> Answer | Submitted:
    """What comes of asking once."""
    return asyncio.run(service.collect(LOOKUP, handle))


@pytest.mark.parametrize(
    ("said", "submitted"),
    [
        (Say.json({"id": "j1"}), Submitted("j1", 7.0)),
        (Say.json({"id": "j1"}, 202), Submitted("j1", 7.0)),  # taken, not done: what else
        (Say.json({"id": 77}, 201, retry_after="30"), Submitted("77", 30.0)),
        (Say.json({"id": "a/../b?c=1 #"}), Submitted("a/../b?c=1 #", 7.0)),
    ],
)
def test_a_question_is_submitted(said: Say, submitted: Submitted) -> None:
    """The job's name comes back, and when to ask: the service's hint, or what the manifest says."""
    with Loopback(said) as server:
        service = provider(JOBS, server.url)
        assert ask(service, domain="a.example") == submitted
    assert (server.seen[0].method, server.seen[0].json) == ("POST", {"domain": "a.example"})
    assert (service.patience_s, service.price(LOOKUP)) == (120.0, 100_000)


@pytest.mark.parametrize(
    ("said", "kind", "reason"),
    [
        (Say.json({"error": "no credit"}), ProviderUnusable, "quota"),
        (Say.json({}, 400), LookupFailed, "bad_input"),
        (Say.json({}, 429), Throttled, "throttled"),
        (Say.json({}), LookupFailed, "unknown_outcome"),  # taken, perhaps billed, and nothing to ask by
        (Say.json({"id": " "}), LookupFailed, "unknown_outcome"),
        (Say.json({"id": ["j1"]}), LookupFailed, "unknown_outcome"),
        (Say.json({"id": True}), LookupFailed, "unknown_outcome"),
        (Say.json({"id": "a\nb"}), LookupFailed, "unknown_outcome"),
        (Say(cut=-1), LookupFailed, "unknown_outcome"),
    ],
)
def test_a_question_that_is_not_taken_is_an_error(said: Say, kind: type[ProviderError], reason: str) -> None:
    """The rules and the status say which; without a handle the answer can never be fetched."""
    with Loopback(said) as server:
        error = fails(provider(JOBS, server.url), domain="a.example")
    assert (type(error), error.reason) == (kind, reason)


@pytest.mark.parametrize(
    "said",
    [
        Say.json({}, 202),
        Say.json({"success": False}),
        Say.json({"code": "in_progress"}, 400),
        Say.json({}, 408),
    ],
)
def test_what_is_not_ready_is_submitted_again(said: Say) -> None:
    """Whatever status a service says it with."""
    with Loopback(said) as server:
        assert collect(provider(JOBS, server.url)) == Submitted("j1", 7.0)
    assert (server.seen[0].method, server.seen[0].target) == ("GET", "/jobs/j1?for=a.example")


def test_a_hint_says_when_to_ask_again() -> None:
    """In whatever dialect."""
    said = Say.json({"success": False, "message": "not ready, try again in 30 seconds"})
    with Loopback(said) as server:
        assert collect(provider(JOBS, server.url)) == Submitted("j1", 30.0)


def test_the_answer_is_read_as_any_other() -> None:
    """Values, accept rules, and the bill of what was submitted."""
    other = Say.json({"result": {"domain": "b.example", "sector": "Toys"}})
    with Loopback(DONE, Say.json({"state": "none"}), other) as server:

        async def go() -> list[Answer | Submitted]:
            service = provider(JOBS, server.url)
            return [await service.collect(LOOKUP, "j1") for _ in range(3)]

        found, none, about_others = asyncio.run(go())
    assert found == Found({Field("industry"): "Tools"}, cost=100_000)  # type: ignore[arg-type]
    assert none == NotFound("nothing found", 0)  # type: ignore[arg-type]
    assert about_others == NotFound("the answer is about others", 100_000)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "kind", "reason"),
    [
        (Say.json({}, 400), LookupFailed, "bad_input"),  # 400 without the word is what it is
        (Say.json({}, 404), LookupFailed, "provider_error"),
        (Say.json({}, 401), ProviderUnusable, "auth"),
        (Say.json({}, 429), Throttled, "throttled"),
        (Say.json({}, 502), Throttled, "unreachable"),  # asking costs nothing: simply again
        (Say(cut=-1), Throttled, "unreachable"),
        (Say.html_as_json(), Throttled, "provider_error"),  # it is paid for: perhaps it can be read later
    ],
)
def test_a_poll_that_breaks_is_an_error_of_its_kind(
    said: Say, kind: type[ProviderError], reason: str
) -> None:
    """And none of them takes the call for one that is paid again."""
    with Loopback(said) as server, pytest.raises(ProviderError) as caught:
        collect(provider(JOBS, server.url))
    assert (type(caught.value), caught.value.reason) == (kind, reason)


@pytest.mark.parametrize(
    "handle", ["../../admin", "x?y=1", "x#y", "//evil.example/", "@evil", "%2e%2e", "é ß"]
)
def test_a_handle_cannot_change_host_or_path(handle: str) -> None:
    """What the service calls its job is one segment of the path, whatever it holds."""
    with Loopback(DONE) as server:
        assert isinstance(collect(provider(JOBS, server.url), handle), Found)
    (seen,) = server.seen
    assert seen.path.startswith("/jobs/") and seen.path.count("/") == 2
    assert seen.query == {"for": "a.example"}


@pytest.mark.parametrize("handle", ["..", "."])
def test_a_handle_of_dots_is_not_asked_for(handle: str) -> None:
    """It would climb up the path."""
    with Loopback(DONE) as server, pytest.raises(LookupFailed):
        collect(provider(JOBS, server.url), handle)
    assert server.seen == []


def test_without_poll_nothing_is_collected() -> None:
    """A manifest whose answers come at once has nothing to collect; `pending` means: ask again."""
    text = JOBS.partition("[op.poll]")[0]
    with Loopback(Say.json({}, 202)) as server:
        assert isinstance(fails(provider(text, server.url), domain="a.example"), Throttled)
        with pytest.raises(LookupFailed):
            collect(provider(text, server.url))
    assert provider(text).patience_s == 0


# ── recordings ────────────────────────────────────────────────────────────────────────────────────

needs_shared = pytest.mark.skipif(not (SHARED / "recordings").is_dir(), reason="needs ../shared/recordings")

SERVICES = {
    "dropcontact": (
        "body.request_id",
        """{when = "status == `200` && body.success == `false`", then = "pending"}""",
        "body.data[0].email[0].email",
    ),
    "fullenrich": (
        "body.enrichment_id",
        """{when = "body.code == 'error.enrichment.in_progress'", then = "pending"}""",
        "body.data[0].contact_info.most_probable_work_email.email",
    ),
    "parallel": ("body.run_id", """{when = "status == `408`", then = "pending"}""", "body.run.run_id"),
    "snov": (
        "split(body.links.result, 'task_hash=')[1]",
        """{when = "body.status == 'in_progress'", then = "pending"}""",
        "body.data[0].result[0].email",
    ),
}


def service_of(name: str, url: str) -> ManifestProvider:
    """A manifest for one of the recorded services."""
    handle, rule, path = SERVICES[name]
    text = f"""{HEAD}
[[op]]
id = "enrich"
needs = ["domain"]
gives = ["email"]
request = {{method = "POST", path = "/submit", json = {{domain = "{{domain}}"}}}}
extract = {{email = "{path}"}}
wait = ["body.reason", "body.message"]

[op.poll]
handle = "{handle}"
request = {{path = "/result", query = {{id = "{{handle}}"}}}}
rules = [{rule}]
"""
    return provider(text, url)


@pytest.mark.shared
@needs_shared
@pytest.mark.parametrize(
    ("name", "case", "end"),
    [
        ("dropcontact", "shape_1_submit_200", Submitted("synthetic", 5.0)),
        ("snov", "shape_1_start_202_like", Submitted("synthetic", 5.0)),
        ("dropcontact", "shape_403_credits", ProviderUnusable),
    ],
)
def test_recorded_submissions(name: str, case: str, end: object) -> None:
    """Each gives its job's name, or says why not."""
    with Loopback(Say.recording(name, case)) as server:
        if isinstance(end, Submitted):
            assert ask(service_of(name, server.url), domain="a.example") == end
        else:
            assert type(fails(service_of(name, server.url), domain="a.example")) is end


@pytest.mark.shared
@needs_shared
@pytest.mark.parametrize(
    ("name", "case", "end"),
    [
        ("dropcontact", "shape_2_poll_200_not_ready", Submitted("j1", 30.0)),
        ("dropcontact", "shape_3_poll_200_done", "a.b@example.com"),
        ("fullenrich", "bulk_poll_400_inprogress", Submitted("j1", 30.0)),
        ("fullenrich", "bulk_poll_200", "john.snow@example.com"),
        ("fullenrich", "bulk_poll_401_unknownapikey", ProviderUnusable),
        ("fullenrich", "bulk_poll_404_enrichmentnotfound", LookupFailed),
        ("fullenrich", "bulk_poll_429_ratelimitexceeded", Throttled),
        ("parallel", "shape_result_timeout_408", Submitted("j1", 5.0)),
        ("parallel", "task_run_2_result_json_with_basis", "trun_971d6bf9cb7b477bb239fe54e4c38d55"),
        ("snov", "shape_2_result_in_progress", Submitted("j1", 5.0)),
        ("snov", "shape_3_result_done", "a.b@example.com"),
    ],
)
def test_recorded_polls(name: str, case: str, end: object) -> None:
    """Not ready with a 200, a 400 and a 408; ready; refused."""
    with Loopback(Say.recording(name, case)) as server:
        service = service_of(name, server.url)
        if isinstance(end, type):
            with pytest.raises(ProviderError) as caught:
                collect(service)
            assert type(caught.value) is end
        else:
            answer = collect(service)
            assert (dict(answer.values)["email"] if isinstance(answer, Found) else answer) == end  # type: ignore[call-overload]
