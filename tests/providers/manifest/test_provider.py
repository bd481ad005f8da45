"""A provider made of a manifest, against a server on loopback that answers well, badly and not at all."""

from __future__ import annotations

import json

import httpx
import pytest

from glaze_cli.errors import LookupFailed, ProviderError, ProviderUnusable, Throttled
from glaze_cli.model import Field, Found, Lookup, Micros, NotFound, Tier
from tests.loopback import Loopback, Say, dead_url
from tests.providers.manifest.example import HEAD, OP, ask, fails, provider

KEY = "s3cr3t-k3y"
PAID = HEAD + OP + 'cost = {usd = "0.02"}\n'
FREE = HEAD + OP


def test_a_manifest_is_a_provider() -> None:
    """Name, version, tier, fields and price are what the manifest says."""
    service = provider(PAID)
    assert (service.name, service.version, service.tier) == ("acme", "3", Tier.CHEAP)
    assert (service.local, service.on_request) == (False, False)
    assert service.needs == (frozenset({"company"}),)
    assert service.gives == {"website", "employee_count"}
    assert service.price(Lookup.about("acme", "3", {Field("company"): "x"})) == 20_000


def test_an_answer_fills_every_field_it_holds() -> None:
    """One call, all its fields, and what it was billed."""
    with Loopback(Say.json({"site": " acme.example ", "people": 12})) as server:
        answer = ask(provider(PAID, server.url), company="Acme & Söhne")
    assert answer == Found(
        {Field("website"): "acme.example", Field("employee_count"): 12}, cost=Micros(20_000)
    )
    assert server.seen[0].target == "/companies/Acme%20%26%20S%C3%B6hne"


def test_a_field_it_does_not_know_is_absent() -> None:
    """Null, blank and odd values fill nothing, and take nothing from the others."""
    with Loopback(Say.json({"site": "acme.example", "people": None})) as server:
        answer = ask(provider(FREE, server.url), company="Acme")
    assert isinstance(answer, Found)
    assert answer.values == {"website": "acme.example"}


def test_an_answer_without_values_is_a_miss() -> None:
    """A hit with nothing extracted is not found, and billed as a miss."""
    with Loopback(Say.json({"site": "", "people": {}})) as server:
        answer = ask(provider(PAID, server.url), company="Acme")
    assert answer == NotFound("the answer holds no value", Micros(0))


# ── failures are never misses, and never values ───────────────────────────────────────────────────

SWEEPING = OP + """rules = [{when = "!(body.site)", then = "miss"}]\n"""  # an author who forgot the status


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        (Say.json({}, 500), Throttled, "provider_error"),
        (Say.json({}, 503), Throttled, "provider_error"),
        (Say.json({}, 429), Throttled, "throttled"),
        (Say.json({}, 401), ProviderUnusable, "auth"),
        (Say.json({}, 403), ProviderUnusable, "auth"),
        (Say.json({}, 402), ProviderUnusable, "quota"),
        (Say.json({}, 400), LookupFailed, "bad_input"),
        (Say.json({}, 404), LookupFailed, "provider_error"),  # no rule says that it is a miss
        (Say.json({}, 302), LookupFailed, "provider_error"),  # a redirect to nowhere
        (Say.json({}, 202), Throttled, "timeout"),  # not ready yet
        (Say.json({}, 502), Throttled, "unreachable"),  # free: simply again
        (Say.html_as_json(), LookupFailed, "provider_error"),
        (Say.html_as_json(503), Throttled, "provider_error"),
        (Say(body=b'{"site": "acme.exa'), LookupFailed, "provider_error"),  # cut, yet complete to HTTP
        (Say(body=b"\xff\xfe\x00{"), LookupFailed, "provider_error"),
        (Say(body=b"[" * 100_000), LookupFailed, "provider_error"),
        (Say(), LookupFailed, "provider_error"),
        (Say(cut=-1), Throttled, "unreachable"),
        (Say.gzip_bomb(10), LookupFailed, "provider_error"),
    ],
)
@pytest.mark.parametrize("manifest", [FREE, HEAD + SWEEPING], ids=["no rules", "a sweeping rule"])
def test_every_bad_answer_is_an_error_of_its_kind(
    manifest: str, answer: Say, kind: type[ProviderError], reason: str
) -> None:
    """Broken servers end in the right error, even with a rule that calls every empty body a miss."""
    with Loopback(answer) as server:
        error = fails(provider(manifest, server.url), company="Acme")
    assert (type(error), error.reason) == (kind, reason)
    assert error.cost == 0


