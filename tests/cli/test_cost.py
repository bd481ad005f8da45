"""`glaze cost`: what was spent, in words and as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from glaze_cli.cli.cost import By
from glaze_cli.model import to_micros
from glaze_cli.store.connect import connect
from glaze_cli.store.costs import GROUPINGS
from glaze_cli.store.create import create_job
from glaze_cli.ui.costs import MOST
from tests.cli.program import Program
from tests.cli.test_start import TYPER, Loaded
from tests.loopback import Loopback, Say, Seen
from tests.store.fakes import NOON, new_job
from tests.store.test_costs import DECEMBER, PHONE, call, past, saved

FIRST = "abc1"
SECOND = "abd2"
SERVICE = """
id = "acme"
version = "1"
tier = "cheap"
base_url = "{url}"
[[op]]
id = "find"
needs = ["company"]
gives = ["domain"]
request = {{path = "/companies", query = {{name = "{{company}}"}}}}
extract = {{domain = "body.domain"}}
cost = {{usd = "0.01"}}
"""


@pytest.fixture
def spent(glaze: Program) -> Program:
    """Two jobs, a purged one, a lost reply, a call under way, and what the cache saved."""
    connection = connect(glaze.store)
    for job, sheet in ((FIRST, "Leads"), (SECOND, "Other")):
        create_job(connection, new_job(job, sheet=sheet), lambda: NOON)
    call(connection, job_id=FIRST)
    call(connection, job_id=FIRST, task_id=PHONE, status="unknown", reserved=1_500, billed=None)
    call(connection, job_id=FIRST, task_id=None, provider="gleif", reserved=0, billed=0)
    call(connection, job_id=SECOND, task_id=8, billed=280_000, provider="apollo", opened_at=DECEMBER)
    call(connection, job_id=SECOND, task_id=8, status="open", reserved=50_000, billed=None)
    saved(connection, 20_000, FIRST)
    past(connection, spent=1_000_000)
    connection.close()
    return glaze


def table(out: str) -> list[str]:
    """Its lines, with one blank between words."""
    return [" ".join(line.split()) for line in out.splitlines()]


def test_by_provider_unless_it_is_said_otherwise(spent: Program) -> None:
    """The dearest first, free calls too, the total, and what is held on a line of its own."""
    ran = spent("cost")
    assert ran.code == 0
    assert table(ran.out) == [
        "Provider Calls Spent Unknown (calls) Saved",
        "hunter 5 $1.0115 $0.0015 (1) $0.02",
        "apollo 1 $0.28 $0.00 (0) $0.00",
        "gleif 1 $0.00 $0.00 (0) $0.00",
        "Total 7 $1.2915 $0.0015 (1) $0.02",
        "Reserved, not in the total: $0.05 for calls without an outcome yet.",
    ]
    assert ran.err.splitlines() == [
        "Unknown is the part of it for calls whose reply was lost: they may have been billed."
    ]


LEADS, OTHER, PURGED = "/x/leads.xlsx Leads", "/x/leads.xlsx Other", "(purged jobs) 2 $1.00"


@pytest.mark.parametrize(
    ("by", "lines"),
    [
        ("month", ["2026-01 2 $1.00", "2026-11 4 $0.0115", "2026-12 1 $0.28"]),
        ("job", [f"{SECOND} {OTHER} 2 $0.28", f"{FIRST} {LEADS} 3 $0.0115", PURGED]),
        ("sheet", [f"{OTHER} 2 $0.28", f"{LEADS} 3 $0.0115", PURGED]),
        (
            "column",
            [
                f"Phone {OTHER} 2 $0.28",
                f"Email {LEADS} 1 $0.01",
                f"Phone {LEADS} 1 $0.0015",
                f"(not known) {LEADS} 1 $0.00",
                PURGED,
            ],
        ),
    ],
)
def test_by_whatever_is_asked(spent: Program, by: str, lines: list[str]) -> None:
    """Each grouping says which groups, in order, and ends with the same total."""
    ran = spent("cost", "--by", by)
    _, *shown, _ = table(ran.out)
    assert ran.code == 0
    for line, begins in zip(shown, [*lines, "Total 7 $1.2915"], strict=True):
        assert line.startswith(f"{begins} ")
    assert ("Saved" in ran.out) is (by != "column")
    assert ("an older Glaze" in ran.err) is (by == "column")


def test_json_has_all_groupings_and_their_sums_agree(spent: Program) -> None:
    """Amounts are dollars; added up by any grouping they are the total, to the millionth."""
    document = spent("cost", "--json").json
    assert document["total"] == {
        "calls": 7,
        "spent": 1.2915,
        "unknown": 0.0015,
        "unknownCalls": 1,
        "saved": 0.02,
        "cacheHits": 1,
        "reserved": 0.05,
    }
    for by in By:
        parts = document[f"by{by.capitalize()}"]
        for key in ("spent", "unknown", *(("saved",) if by is not By.COLUMN else ())):
            assert sum(to_micros(str(part[key])) for part in parts) == to_micros(str(document["total"][key]))
        assert sum(part["calls"] for part in parts) == 7
    assert document["byJob"][0] == {
        "jobId": SECOND,
        "file": "/x/leads.xlsx",
        "sheet": "Other",
        "createdAt": NOON,
        "purged": False,
        "calls": 2,
        "spent": 0.28,
        "unknown": 0.0,
        "unknownCalls": 0,
        "saved": 0.0,
        "cacheHits": 0,
    }
    assert document["byColumn"][-1] == {
        "file": None,
        "sheet": None,
        "column": None,
        "purged": True,
        "calls": 2,
        "spent": 1.0,
        "unknown": 0.0,
        "unknownCalls": 0,
    }


def test_json_of_one_grouping(spent: Program) -> None:
    """`--by` leaves the others out, never the total."""
    document = spent("cost", "--json", "--by", "month").json
    assert document.keys() == {"since", "total", "leftOutMonth", "byMonth"}


def test_the_groupings_are_those_of_the_store() -> None:
    """The words of `--by` are written down twice, so that `--help` loads no database."""
    assert [str(by) for by in By] == list(GROUPINGS)


def test_one_job_by_the_beginning_of_its_id(spent: Program) -> None:
    """Its own costs only."""
    document = spent("cost", "--job", "abc", "--json").json
    assert (document["total"]["calls"], document["total"]["spent"]) == (3, 0.0115)
    assert [part["jobId"] for part in document["byJob"]] == [FIRST]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--job", "ab"), "several jobs"),
        (("--job", "x"), "no job x"),
        (("--job", ""), "No job is named"),
        (("--since", "2026-13-01"), "such as 2026-11-01"),
        (("--since", "2026-1-1"), "such as 2026-11-01"),
        (("--since", "20261101"), "such as 2026-11-01"),  # Python would take it
        (("--since", "2026-W48-1"), "such as 2026-11-01"),
        (("--since", "yesterday"), "'yesterday'"),
        (("--since", ""), "such as 2026-11-01"),
        (("--by", "colour"), "colour"),
    ],
)
def test_what_cannot_be_meant_is_said(spent: Program, arguments: tuple[str, ...], words: str) -> None:
    """Exit code 2, one sentence, and no costs."""
    ran = spent("cost", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err


def test_since_a_day(spent: Program) -> None:
    """Earlier calls are out, and so are purged jobs of a month that had begun, which is said."""
    assert spent("cost", "--since", "2026-12-01", "--json").json["total"]["spent"] == 0.28
    ran = spent("cost", "--since", "2026-01-15")
    assert table(ran.out)[-2].startswith("Total 5 $0.2915 ")
    assert "what they cost in 2026-01 is left out, since that month began before 2026-01-15" in ran.err
    document = spent("cost", "--since", "2026-01-15", "--json").json
    assert (document["since"], document["leftOutMonth"]) == ("2026-01-15", "2026-01")


def test_looking_makes_no_store(glaze: Program) -> None:
    """Without one: a sentence, an empty document, or the job that is not there."""
    ran = glaze("cost")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith("No job yet.")
    document = glaze("cost", "--json").json
    assert document["total"]["spent"] == 0
    assert all(document[f"by{by.capitalize()}"] == [] for by in By)
    assert glaze("cost", "--job", "abc").code == 2
    assert glaze("cost", "--since", "soon").code == 2
    assert not glaze.store.exists()


def test_a_store_without_calls_has_a_total(glaze: Program) -> None:
    """Nothing was spent, and that is an answer."""
    connect(glaze.store).close()
    ran = glaze("cost")
    assert (table(ran.out)[-1], ran.err) == ("Total 0 $0.00 $0.00 (0) $0.00", "")


def test_purged_jobs_are_no_calls_of_an_older_glaze(glaze: Program) -> None:
    """Their column is not known either, for another reason."""
    connection = connect(glaze.store)
    past(connection)
    connection.close()
    ran = glaze("cost", "--by", "column")
    assert (table(ran.out)[1:2], ran.err) == (["(purged jobs) 2 $0.000007 $0.00 (0)"], "")


def test_of_very_many_jobs_the_dearest_are_shown(glaze: Program) -> None:
    """The others are one line, so that the lines add up; JSON has each."""
    connection = connect(glaze.store)
    for number in range(MOST + 3):
        create_job(connection, new_job(f"job{number}", rows=1), lambda: NOON)
        call(connection, job_id=f"job{number}", billed=10 + number, task_id=None)
    connection.close()
    lines = table(glaze("cost", "--by", "job").out)
    assert lines[1].startswith(f"job{MOST + 2} ")
    assert lines[-2] == "(3 more) 3 $0.000033 $0.00 (0) $0.00"
    assert len(glaze("cost", "--by", "job", "--json").json["byJob"]) == MOST + 3


def test_no_text_of_a_sheet_acts_on_the_terminal(spent: Program) -> None:
    """Escape sequences and markup in a header, a path or a provider's name are only text."""
    connection = connect(spent.store)
    connection.execute("UPDATE columns SET header = '\x1b[2J[red]Email' WHERE header = 'Email'")
    connection.execute("UPDATE tables SET path = '/x/\x1b]0;evil\x07[b].csv'")
    connection.execute("UPDATE attempts SET provider = '\x1b[31m[link=x]'")
    connection.close()
    for by in By:
        ran = spent("cost", "--by", by)
        assert "\x1b" not in ran.out + ran.err
    assert "[red]Email" in spent("cost", "--by", "column").out


