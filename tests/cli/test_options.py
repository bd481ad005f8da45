"""Options of `glaze enrich` that choose whom to ask, and whether what is remembered counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from glaze_cli.cli.found import find_job
from glaze_cli.cli.request import EnrichRequest, KeptRequest
from glaze_cli.model.settings import ColumnSettings
from tests.cli.program import Program
from tests.loopback import Loopback, Say

MANIFEST = """id = "{id}"
version = "1"
tier = "{tier}"
base_url = "{url}/{id}"
contact = {contact}
[[op]]
id = "by_domain"
needs = ["domain"]
gives = ["employee_count"]
request = {{path = "/c", query = {{d = "{{domain}}"}}}}
extract = {{employee_count = "body.n"}}
"""
SHEET = "Domain,Employees\na.example,\nb.example,\na.example,\n"
COLUMN = ("--columns", "Employees", "--plain")


def add(folder: Path, server: Loopback, name: str, tier: str = "free", contact: bool = False) -> None:
    """A manifest of that provider."""
    folder.mkdir(parents=True, exist_ok=True)
    text = MANIFEST.format(id=name, tier=tier, url=server.url, contact=str(contact).lower())
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")


def only(glaze: Program, *names: str, more: str = "") -> None:
    """A glaze.toml that asks these about the column, and nobody else whom this machine could reach."""
    text = f"[columns.Employees]\nwaterfall = {list(names)!r}\n{more}"
    (glaze.folder / "glaze.toml").write_text(text, encoding="utf-8")


def asked(server: Loopback) -> list[str]:
    """Who was asked, in order."""
    return [seen.path.split("/")[1] for seen in server.seen]


def test_only_the_tiers_that_are_named(glaze: Program) -> None:
    """--tier cheap leaves the free one out; repeated and with commas they add up."""
    with Loopback(Say.json({"n": None})) as server:
        for tier in ("free", "cheap", "premium"):
            add(glaze.folder / "more", server, f"my_{tier}", tier)
        only(glaze, "my_free", "my_cheap", "my_premium")
        here = (*COLUMN, "--providers-dir", glaze.folder / "more", "--refresh")
        for tiers, names in (
            (("--tier", "cheap"), {"my_cheap"}),
            (("--tier", "premium,free"), {"my_free", "my_premium"}),
            (("--tier", "free", "--tier", "cheap"), {"my_free", "my_cheap"}),
            ((), {"my_free", "my_cheap", "my_premium"}),
        ):
            server.seen.clear()
            ran = glaze("enrich", glaze.leads(text=SHEET), *here, *tiers)
            assert ran.code == 0, ran.err
            assert set(asked(server)) == names


def test_a_named_provider_of_another_tier(glaze: Program) -> None:
    """Two options that rule each other out are said, not obeyed by half."""
    ran = glaze("enrich", glaze.leads(text=SHEET), *COLUMN, "--provider", "mock", "--tier", "premium")
    assert ran.code == 2
    assert "mock is of the tier free, and --tier asks only premium." in ran.err


def test_refresh_asks_anew_and_max_age_when_it_is_old(glaze: Program) -> None:
    """3 rows of 2 domains: two calls; again none; --refresh two; a young answer is young enough."""
    with Loopback(Say.json({"n": 7})) as server:
        add(glaze.folder / "more", server, "mine")
        only(glaze, "mine")
        here = (*COLUMN, "--providers-dir", glaze.folder / "more")
        for options, calls in (
            ((), 2),  # equal domains are asked once
            ((), 0),  # remembered
            (("--refresh",), 2),
            (("--max-age", "1d"), 0),
            (("--max-age", "0s"), 2),
        ):
            server.seen.clear()
            sheet = glaze.leads(text=SHEET)
            ran = glaze("enrich", sheet, *here, *options)
            assert ran.code == 0, ran.err
            assert len(server.seen) == calls, options
            assert sheet.read_text() == SHEET.replace(",\n", ",7\n")


def test_a_column_says_how_old_an_answer_may_be(glaze: Program) -> None:
    """`refresh` of glaze.toml; --max-age goes over it."""
    with Loopback(Say.json({"n": 7})) as server:
        add(glaze.folder / "glaze" / "providers", server, "mine")
        only(glaze, "mine", more='refresh = "0s"\n')
        for options, calls in (((), 2), ((), 2), (("--max-age", "1d"), 0)):
            server.seen.clear()
            assert glaze("enrich", glaze.leads(text=SHEET), *COLUMN, *options).code == 0
            assert len(server.seen) == calls


def test_a_service_that_wants_a_contact(glaze: Program) -> None:
    """Not asked without one; with one, it stands in the header of each call."""
    with Loopback(Say.json({"n": 7})) as server:
        add(glaze.folder / "more", server, "shy", contact=True)
        here = (*COLUMN, "--providers-dir", glaze.folder / "more", "--provider", "shy")
        ran = glaze("enrich", glaze.leads(text=SHEET), *here)
        assert (ran.code, server.seen) == (5, [])
        assert "contact" in ran.err
        ran = glaze("enrich", glaze.leads(text=SHEET), *here, "--contact", "me@example.com")
        assert ran.code == 0, ran.err
        assert all("me@example.com" in seen.headers["user-agent"] for seen in server.seen)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--tier", "cheep"), "--tier takes free, cheap and premium"),
        (("--max-age", "30"), "--max-age must be a time"),
        (("--max-age", "30d", "--refresh"), "choose one"),
        (("--contact", "me"), "--contact must be a mail or web address"),
        (("--providers-dir", "nowhere"), "There is no folder"),
        (("--provider", "gleif", "--offline"), "--offline asks nobody there"),
    ],
)
def test_a_wrong_option_is_one_sentence(glaze: Program, options: tuple[str, ...], words: str) -> None:
    """Exit code 2, nothing was asked."""
    ran = glaze("enrich", glaze.leads(text=SHEET), *COLUMN, *options)
    assert ran.code == 2
    assert words in ran.err


def test_the_options_are_kept_for_resume(glaze: Program) -> None:
    """What the store holds makes the same request again."""
    folder = glaze.folder / "more"
    with Loopback(Say.json({"n": 7})) as server:
        add(folder, server, "mine", "cheap")
        only(glaze, "mine")
        options = (
            *("--providers-dir", folder, "--tier", "cheap"),
            *("--max-age", "30d", "--contact", "a@b.example"),
        )
        assert glaze("enrich", glaze.leads(text=SHEET), *COLUMN, *options).code == 0
    kept = find_job(glaze.store, glaze.last_job()["jobId"]).kept.options
    assert (kept.tiers, kept.max_age, kept.contact) == (("cheap",), "30d", "a@b.example")
    settings = kept.settings()
    assert (settings.manifests, settings.max_age, settings.contact) == ((folder,), 30 * 86_400, "a@b.example")


def test_a_request_of_an_earlier_version_loads() -> None:
    """A job made before these options were there goes on without them."""
    new = ("providers_dirs", "tiers", "refresh", "max_age", "prompt", "prompt_header", "contact")
    document = KeptRequest(EnrichRequest("x.csv", columns=("A",)), ("A",), 1, ()).to_json()
    document = json.loads(json.dumps(document))
    for name in new:
        del document["options"][name]
    assert KeptRequest.from_json(document).options == EnrichRequest("x.csv", columns=("A",))


def test_a_prompt_goes_into_the_settings_of_its_column(tmp_path: Path) -> None:
    """Over what glaze.toml says of that column, and beside it."""
    (tmp_path / "glaze.toml").write_text("[columns.A]\nmin_confidence = 0.8\n")
    request = EnrichRequest(str(tmp_path / "x.csv"), prompt="What is {B}?", prompt_header="A")
    assert request.settings().columns == {"A": ColumnSettings(min_confidence=0.8, prompt="What is {B}?")}


def test_naming_a_provider_in_a_waterfall_is_asking_for_it(glaze: Program) -> None:
    """One that is asked only by name is asked for that column, and for no other."""
    (glaze.folder / "glaze.toml").write_text('[columns.Employees]\nwaterfall = ["mock"]\n')
    sheet = glaze.leads(text="Domain,Employees,Industry\na.example,,\n")
    ran = glaze("enrich", sheet, "--range", "B2:B2", "--mock-latency", 0, "--plain")
    assert ran.code == 0, ran.err
    assert {cell["source"] for cell in glaze.last_job()["cells"]} == {"mock"}
    ran = glaze("enrich", sheet, "--range", "C2:C2", "--offline", "--plain")
    assert ran.code == 2, ran.err
