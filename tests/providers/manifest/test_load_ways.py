"""Manifests with pages, batches, answers that come later, OAuth, and what a service says of itself."""

from __future__ import annotations

import pytest

from glaze_cli.errors import ManifestError
from glaze_cli.model import Keep
from glaze_cli.providers.manifest.load import load_manifest
from glaze_cli.providers.manifest.schema import AuthKind, ChargeOn, Client, Manifest, Missing, Outcome

WHOLE = """\
id = "ways"
title = "Ways"
docs = "https://ways.example/docs"
version = "1"
tier = "cheap"
base_url = "https://api.ways.example/v1"
self_hosted = true
contact = true

[auth]
kind = "oauth_client_credentials"
env = "WAYS_CLIENT"
token_url = "/oauth/token"
client = "body"
scope = "read"
optional = true

[terms]
license = "own"
note = "Tell people."

[price]
published = "$5 per 1,000 searches"
read = "2026-08"

[cache]
found = "90d"
not_found = "12h"

[check]
request = {path = "/me"}
expect = "json"
rules = [{when = "body.blocked", then = "auth"}]

[[op]]
id = "list"
needs = ["company"]
gives = ["website"]
request = {path = "/search", query = {q = "{company}"}}
items = "body.data"
extract = {website = "host(item.site)"}
cost = {hit = "0.02", miss = "0.005", error = "0"}
pages = {next = "body.next", max = 3}

[[op]]
id = "posted"
needs = ["phone"]
gives = ["website"]
request = {method = "POST", path = "/search", json = {q = "{phone}"}}
items = "body.data"
extract = {website = "item.site"}
pages = {cursor = "body.cursor", query = "cursor", max = 2}

[[op]]
id = "joined"
needs = ["lei"]
gives = ["legal_name"]
request = {path = "/records/{lei}"}
extract = {legal_name = "body.name"}

[op.batch]
max = 100
request = {path = "/records", query = {ids = "{lei}"}}
items = "body.data"
key = "item.id"
input = "lei"
join = ","
missing = "miss"
rules = [
    {when = "body.error", then = "quota"},
]

[[op]]
id = "listed"
needs = ["email"]
gives = ["full_name"]
request = {path = "/people/{email}"}
extract = {full_name = "body.data.name"}

[op.batch]
max = 50
request = {method = "POST", path = "/bulk", json = {requests = "{each}", pretty = false}}
each = {params = {email = ["{email}"]}, metadata = {row = "{key}"}}
items = "body"
key = "item.metadata.row"
status = "item.status"

[[op]]
id = "later"
needs = ["domain"]
gives = ["industry"]
request = {method = "POST", path = "/jobs", json = {domain = "{domain}"}}
extract = {industry = "body.sector"}

[op.poll]
handle = "body.id"
request = {path = "/jobs/{handle}"}
rules = [
    {when = "status == `400`", then = "pending"},
    {when = "body.state == 'gone'", then = "refused"},
]
every_s = 2
max_s = 60
"""


@pytest.fixture
def whole() -> Manifest:
    """It, read."""
    return load_manifest(WHOLE)


def test_what_a_service_says_of_itself_is_read(whole: Manifest) -> None:
    """Title, address of the docs, price and when it was read, how long answers hold, what it lacks."""
    about = whole.about
    assert (about.title, about.docs, about.terms) == ("Ways", "https://ways.example/docs", "Tell people.")
    assert (about.price, about.priced) == ("$5 per 1,000 searches", "2026-08")
    assert whole.keep == Keep(90 * 86_400.0, 12 * 3_600.0)
    assert (whole.self_hosted, whole.contact) == (True, True)
    assert whole.check is not None
    assert (whole.check.request.path, whole.check.rules[0].then) == ("/me", Outcome.AUTH)


def test_oauth_is_read(whole: Manifest) -> None:
    """Where tokens come from, and how the client shows who it is."""
    auth = whole.auth
    assert (auth.kind, auth.env, auth.token_url) == (AuthKind.OAUTH, "WAYS_CLIENT", "/oauth/token")
    assert (auth.client, auth.scope, auth.optional) == (Client.BODY, "read", True)
    elsewhere = load_manifest(WHOLE.replace('"/oauth/token"', '"https://login.ways.example/token"'))
    assert elsewhere.auth.token_url == "https://login.ways.example/token"


def test_every_way_to_ask_is_read(whole: Manifest) -> None:
    """Each key arrives where it belongs."""
    pages, posted, joined, listed, later = whole.ops
    assert pages.pages is not None and pages.pages.next is not None
    assert (pages.pages.max, pages.pages.next.source, pages.price) == (3, "body.next", 60_000)
    assert pages.cost.by == {ChargeOn.HIT: 20_000, ChargeOn.MISS: 5_000, ChargeOn.ERROR: 0}
    assert posted.pages is not None
    assert (posted.pages.query, posted.pages.next) == ("cursor", None)
    assert joined.batch is not None and listed.batch is not None
    assert (joined.batch.max, joined.batch.join, joined.batch.input) == (100, ",", "lei")
    assert (joined.batch.missing, listed.batch.missing) == (Missing.MISS, Missing.ERROR)
    assert listed.batch.each == {"params": {"email": ["{email}"]}, "metadata": {"row": "{key}"}}
    assert listed.batch.status is not None
    assert later.poll is not None
    assert (later.poll.every_s, later.poll.max_s, len(later.poll.rules)) == (2.0, 60.0, 2)


def line(words: str) -> int:
    """The line in which the words stand first."""
    return WHOLE[: WHOLE.index(words)].count("\n") + 1


