"""Many rows in one call: each answer finds its row by what the service repeats, never by its place."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from glaze_cli.errors import LookupFailed, ProviderError, ProviderUnusable, Throttled
from glaze_cli.model import Answer, Field, Found, Lookup, NotFound
from glaze_cli.providers.manifest.provider import ManifestProvider
from tests.loopback import Loopback, Say, Seen
from tests.providers.manifest.example import HEAD, ask, provider

# One field's values joined in the address, as GLEIF and OpenAlex have it.
JOINED = f"""{HEAD}
[[op]]
id = "by_lei"
needs = ["lei"]
gives = ["lei", "legal_name"]
request = {{path = "/records/{{lei}}"}}
extract = {{lei = "body.data.id", legal_name = "body.data.name"}}
accept = {{equal = {{field = "lei", path = "lei"}}}}
rules = [{{when = "body.data.withdrawn", then = "miss", why = "withdrawn"}}]
cost = {{usd = "0.01"}}
idempotency_header = "Idempotency-Key"

[op.batch]
max = 3
request = {{path = "/records", query = {{"filter[lei]" = "{{lei}}", size = 3}}}}
items = "body.data[].{{data: @}}"
key = "item.data.id"
input = "lei"
join = ","
missing = "miss"
rules = [{{when = "status == `404`", then = "miss"}}]
"""

# A list in the body, with a mark of our own that is repeated, as People Data Labs has it.
LISTED = f"""{HEAD}
[[op]]
id = "by_email"
needs = ["email"]
gives = ["full_name"]
request = {{path = "/person", query = {{email = "{{email}}"}}}}
extract = {{full_name = "body.data.name"}}
rules = [
    {{when = "status == `404`", then = "miss", why = "nobody"}},
    {{when = "status == `402`", then = "quota"}},
]
confidence = {{path = "body.likelihood", scale = 10}}
cost = {{usd = "0.1", error = "0.02"}}

[op.batch]
max = 100
request = {{method = "POST", path = "/person/bulk", json = {{pretty = false, requests = "{{each}}"}}}}
each = {{params = {{email = ["{{email}}"]}}, metadata = {{row = "{{key}}"}}}}
items = "body"
key = "item.metadata.row"
status = "item.status"
"""


def asks(service: ManifestProvider, name: str, *values: str) -> Sequence[Answer | LookupFailed]:
    """The answers about rows with these values, from one call."""
    lookups = [Lookup.about("acme", "3", {Field(name): value}) for value in values]
    return asyncio.run(service.look_up_many(lookups))


def record(lei: str, name: str, **more: object) -> dict[str, object]:
    """One record of the joined kind."""
    return {"id": lei, "name": name, **more}


def values(answers: Sequence[Answer | LookupFailed]) -> list[Any]:
    """The names found; None for a miss, the reason of a failure."""
    return [
        one.values.get(Field("legal_name")) or one.values.get(Field("full_name"))
        if isinstance(one, Found)
        else None
        if isinstance(one, NotFound)
        else one.reason
        for one in answers
    ]


# ── values joined in the address ──────────────────────────────────────────────────────────────────


def test_one_call_answers_all_in_any_order() -> None:
    """Answers in another order, one twice, one that nobody asked for: each row gets its own."""
    data = [
        record("C", "Cee"),
        record("X", "Wrong"),
        record("A", "Ay"),
        record("C", "Cee"),
        record("b", "Bee"),
    ]
    with Loopback(Say.json({"data": data})) as server:
        service = provider(JOINED, server.url)
        answers = asks(service, "lei", "A", "B", "C")
    assert values(answers) == ["Ay", "Bee", "Cee"]
    assert [one.cost for one in answers] == [10_000, 10_000, 10_000]
    (seen,) = server.seen
    assert seen.target == "/records?filter%5Blei%5D=A%2CB%2CC&size=3"
    assert service.batch_of(Lookup.about("acme", "3", {Field("lei"): "A"})) == 3


def test_alone_a_row_is_asked_alone() -> None:
    """The operation's own request stays for one lookup."""
    with Loopback(Say.json({"data": record("A", "Ay")})) as server:
        assert isinstance(ask(provider(JOINED, server.url), lei="A"), Found)
    assert server.seen[0].target == "/records/A"


@pytest.mark.parametrize(
    ("missing", "outcome"),
    [("miss", NotFound("the answer leaves it out", 0)), ("error", "provider_error")],  # type: ignore[arg-type]
)
def test_a_row_that_is_left_out(missing: str, outcome: object) -> None:
    """Not found only where the manifest says that this is what it means."""
    with Loopback(Say.json({"data": [record("A", "Ay")]})) as server:
        text = JOINED.replace('"miss"\nrules', f'"{missing}"\nrules')
        found, left = asks(provider(text, server.url), "lei", "A", "B")
    assert isinstance(found, Found)
    assert (left if isinstance(left, NotFound) else left.reason) == outcome  # type: ignore[union-attr]