def test_a_killed_network_is_unreachable() -> None:
    """Nobody listens: nothing was sent, so it is tried again."""
    error = fails(provider(PAID, dead_url()), company="Acme")
    assert (type(error), error.reason) == (Throttled, "unreachable")


@pytest.mark.parametrize(
    "answer", [Say.json({}, 502), Say.json({}, 504), Say(cut=-1), Say.html_as_json(), Say.gzip_bomb(10)]
)
@pytest.mark.parametrize(
    ("terms", "kind"),
    [
        ("", LookupFailed),
        ("idempotent = true", Throttled),
        ('idempotency_header = "Idempotency-Key"', Throttled),
    ],
)
def test_a_paid_call_with_a_lost_answer_is_unknown(
    answer: Say, terms: str, kind: type[ProviderError]
) -> None:
    """It may have been billed; only a manifest that calls it idempotent lets it be sent again."""
    with Loopback(answer) as server:
        error = fails(provider(PAID + terms, server.url), company="Acme")
    arrived = (
        answer.status == 200 and answer.cut is None
    )  # an answer that cannot be read is not asked for again
    assert (type(error), error.reason) == (LookupFailed if arrived else kind, "unknown_outcome")
    assert len(server.seen) == 1


def test_a_call_whose_price_only_the_answer_tells_is_not_free() -> None:
    """Where the answer holds the bill, a lost answer may have been billed, whatever the price says."""
    with Loopback(Say(cut=-1)) as server:
        error = fails(
            provider(FREE + 'cost = {usd = "0", actual = "body.cost"}\n', server.url), company="Acme"
        )
    assert (type(error), error.reason) == (LookupFailed, "unknown_outcome")


def test_an_idempotent_call_carries_the_same_key_each_time() -> None:
    """The service can tell a repeated call from a new one."""
    text = PAID + 'idempotency_header = "Idempotency-Key"\n'
    with Loopback(Say.json({"site": "a.example"})) as server:
        for company in ("Acme", "Acme", "Other"):
            ask(provider(text, server.url), company=company)
    first, again, other = (seen.headers["idempotency-key"] for seen in server.seen)
    assert first == again != other


@pytest.mark.parametrize(
    ("then", "kind", "reason"),
    [
        ("quota", ProviderUnusable, "quota"),
        ("auth", ProviderUnusable, "auth"),
        ("config", ProviderUnusable, "config"),
        ("bad_input", LookupFailed, "bad_input"),
        ("truncated", LookupFailed, "provider_error"),
        ("refused", LookupFailed, "provider_error"),
        ("stop", LookupFailed, "opted_out"),
        ("pending", Throttled, "timeout"),
        ("retry", Throttled, "provider_error"),
        ("lost", LookupFailed, "unknown_outcome"),
    ],
)
def test_an_error_inside_a_200_is_what_the_rule_says(
    then: str, kind: type[ProviderError], reason: str
) -> None:
    """The status is not the outcome."""
    rule = f"""rules = [{{when = "body.error", then = "{then}", why = "so they say"}}]\n"""
    with Loopback(Say.json({"error": "E7", "site": "wrong.example"})) as server:
        error = fails(provider(PAID + rule, server.url), company="Acme")
    assert (type(error), error.reason) == (kind, reason)
    assert then == "lost" or "so they say" in str(error)