# what stands in the manifest, what is written instead, words of the line that is named, and of the sentence
WRONG = [
    # [auth]
    ('kind = "oauth_client_credentials"', 'kind = "oauth"', "kind =", "allowed are none"),
    ('token_url = "/oauth/token"\n', "", "[auth]", "`token_url` is missing"),
    ('"/oauth/token"', '"oauth/token"', "token_url", "http or https"),
    ('"/oauth/token"', '"/oauth/token?x=1"', "token_url", "belongs into `query`"),
    ('client = "body"', 'client = "form"', "client =", "allowed are basic, body"),
    ('"oauth_client_credentials"', '"bearer"', "token_url", "only for kind oauth_client_credentials"),
    ("optional = true", 'optional = "yes"', "optional", "true or false"),
    # [price], [cache], [check]
    ('published = "$5', 'publshed = "$5', "published", "did you mean `published`?"),
    ('"12h"', '"12 hours"', "not_found", 'such as "30d"'),
    ("not_found =", "notfound =", "not_found", "did you mean `not_found`?"),
    ('license = "own"', "store = false", "[cache]", "no meaning where `store` is false"),
    ('"/me"', '"/me/{company}"', "request = {path = \"/me\"", "{company}, which is not in `needs`"),
    ('[{when = "body.blocked"', '[{when = "bdy.blocked"', "rules = [{when", "looks up 'bdy'"),
    # cost
    ('error = "0"', 'errors = "0"', "cost = {", "did you mean `error`?"),
    ('miss = "0.005"', 'miss = "-1"', "cost = {", "an amount in dollars"),
    ('{hit = "0.02", miss = "0.005", error = "0"}', '{actual = "body.cost"}', "cost = {", "at most"),
    # extract
    ("host(item.site)", "hots(item.site)", "extract = {website = \"host", "did you mean `host`?"),
    ("host(item.site)", "host()", "extract = {website = \"host", "another number of arguments"),
    # pages
    ('next = "body.next", ', "", "pages = {next", "either `next` or `cursor`"),
    ('next = "body.next", ', 'next = "body.next", cursor = "body.c", ', "pages = {next", "either"),
    ("max = 3}", "max = 1}", "pages = {next", "a whole number from 2 to 20"),
    ("max = 3}", "}", "pages = {next", "not valid TOML"),
    (', query = "cursor"', "", "pages = {cursor", "`query` is missing"),
    ('{cursor = "body.cursor", query = "cursor"', '{next = "body.n"', "pages = {cursor", 'method = "GET"'),
    ('items = "body.data"\nextract = {website = "host(item.site)', 'extract = {website = "text', "", "items"),
    # batch
    ("max = 100", "max = 1", "max = 100", "a whole number from 2 to 1,000"),
    ('input = "lei"', 'input = "isin"', 'input = "lei"', "which is not in `needs`"),
    ('input = "lei"\n', "", "[op.batch]", "name it in `input`"),
    ('join = ","', 'join = ""', "join =", "stands between the values"),
    ('join = ","\n', "", "[op.batch]", "`join` is missing"),
    ('missing = "miss"', 'missing = "hit"', "missing =", "allowed are miss, error"),
    ('{when = "body.error"', '{when = "item.error"', '{when = "body.error"', "looks up 'item'"),
    ('query = {ids = "{lei}"}', "query = {}", "[op.batch]", "name it in `input`"),
    ('requests = "{each}"', 'requests = "x{each}"', 'path = "/bulk"', "alone"),
    ('requests = "{each}"', "requests = 1", 'path = "/bulk"', '"{each}" once'),
    ('["{email}"]', '["{company}"]', "each = {params", "{company}, which is not in `needs`"),
    ('row = "{key}"', 'row = "1"', "max = 50", "known to be about a row"),
    # poll
    ('"/jobs/{handle}"', '"/jobs"', 'request = {path = "/jobs/', "has no {handle}"),
    ("every_s = 2", "every_s = 0", "every_s", "above 0"),
    ("max_s = 60", "max_s = 1", "every_s", "not above `max_s`"),
    ('handle = "body.id"\n', "", "[op.poll]", "`handle` is missing"),
    ("then = \"refused\"", "then = \"refuse\"", "{when = \"body.state", "did you mean `refused`?"),
    ("[op.poll]\n", '[op.poll]\nagain = 1\n', "handle = ", "unknown `again`"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "where", "words"), WRONG)
def test_a_broken_manifest_is_refused_with_its_line(right: str, wrong: str, where: str, words: str) -> None:
    """File, line, and what was meant."""
    assert right in WHOLE
    with pytest.raises(ManifestError) as caught:
        load_manifest(WHOLE.replace(right, wrong, 1), "ways.toml")
    sentence = str(caught.value)
    assert words in sentence
    if where == "max = 50":  # the table whose parts do not fit is the second batch
        assert sentence.startswith(f"ways.toml, line {line(where) - 1}: ")
    elif where:
        assert sentence.startswith(f"ways.toml, line {line(where)}: ")


@pytest.mark.parametrize("ways", ["pages = {cursor = 'body.c', query = 'c', max = 2}", "poll = 1"])
def test_two_ways_at_once_are_refused(ways: str) -> None:
    """An operation is asked in pages, in batches, or for later: which, nobody could tell."""
    text = WHOLE.replace(
        'extract = {legal_name = "body.name"}', f'extract = {{legal_name = "body.name"}}\n{ways}'
    )
    if ways.startswith("poll"):
        with pytest.raises(ManifestError, match="a table"):
            load_manifest(text)
    else:
        with pytest.raises(ManifestError, match="`pages` or `batch`, not both"):
            load_manifest(text)


def test_a_file_nested_too_deeply_is_refused() -> None:
    """It is no defect of ours."""
    with pytest.raises(ManifestError, match="nested too deeply"):
        load_manifest("x = " + "[" * 10_000)
