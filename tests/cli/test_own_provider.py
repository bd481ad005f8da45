"""A provider for an invented API, added by one TOML file that was written from docs/your-own-provider.md."""

from __future__ import annotations

from typing import Any

import pytest

from glaze_cli.providers.manifest.load import load_manifest
from tests.cli.program import Program, Ran
from tests.loopback import Loopback, Say, Seen

KEY = "fs-s3cr3t"

# The documentation of FirmScout (there is none) has this:
#
#   POST https://firmscout.example/api/v2/search     Scout-Key: YOUR_KEY
#   {"query": "Acme", "country": "any", "limit": 10}
#
#   200 {"ok": true, "matches": [{"title": "ACME Ltd", "rating": 91, "url": "https://www.acme.example/",
#                                 "size": {"staff": "1,200 people"}, "born": "1947-00-00"}]}
#   200 {"ok": false, "code": "NO_CREDIT"} / {"ok": false, "code": "SLOW_DOWN", "retry_in_ms": 500}
#
#   One cent a search that finds something, half a cent otherwise. 20 searches a second.
MANIFEST = """\
id = "firmscout"
title = "FirmScout, another invented register"
version = "1"
tier = "cheap"
base_url = "https://firmscout.example/api/v2"

[auth]
kind = "header"
name = "Scout-Key"
env = "FIRMSCOUT_KEY"

[limits]
windows = ["20/s"]
concurrency = 4

[terms]
license = "invented"

[[op]]
id = "search"
needs = ["company"]
gives = ["domain", "employee_count", "founded"]
request = {method = "POST", path = "/search", json = {query = "{company}", country = "any", limit = 10}}
rules = [
    {when = "body.code == 'NO_CREDIT'", then = "quota", why = "no credit is left"},
    {when = "body.code == 'SLOW_DOWN'", then = "retry"},
    {when = "!(body.ok)", then = "refused"},
]
items = "body.matches"
accept = {similarity = {field = "company", path = "item.title", min = 0.85}}
confidence = {path = "item.rating", scale = 100}
cost = {hit = "0.01", miss = "0.005"}
wait = [{path = "body.retry_in_ms", unit = "ms"}]

[op.extract]
domain = "host(item.url)"
employee_count = "to_number(digits(item.size.staff))"
founded = "to_number(first(split(date(item.born), '-')))"
"""

SHEET = """Company,Domain,Employees,Founded
Acme Ltd,,,
Brightwater,,,
Nobody & Sons,,,
"""


class FirmScout:
    """The service, as its documentation has it."""

    def __init__(self, credit: int = 100) -> None:
        self.credit = credit
        self.busy = 1
        self.queries: list[str] = []

    def __call__(self, seen: Seen) -> Say:
        """Its answer; the first call finds it busy."""
        if (seen.method, seen.path, seen.headers.get("scout-key")) != ("POST", "/search", KEY):
            return Say.json({"ok": False, "code": "WHO"}, 401)
        if self.busy:
            self.busy -= 1
            return Say.json({"ok": False, "code": "SLOW_DOWN", "retry_in_ms": 5})
        if not self.credit:
            return Say.json({"ok": False, "code": "NO_CREDIT"})
        self.credit -= 1
        query = seen.json["query"]
        self.queries.append(query)
        return Say.json({"ok": True, "matches": self._matches(query)})

    def _matches(self, query: str) -> list[dict[str, Any]]:
        if query.startswith("Acme"):
            other = {"title": "Acme Trading Ltd", "rating": 99, "url": "https://acme-trading.example"}
            acme = {
                "title": "ACME Ltd",
                "rating": 91,
                "url": "https://www.acme.example/",
                "born": "1947-00-00",
            }
            return [other, {**acme, "size": {"staff": "1,200 people"}}]
        if query.startswith("Bright"):
            return [{"title": "Brightwater GmbH", "rating": 75, "url": "brightwater.example", "born": "?"}]
        return [{"title": "Somebody", "rating": 100, "url": "https://somebody.example"}]


@pytest.fixture
def own(glaze: Program, monkeypatch: pytest.MonkeyPatch) -> Program:
    """`glaze` in a folder with the manifest, and the key in the environment."""
    folder = glaze.folder / "glaze" / "providers"
    folder.mkdir(parents=True)
    (folder / "firmscout.toml").write_text(MANIFEST, encoding="utf-8")
    monkeypatch.setenv("FIRMSCOUT_KEY", KEY)
    return glaze


def enrich(glaze: Program, server: Loopback) -> tuple[Ran, str]:
    """A sheet of three companies, filled from FirmScout on loopback; the run, and what the sheet is then."""
    settings = f'[defaults]\nwait_min = 0\nwait_max = 0\n[providers.firmscout]\nbase_url = "{server.url}"\n'
    (glaze.folder / "glaze.toml").write_text(settings, encoding="utf-8")
    sheet = glaze.leads("firms.csv", SHEET)
    ran = glaze("enrich", sheet, "--range", "B2:D4", "--provider", "firmscout", "--plain")
    assert KEY not in ran.out + ran.err
    return ran, sheet.read_text("utf-8")


def test_the_manifest_is_one() -> None:
    """It loads, and nothing in it is out of the ordinary."""
    assert load_manifest(MANIFEST, "firmscout.toml").ops[0].price == 10_000


def test_a_sheet_is_filled_from_an_invented_api(own: Program) -> None:
    """One file, no code: the right candidate of several, numbers out of texts, a miss where nothing fits."""
    scout = FirmScout()
    with Loopback(scout) as server:
        ran, sheet = enrich(own, server)
    assert ran.code == 0, ran.err
    assert sheet.splitlines()[1:] == [
        "Acme Ltd,acme.example,1200,1947",
        "Brightwater,brightwater.example,,",
        "Nobody & Sons,,,",
    ]
    assert sorted(scout.queries) == ["Acme Ltd", "Brightwater", "Nobody & Sons"]
    job = own.last_job()
    assert {cell["cell"]: cell["status"] for cell in job["cells"]} == {
        "B2": "done", "C2": "done", "D2": "done",
        "B3": "done", "C3": "not_found", "D3": "not_found",
        "B4": "not_found", "C4": "not_found", "D4": "not_found",
    }  # fmt: skip
    assert next(cell["confidence"] for cell in job["cells"] if cell["cell"] == "B2") == 0.91
    # Its answer about Nobody names somebody else: a search that found something is billed as one.
    assert job["cost"]["spent"] == pytest.approx(0.03)


def test_no_credit_drops_it(own: Program) -> None:
    """An error inside a 200 is one: exit code 5, said with the manifest's own word."""
    with Loopback(FirmScout(credit=0)) as server:
        ran, sheet = enrich(own, server)
    assert ran.code == 5, ran.err
    assert "no credit is left" in ran.err
    assert sheet == SHEET


def test_without_its_key_it_is_not_asked(own: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable to set is named."""
    monkeypatch.delenv("FIRMSCOUT_KEY")
    with Loopback(FirmScout()) as server:
        ran, _ = enrich(own, server)
        assert (ran.code, server.seen) == (5, [])
    assert "FIRMSCOUT_KEY" in ran.err