def test_the_servers_wait_is_passed_on() -> None:
    """A hint becomes `retry_after`; the manifest may say where it stands and what it counts."""
    text = FREE + 'wait = [{path = "body.ms", unit = "ms"}, "body.at"]\n'
    answers = [
        Say.json({}, 429, retry_after="7"),
        Say.json({"ms": 1500}, 429),
        Say.json({"at": 1e9 + 60}, 429),
    ]
    with Loopback(*answers) as server:
        usual = fails(provider(FREE, server.url), company="Acme")
        own = [fails(provider(text, server.url, now=lambda: 1e9), company="Acme") for _ in range(2)]
    assert [error.retry_after for error in (usual, *own) if isinstance(error, Throttled)] == [7.0, 1.5, 60.0]


# ── money ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("cost", "answer", "billed"),
    [
        ('usd = "0.02"', Say.json({"site": "a.example"}), 20_000),
        ('usd = "0.02"', Say.json({}), 0),
        ('usd = "0.02", charge_on = ["hit", "miss"]', Say.json({}), 20_000),
        ('usd = "0.02", charge_on = ["miss"]', Say.json({"site": "a.example"}), 0),
        # the service's own figure, here credits of a tenth of a cent
        (
            'usd = "1", actual = "headers.spent", unit_usd = "0.001"',
            Say.json({"site": "a.example"}, spent="3"),
            3_000,
        ),
        ('usd = "1", actual = "headers.spent"', Say.json({"site": "a.example"}, spent="lots"), 1_000_000),
        # a price of its own for each outcome
        ('hit = "0.02", miss = "0.005"', Say.json({"site": "a.example"}), 20_000),
        ('hit = "0.02", miss = "0.005"', Say.json({}), 5_000),
        ('usd = "0.02", miss = "0.005"', Say.json({"site": "a.example"}), 20_000),
        ('usd = "0.02", hit = "0"', Say.json({"site": "a.example"}), 0),
        ('usd = "1", actual = "body.cost"', Say.json({"site": "a.example", "cost": 0.0071}), 7_100),
        ('usd = "1", actual = "body.cost"', Say.json({"site": "a.example", "cost": -5}), 1_000_000),
    ],
)
def test_an_answer_is_billed_by_the_terms(cost: str, answer: Say, billed: int) -> None:
    """Fixed, by outcome, or what the answer says; nonsense in the answer does not count."""
    with Loopback(answer) as server:
        assert ask(provider(f"{FREE}cost = {{{cost}}}\n", server.url), company="Acme").cost == billed


@pytest.mark.parametrize(
    ("charge_on", "billed"),
    [
        ('["hit"]', 0),
        ('["hit"], actual = "headers.spent"', 0),  # a stray figure on an error page is no bill
        ('["hit", "error"]', 20_000),
        ('["hit", "error"], actual = "headers.spent", unit_usd = "0.001"', 3_000),
        ('["hit"], error = "0.004"', 4_000),
        ('["hit", "error"], error = "0"', 0),
        ('["hit"], error = "0.004", actual = "headers.spent", unit_usd = "0.001"', 3_000),
    ],
)
def test_an_error_is_billed_only_where_the_terms_say_so(charge_on: str, billed: int) -> None:
    """A definite 500 costs nothing, unless the service charges for it."""
    with Loopback(Say.json({}, 500, spent="3")) as server:
        error = fails(
            provider(f'{FREE}cost = {{usd = "0.02", charge_on = {charge_on}}}\n', server.url), company="A"
        )
    assert error.cost == billed


def test_the_dearest_outcome_is_reserved() -> None:
    """What a call costs at most is reserved, whichever outcome that is."""
    lookup = Lookup.about("acme", "3", {Field("company"): "x"})
    for cost, most in [
        ('usd = "0.02", hit = "0.03", miss = "0.005"', 30_000),
        ('hit = "0.001", error = "0.5"', 500_000),
        ('usd = "0", miss = "0"', 0),
    ]:
        assert provider(f"{FREE}cost = {{{cost}}}\n").price(lookup) == most


# ── keys ──────────────────────────────────────────────────────────────────────────────────────────