def test_the_operations_rules_are_about_each_item() -> None:
    """An item is read as the answer about its row alone would be: rules, accept, values."""
    data = [record("A", "Ay", withdrawn=True), record("B", ""), record("C", "Cee")]
    with Loopback(Say.json({"data": data})) as server:
        withdrawn, unnamed, found = asks(provider(JOINED, server.url), "lei", "A", "B", "C")
    assert withdrawn == NotFound("withdrawn", 0)  # type: ignore[arg-type]
    assert isinstance(unnamed, Found) and dict(unnamed.values) == {"lei": "B"}
    assert isinstance(found, Found)


def test_different_answers_about_one_row_are_none() -> None:
    """Which is right, nobody knows."""
    with Loopback(Say.json({"data": [record("A", "One"), record("A", "Other")]})) as server:
        (answer,) = asks(provider(JOINED, server.url), "lei", "A")
    assert answer == NotFound("2 different answers", 10_000)  # type: ignore[arg-type]


def test_a_value_that_looks_like_two_is_not_asked() -> None:
    """A separator in a cell would ask about another row: that cell fails, the others are asked."""
    with Loopback(Say.json({"data": [record("A", "Ay"), record("B", "Bee"), record("Z", "Zed")]})) as server:
        answers = asks(provider(JOINED, server.url), "lei", "A", "B,Z")
        assert values(answers) == ["Ay", "bad_input"]
        assert values(asks(provider(JOINED, server.url), "lei", "A,B")) == ["bad_input"]
    assert [seen.query["filter[lei]"] for seen in server.seen] == ["A"]


def test_a_batch_sent_again_carries_the_same_key() -> None:
    """The service can tell a repeated batch from a new one."""
    with Loopback(Say.json({"data": []})) as server:
        service = provider(JOINED, server.url)

        async def go() -> None:
            for names in ("AB", "AB", "AC"):
                lookups = [Lookup.about("acme", "3", {Field("lei"): name}) for name in names]
                await service.look_up_many(lookups)

        asyncio.run(go())
    first, again, other = (seen.headers["idempotency-key"] for seen in server.seen)
    assert first == again != other


@pytest.mark.parametrize(
    ("said", "kind", "reason"),
    [
        (Say.json({}, 401), ProviderUnusable, "auth"),
        (Say.json({}, 429), Throttled, "throttled"),
        (Say.json({}, 400), LookupFailed, "bad_input"),
        (Say.json({}, 500), Throttled, "provider_error"),
        (Say.html_as_json(), LookupFailed, "unknown_outcome"),
        (Say.json({}), LookupFailed, "unknown_outcome"),  # no list: an error inside a 200, not a miss
        (Say.json({"data": "none"}), LookupFailed, "unknown_outcome"),
        (Say(cut=-1), Throttled, "unknown_outcome"),  # idempotent
    ],
)
def test_a_refused_batch_is_an_error_of_all(said: Say, kind: type[ProviderError], reason: str) -> None:
    """Nobody's answer came: raised once, as for a single call."""
    with Loopback(said) as server, pytest.raises(ProviderError) as caught:
        asks(provider(JOINED, server.url), "lei", "A", "B")
    assert (type(caught.value), caught.value.reason) == (kind, reason)


def test_a_batch_that_misses_as_a_whole() -> None:
    """Where a rule says so, all are not found."""
    with Loopback(Say.json({}, 404)) as server:
        assert values(asks(provider(JOINED, server.url), "lei", "A", "B")) == [None, None]


# ── a list in the body ────────────────────────────────────────────────────────────────────────────


def echo(seen: Seen) -> Say:
    """Answers in reverse, each with the mark it was sent."""
    items = []
    for asked in reversed(seen.json["requests"]):
        (email,) = asked["params"]["email"]
        item: dict[str, Any] = {"status": 200, "metadata": asked["metadata"]}
        match email:
            case "nobody@x.example":
                item |= {"status": 404, "error": {"type": "not_found"}}
            case "late@x.example":
                item |= {"status": 402}
            case "busy@x.example":
                item |= {"status": 429}
            case "odd@x.example":
                item |= {"status": 400}
            case "lost@x.example":
                continue
            case _:
                item |= {"likelihood": 8, "data": {"name": email.partition("@")[0]}}
        items.append(item)
    return Say.json(items)


