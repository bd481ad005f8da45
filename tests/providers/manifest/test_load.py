"""Reading manifests: what is wrong is said with file, line and what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.errors import ManifestError
from glaze_cli.model import Tier, Window
from glaze_cli.providers.manifest.load import load_manifest
from glaze_cli.providers.manifest.schema import AuthKind, ChargeOn, Expect, Outcome

WHOLE = """\
# an invented service
id = "acme-data"
title = "Acme"
version = "7"
tier = "premium"
base_url = "https://api.acme.example/v1/"
on_request = true
terms = {license = "CC BY 4.0", store = false, attribution = "Acme"}

[auth]
kind = "header"
env = "ACME_KEY"
name = "X-Key"
prefix = "Token "

[limits]
windows = ["60/1m", "10/s", "5000/2h"]
concurrency = 3

[[op]]
id = "find"
needs = ["company"]
gives = ["website", "header:Acme Score"]
expect = "json"
items = "body.data"
accept = {similarity = {field = "company", path = "item.name", min = 0.9}}
confidence = {path = "item.score", scale = 100}
citations = "item.url"
wait = ["headers.reset", {path = "body.ms", unit = "ms"}]
idempotency_header = "Idempotency-Key"
rules = [
    {when = "status == `404`", then = "miss"},
    {when = "!(body.data)", then = "refused", why = "odd"},
]

[op.request]
method = "POST"
path = "/find"
query = {q = "{company}", limit = 5, exact = true, near = 0.5}
headers = {Accept = "application/json"}
json = {name = "{company}", weights = [0.5, 1]}

[op.extract]
website = "item.site"
"header:Acme Score" = "item.score"

[op.cost]
usd = "0.015"
charge_on = ["hit", "miss"]
actual = "headers.spent"
unit_usd = 0.005

[[op]]
id = "verify"
needs = ["email"]
gives = ["email_valid"]
request = {path = "/verify/{email}"}
extract = {email_valid = "body.ok"}
confidence = 0.8
"""


def test_a_whole_manifest_is_read() -> None:
    """Every key arrives where it belongs, with its type."""
    manifest = load_manifest(WHOLE)
    find, verify = manifest.ops
    assert (manifest.id, manifest.about.title, manifest.version) == ("acme-data", "Acme", "7")
    assert (manifest.tier, manifest.on_request) == (Tier.PREMIUM, True)
    assert manifest.base_url == "https://api.acme.example/v1"
    assert (manifest.about.license, manifest.keep.store, manifest.about.attribution) == (
        "CC BY 4.0",
        False,
        "Acme",
    )
    auth = manifest.auth
    assert (auth.kind, auth.env, auth.name, auth.prefix) == (AuthKind.HEADER, "ACME_KEY", "X-Key", "Token ")
    assert manifest.limits.windows == (Window(60, 60.0), Window(10, 1.0), Window(5000, 7200.0))
    assert manifest.limits.concurrency == 3
    assert find.gives == {"website", "header:acme score"}
    assert find.request.query == (("q", "{company}"), ("limit", "5"), ("exact", "true"), ("near", "0.5"))
    assert find.request.json == {"name": "{company}", "weights": [0.5, 1]}
    assert [(rule.then, rule.why) for rule in find.rules] == [(Outcome.MISS, ""), (Outcome.REFUSED, "odd")]
    assert [(rule.field, rule.path.source, rule.min) for rule in find.accept] == [
        ("company", "item.name", 0.9)
    ]
    assert find.confidence is not None
    assert find.confidence.scale == 100
    assert [(wait.path.source, wait.unit) for wait in find.wait] == [
        ("headers.reset", "s"),
        ("body.ms", "ms"),
    ]
    assert (find.cost.price, find.cost.unit) == (15_000, 5_000)
    assert find.cost.charge_on == {ChargeOn.HIT, ChargeOn.MISS}
    assert (find.idempotent, find.idempotency_header) == (False, "Idempotency-Key")
    assert (verify.request.method, verify.expect, verify.cost.price) == ("GET", Expect.JSON, 0)
    assert verify.confidence is not None
    assert verify.confidence.path.of({}) == 0.8
    assert (verify.idempotency_header, verify.wait[-1].path.source) == ("", 'headers."retry-after"')


DESIGNED = """\
id = "gleif"
version = "1"
tier = "free"
base_url = "https://api.gleif.org/api/v1"
terms = {license = "CC0", store = true, attribution = ""}
[auth]
kind = "none"
[limits]
windows = ["60/1m"]
concurrency = 2
[[op]]
id = "by_name"
needs = ["company"]
gives = ["lei", "legal_name"]
request = {method = "GET", path = "/lei-records", query = {"filter[entity.legalName]" = "{company}"}}
expect = "json"
rules = [
  {when = "status==`404`", then = "miss"},
  {when = "type(body.data)=='array' && length(body.data)==`0`", then = "miss"}]