def test_cost_loads_nothing_heavy(spent: Program) -> None:
    """It reads the store and nothing else."""
    assert Loaded.by(["cost", "--store", spent.store]).libraries <= {*TYPER, "rich", "platformdirs"}


def answer(seen: Seen) -> Say:
    """A domain, but the reply to one question is lost on its way."""
    if seen.query["name"] == "B":
        return Say.json({}, 502)
    return Say.json({"domain": "firm.example"})


def sheet(glaze: Program) -> Path:
    """Three companies, one twice."""
    return glaze.leads("many.csv", "Company,Domain\nA,\nB,\nC,\nA,\n")


def test_a_real_run_costs_what_its_status_says(glaze: Program) -> None:
    """Calls to a paid service, one reply lost, then the same again from the cache."""
    folder = glaze.folder / "glaze" / "providers"
    folder.mkdir(parents=True)
    (glaze.folder / "glaze.toml").write_text("[defaults]\nwait_min = 0\nwait_max = 0\n")
    documents: list[dict[str, Any]] = []
    with Loopback(answer) as server:
        (folder / "acme.toml").write_text(SERVICE.format(url=server.url))
        for _ in range(2):
            glaze("enrich", sheet(glaze), "--range", "B2:B5", "--provider", "acme", "--yes", "--quiet")
            documents.append(glaze.last_job())
    cost = glaze("cost", "--json").json
    assert cost["total"]["calls"] >= 3
    assert cost["total"]["unknownCalls"] == sum(d["cost"]["unknownCalls"] for d in documents) > 0
    spent = {part["jobId"]: (part["spent"], part["saved"]) for part in cost["byJob"]}
    assert spent == {d["jobId"]: (d["cost"]["spent"], d["cost"]["saved"]) for d in documents}
    assert spent[documents[1]["jobId"]][1] >= 0.02  # A and C were remembered
    assert [part["column"] for part in cost["byColumn"]] == ["Domain"]