def test_rows_are_marked_and_answers_bring_the_mark_back() -> None:
    """Each item has its own outcome; one row's trouble is not the others', nor the provider's end."""
    names = ("ann", "nobody", "late", "busy", "odd", "lost", "bob")
    with Loopback(echo) as server:
        answers = asks(provider(LISTED, server.url), "email", *(f"{name}@x.example" for name in names))
    assert values(answers) == ["ann", None, "quota", "throttled", "bad_input", "provider_error", "bob"]
    assert isinstance(answers[0], Found) and answers[0].confidence == 0.8
    assert [one.cost for one in answers] == [100_000, 0, 20_000, 20_000, 20_000, 20_000, 100_000]
    (seen,) = server.seen
    assert (seen.method, seen.path, seen.json["pretty"]) == ("POST", "/person/bulk", False)
    marks = {asked["metadata"]["row"] for asked in seen.json["requests"]}
    assert len(marks) == len(names)


def test_a_cell_cannot_change_the_body() -> None:
    """Quotes, braces and names of placeholders in a cell are text inside its text."""
    hostile = ['a", "x": "', "{key}", "{each}", "{email}"]
    with Loopback(echo) as server:
        asks(provider(LISTED, server.url), "email", *hostile)
    sent = server.seen[0].json
    assert [asked["params"]["email"] for asked in sent["requests"]] == [[text] for text in hostile]
    assert set(sent) == {"pretty", "requests"}
    assert all(set(asked) == {"params", "metadata"} for asked in sent["requests"])


def test_a_plain_list_answered_by_the_value_itself() -> None:
    """A list of texts; an item repeats the address it is about, perhaps in another case."""
    text = LISTED.replace(
        'each = {params = {email = ["{email}"]}, metadata = {row = "{key}"}}', 'each = "{email}"'
    )
    text = text.replace('key = "item.metadata.row"', 'key = "item.address"\ninput = "email"')

    def answer(seen: Seen) -> Say:
        assert seen.json["requests"] == ["ann@x.example", "bob@x.example"]
        return Say.json([{"address": "BOB@x.example ", "data": {"name": "Bob"}, "likelihood": 5}])

    with Loopback(answer) as server:
        answers = asks(provider(text, server.url), "email", "ann@x.example", "bob@x.example")
    assert values(answers) == ["provider_error", "Bob"]


@pytest.mark.parametrize(
    ("cost", "spent", "bills"),
    [
        ('usd = "0.1"', "7", [100_000, 0, 100_000]),
        # the header tells what the whole call was billed: those who are billed share it
        ('usd = "0.1", actual = "headers.spent", unit_usd = "0.1"', "2", [100_000, 0, 100_000]),
        ('usd = "0.1", actual = "headers.spent", unit_usd = "0.000001"', "3", [2, 0, 1]),
        ('usd = "0.1", actual = "headers.spent", charge_on = ["hit", "miss"]', "3", [1_000_000] * 3),
        ('usd = "0.1", actual = "headers.spent"', "lots", [100_000, 0, 100_000]),
        # each item tells its own
        ('usd = "0.1", actual = "body.likelihood", unit_usd = "0.001"', "7", [8_000, 0, 8_000]),
    ],
)
def test_a_batch_is_billed_row_by_row(cost: str, spent: str, bills: list[int]) -> None:
    """What the rows are billed adds up to what the call was."""

    def answer(seen: Seen) -> Say:
        said = echo(seen)
        return Say(said.status, {**said.headers, "spent": spent}, said.body)

    text = LISTED.replace('usd = "0.1", error = "0.02"', cost)
    with Loopback(answer) as server:
        answers = asks(provider(text, server.url), "email", "a@x.example", "nobody@x.example", "b@x.example")
    assert [one.cost for one in answers] == bills


# ── what the caller must not do ───────────────────────────────────────────────────────────────────


def test_lookups_that_cannot_share_a_call_are_a_defect() -> None:
    """Of two operations, or too many: ValueError, and nothing is asked."""
    both = JOINED + LISTED[len(HEAD) :]
    with Loopback(Say.json([])) as server:
        service = provider(both, server.url)
        mixed = [Lookup.about("acme", "3", {Field(name): "x"}) for name in ("lei", "email")]
        with pytest.raises(ValueError, match="cannot share a call"):
            asyncio.run(service.look_up_many(mixed))
        with pytest.raises(ValueError, match="more than acme takes"):
            asks(service, "lei", *"ABCD")
    assert server.seen == []


def test_an_operation_without_a_bulk_endpoint_is_asked_one_by_one() -> None:
    """And says so."""
    single = """
[[op]]
id = "by_domain"
needs = ["domain"]
gives = ["full_name"]
request = {path = "/d/{domain}"}
extract = {full_name = "body.name"}
"""
    with Loopback(Say.json({"name": "Ann"}), Say.json({}, 400), Say.json({"name": "Bob"})) as server:
        service = provider(JOINED + single, server.url)
        answers = asks(service, "domain", "a.example", "b.example", "c.example")
        assert service.batch_of(Lookup.about("acme", "3", {Field("domain"): "a.example"})) == 1
    assert values(answers) == ["Ann", "bad_input", "Bob"]