AUTHS = [
    ('kind = "query", name = "api_key"', lambda seen: seen.query["api_key"], KEY),
    ('kind = "header", name = "X-Key"', lambda seen: seen.headers["x-key"], KEY),
    (
        'kind = "header", name = "X-Key", prefix = "Token "',
        lambda seen: seen.headers["x-key"],
        f"Token {KEY}",
    ),
    ('kind = "bearer"', lambda seen: seen.headers["authorization"], f"Bearer {KEY}"),
    (
        'kind = "basic"',
        lambda seen: seen.headers["authorization"],
        "Basic czNjcjN0LWszeTo=",
    ),  # user, no password
]


def keyed(auth: str) -> str:
    """The manifest with a key."""
    return f'{HEAD}auth = {{{auth}, env = "ACME_API_KEY"}}\n{OP}'


@pytest.mark.parametrize(("auth", "where", "value"), AUTHS)
def test_a_key_is_sent_as_the_service_wants_it(auth: str, where: object, value: str) -> None:
    """Each kind puts the key where it belongs; blanks around a pasted key are not part of it."""
    with Loopback(Say.json({"site": "a.example"})) as server:
        ask(provider(keyed(auth), server.url, key=f" {KEY}\n"), company="Acme")
    assert callable(where)
    assert where(server.seen[0]) == value


def test_user_and_password_make_a_basic_key() -> None:
    """A key with a colon is both."""
    with Loopback(Say.json({"site": "a.example"})) as server:
        ask(provider(keyed('kind = "basic"'), server.url, key="sid:token"), company="Acme")
    assert server.seen[0].headers["authorization"] == "Basic c2lkOnRva2Vu"


@pytest.mark.parametrize("key", [None, "", "  ", "pasted\u00a0badly", "two\nlines"])
def test_a_missing_or_odd_key_is_said_before_any_call(key: str | None) -> None:
    """The provider is dropped with the variable's name; the key is not shown."""
    with Loopback(Say.json({})) as server:
        error = fails(provider(keyed('kind = "bearer"'), server.url, key=key), company="Acme")
    assert (type(error), error.reason) == (ProviderUnusable, "auth")
    assert "set ACME_API_KEY" in str(error)
    assert "pasted" not in str(error)
    assert server.seen == []


@pytest.mark.parametrize(("auth", "where", "value"), AUTHS)
@pytest.mark.parametrize("status", [400, 401, 403, 429, 500, 302])
def test_no_error_shows_the_key(auth: str, where: object, value: str, status: int) -> None:
    """A server that repeats the key in everything it says gets it into no sentence of ours."""
    echo = Say(
        status, {"x-echo": KEY, "location": f"https://evil.example/{KEY}"}, f'{{"error": "{KEY}"}}'.encode()
    )
    with Loopback(echo) as server:
        service = provider(keyed(auth), server.url, key=KEY)
        error = fails(service, company="Acme")
    assert KEY not in f"{error!s} {error!r} {error.__cause__!r} {service!r} {service.manifest!r}"


def test_a_key_that_is_not_needed_may_be_missing() -> None:
    """Without it the service is asked without; with it, it is sent; a broken one is still said."""
    text = keyed('kind = "bearer", optional = true')
    with Loopback(Say.json({"site": "a.example"})) as server:
        for key in (None, " ", KEY):
            service = provider(text, server.url, key=key)
            assert service.lacks == ""
            ask(service, company="Acme")
        assert isinstance(fails(provider(text, server.url, key="two\nlines"), company="A"), ProviderUnusable)
    assert [seen.headers.get("authorization") for seen in server.seen] == [None, None, f"Bearer {KEY}"]
    assert provider(keyed('kind = "bearer"')).lacks == "set ACME_API_KEY"


def test_a_refused_key_names_its_variable() -> None:
    """The user reads what to check."""
    with Loopback(Say.json({}, 401)) as server:
        error = fails(provider(keyed('kind = "bearer"'), server.url, key=KEY), company="Acme")
    assert str(error) == "acme: the key is missing or refused (status 401): check ACME_API_KEY"