extract = {lei = "body.data[0].id", legal_name = "body.data[0].attributes.entity.legalName.name"}
confidence = "`0.9`"
accept = {similarity = {field = "company", path = "legal_name", min = 0.85}}
cost = {usd = "0", charge_on = ["hit"], actual = "headers.\\"x-call-credits-spent\\"", unit_usd = "0.10"}
wait = ["headers.\\"retry-after\\""]
idempotent = true
"""


def test_the_manifest_of_the_design_is_one() -> None:
    """The example that all others were modelled on loads."""
    (op,) = load_manifest(DESIGNED).ops
    assert (op.id, op.idempotent, op.cost.unit, len(op.rules)) == ("by_name", True, 100_000, 2)


def test_a_file_is_named_in_its_errors(tmp_path: Path) -> None:
    """A manifest from a file is called by its path."""
    path = tmp_path / "mine.toml"
    path.write_text(WHOLE.replace("premium", "dear"), "utf-8")
    with pytest.raises(ManifestError, match=r"mine\.toml, line 5: "):
        load_manifest(path)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_said(tmp_path: Path, content: bytes | None) -> None:
    """Missing, or not UTF-8: one sentence."""
    path = tmp_path / "mine.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ManifestError, match=r"mine\.toml cannot be read"):
        load_manifest(path)


# what stands in the manifest, what is written instead, the line, and words of the sentence
WRONG = [
    ("[auth]", "[auth", 10, "not valid TOML"),
    ('id = "acme-data"', 'id = "Acme Data"', 2, "lower-case letters"),
    ('version = "7"', "version = 7", 4, "`version` must be a text"),
    ('version = "7"\n', "", 1, "`version` is missing: a text"),
    ('tier = "premium"', 'tier = "premum"', 5, "did you mean `premium`?"),
    ('tier = "premium"', 'tier = "cache"', 5, "allowed are free, cheap, premium"),
    ("https://api.acme.example/v1/", "api.acme.example", 6, "http or https"),
    ("https://api.acme.example/v1/", "https://{company}.example", 6, "without placeholders"),
    ("https://api.acme.example/v1/", "https://me:pw@acme.example", 6, "no user"),
    ("https://api.acme.example/v1/", "https://acme.example?key=1", 6, "no `?`"),
    ("on_request = true", "on_request = 1", 7, "true or false"),
    ("on_request = true", "on_requst = true", 7, "did you mean `on_request`?"),
    ("store = false", "stored = false", 8, "unknown `stored`: did you mean `store`?"),
    ('kind = "header"', 'kind = "headers"', 11, "did you mean `header`?"),
    ('kind = "header"', 'kind = "oauth"', 11, "allowed are none, query, header"),
    ('env = "ACME_KEY"', 'env = "sk-123456"', 12, "the name of an environment variable"),
    ('env = "ACME_KEY"\n', "", 10, "`env` is missing"),
    ('name = "X-Key"\n', "", 10, "`name` is missing"),
    ('kind = "header"', 'kind = "query"', 14, "`prefix` is only for kind header"),
    ('"10/s"', '"10 per second"', 17, 'such as "60/1m" or "10/s"'),
    ('"10/s"', '"0/s"', 17, "'0/s'"),
    ("concurrency = 3", "concurrency = 0", 18, "at least 1"),
    ("concurrency = 3", "concurrency = true", 18, "whole number"),
    ('needs = ["company"]', 'needs = ["compny"]', 22, "there is no field 'compny': did you mean `company`?"),
    ('needs = ["company"]', "needs = []", 22, "`needs` is empty"),
    ('needs = ["company"]', 'needs = "company"', 22, "a list of texts"),
    ('"website", "header', '"zzz", "header', 23, "write `header:Its header`"),
    ('expect = "json"', 'expect = "xml"', 24, "allowed are json"),
    ('items = "body.data"', 'items = "body.data["', 25, "not a JMESPath expression"),
    ('items = "body.data"', 'items = "boody.data"', 25, "looks up 'boody'; it can look up body, headers"),
    ('{field = "company"', '{field = "domain"', 26, "which is not in `needs`"),
    ("min = 0.9", "min = 90", 26, "a number from 0 to 1"),
    ("min = 0.9", 'min = "high"', 26, "a number from 0 to 1"),
    ("similarity = {", "simlarity = {", 26, "did you mean `similarity`?"),
    ("scale = 100", "scale = 0", 27, "above 0"),
    ('unit = "ms"', 'unit = "h"', 29, "allowed are s, ms"),
    ('"headers.reset"', "3", 29, "a list of paths"),
    ('"Idempotency-Key"', '"Idempotency Key"', 30, "a header's name"),
    ('then = "miss"}', 'then = "mis"}', 32, "did you mean `miss`?"),
    ('when = "!(body.data)"', 'when = "!body.data"', 33, "write `!(a.b)`"),
    ('when = "!(body.data)"', 'when = "!(body.data"', 33, "not a JMESPath expression"),
    ('why = "odd"', 'reason = "odd"', 33, "unknown `reason`"),
    ('method = "POST"', 'method = "DELETE"', 37, "allowed are GET, POST"),
    ('method = "POST"', 'method = "GET"', 41, '`json` needs method = "POST"'),
    ('path = "/find"', 'path = "find"', 38, "begin with one `/`"),
    ('path = "/find"', 'path = "/find?x=1"', 38, "belongs into `query`"),
    ('path = "/find"', 'path = "/a/../b"', 38, "a plain path"),
    ('q = "{company}"', 'q = "{domain}"', 36, "{domain}, which is not in `needs`"),
    ('q = "{company}"', "q = [1]", 39, "texts or numbers"),
    ("{Accept =", "{Authorization =", 40, "a key belongs into [auth]"),
    ('website = "item.site"', 'web_site = "item.site"', 44, "did you mean `website`?"),
    ('website = "item.site"', 'email = "item.site"', 43, "differ about email"),
    ('usd = "0.015"', 'usd = "cheap"', 48, "an amount in dollars"),
    ('usd = "0.015"', 'usd = "-1"', 48, "an amount in dollars"),
    ('["hit", "miss"]', '["hit", "misses"]', 49, "did you mean `miss`?"),
    ("unit_usd = 0.005", "units_usd = 0.005", 51, "did you mean `unit_usd`?"),
    ('needs = ["email"]', 'needs = ["company", "email"]', 55, "put it first"),
    ("confidence = 0.8", "confidence = 8", 59, "a number from 0 to 1"),
]


@pytest.mark.parametrize(("right", "wrong", "line", "words"), WRONG)
def test_a_broken_manifest_is_refused_with_its_line(right: str, wrong: str, line: int, words: str) -> None:
    """File, line, and what was meant."""
    assert right in WHOLE
    with pytest.raises(ManifestError) as caught:
        load_manifest(WHOLE.replace(right, wrong, 1), "acme.toml")
    assert str(caught.value).startswith(f"acme.toml, line {line}: ")
    assert words in str(caught.value)


def test_a_manifest_that_asks_nothing_is_refused() -> None:
    """Without an operation there is no provider."""
    with pytest.raises(ManifestError, match=r"no `\[\[op\]\]`"):
        load_manifest(WHOLE.partition("[[op]]")[0])


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_text_makes_the_loader_break(data: st.DataObject) -> None:
    """Whatever is cut out of or written into a manifest, it loads or is refused with a sentence."""
    start = data.draw(st.integers(0, len(WHOLE)))
    length = data.draw(st.integers(0, 60))
    patch = data.draw(
        st.sampled_from(["", "1", '"x"', "{}", "[]", "[[1]]", "true", "=", '"{a}"', "nan", "\x00"])
    )
    try:
        load_manifest(WHOLE[:start] + patch + WHOLE[start + length :], "acme.toml")
    except ManifestError as error:
        assert str(error).startswith("acme.toml, line ")