# ── operations, requests, limits ──────────────────────────────────────────────────────────────────


def test_the_inputs_choose_the_operation() -> None:
    """A lookup goes to the first operation that its inputs satisfy, and costs that one's price."""
    other = """
[[op]]
id = "by_domain"
needs = ["domain"]
gives = ["legal_name"]
request = {method = "POST", path = "/lookup", json = {ask = {domain = "{domain}"}, max = 1}}
extract = {legal_name = "body.name"}
cost = {usd = "0.5"}
"""
    with Loopback(Say.json({"name": "Acme Ltd"})) as server:
        service = provider(PAID + other, server.url)
        answer = ask(service, domain='acme.example", "max": 9')
    assert isinstance(answer, Found)
    assert answer.values == {"legal_name": "Acme Ltd"}
    (seen,) = server.seen
    assert (seen.method, seen.path, seen.headers["content-type"]) == ("POST", "/lookup", "application/json")
    assert seen.json == {"ask": {"domain": 'acme.example", "max": 9'}, "max": 1}
    assert service.price(Lookup.about("acme", "3", {Field("domain"): "x"})) == 500_000
    assert service.needs == (frozenset({"company"}), frozenset({"domain"}))


@pytest.mark.parametrize(
    "cell",
    [
        "../../admin",
        "..",
        "a/../../b",
        "x?admin=1",
        "x#y",
        "//evil.example/",
        "@evil.example",
        "%2e%2e",
        "\\..\\",
        ".",
    ],
)
def test_a_cell_cannot_change_host_or_path(cell: str) -> None:
    """Whatever the cell holds stays one segment of the path, or is not sent at all."""
    asked: list[httpx.URL] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return httpx.Response(200, json={"site": "a.example"})

    service = provider(FREE, transport=httpx.MockTransport(answer))
    try:
        ask(service, company=cell)
    except LookupFailed as error:
        assert error.reason == "bad_input"
        assert cell in (".", "..")
    for url in asked:
        assert url.host == "api.acme.example"
        assert url.raw_path.startswith(b"/v1/companies/")
        assert url.raw_path.count(b"/") == 3
        assert not url.query


@pytest.mark.parametrize(
    ("expect", "body", "paths", "site"),
    [
        ("jsonl", '{"n": 1}\n\n{"n": 2, "s": "a.example"}\n', "body[?n==`2`] | [0].s", "a.example"),
        ("csv", 'name,site\r\n"Acme, Inc",a.example\r\n', "body[0].site", "a.example"),
        ("text", "a.example", "text", "a.example"),
        ("html", "<p>hello", "text", "<p>hello"),
        ("json", "\ufeff" + json.dumps({"s": "a.example"}), "body.s", "a.example"),
    ],
)
def test_bodies_are_read_as_promised(expect: str, body: str, paths: str, site: str) -> None:
    """JSON, JSON lines, CSV and text become values, whatever the content type claims."""
    text = HEAD + OP.replace('"body.site"', json.dumps(paths)) + f'expect = "{expect}"\n'
    with Loopback(Say(headers={"content-type": "x/y; charset=utf-8"}, body=body.encode())) as server:
        answer = ask(provider(text, server.url), company="Acme")
    assert isinstance(answer, Found)
    assert answer.values["website"] == site  # type: ignore[index]


@pytest.mark.parametrize("expect", ["json", "jsonl", "csv"])
def test_a_web_page_instead_of_data_is_a_failure(expect: str) -> None:
    """HTML where data was promised is read as nothing."""
    with Loopback(Say.html_as_json()) as server:
        error = fails(provider(f'{FREE}expect = "{expect}"\n', server.url), company="Acme")
    assert (type(error), error.reason) == (LookupFailed, "provider_error")
    assert "not what the service promises" in str(error)


def test_a_base_url_of_ones_own_must_be_plain() -> None:
    """An override that is no plain address is refused when the provider is made."""
    with pytest.raises(ValueError, match="http or https"):
        provider(FREE, "ftp://mirror.example")
