"""A provider over HTTP, described by a manifest, against a server on loopback that behaves and misbehaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.loopback import Loopback, Say, Seen

COMPANIES = """Company,LEI
Acme Steel AG,
Brightwater Ltd,
Cobalt GmbH,
"""


def gleif(seen: Seen) -> Say:
    """GLEIF's shape: one record of the very name that was asked."""
    name = seen.query["filter[entity.legalName]"]
    record = {
        "type": "lei-records",
        "id": "5299000J2N45DDNE4Y28",
        "attributes": {
            "entity": {
                "legalName": {"name": name},
                "legalAddress": {"addressLines": ["1 Main St"], "city": "Ulm", "country": "DE"},
            },
            "registration": {"status": "ISSUED"},
        },
        "links": {"self": "https://api.gleif.org/x"},
    }
    return Say.json({"data": [record]})


def sheet(glaze: Program, server: Loopback) -> Path:
    """A sheet of companies, with GLEIF on loopback, and no long waits."""
    quick = "[defaults]\nattempts = 2\nwait_min = 0\nwait_max = 0\n"
    (glaze.folder / "glaze.toml").write_text(f'{quick}[providers.gleif]\nbase_url = "{server.url}"\n')
    return glaze.leads("companies.csv", COMPANIES)


def test_one_call_fills_all_columns_of_a_row_and_is_kept(glaze: Program) -> None:
    """Three columns from one provider cost one call a row; asked again, none."""
    with Loopback(gleif) as server:
        path = sheet(glaze, server)
        options = ("--columns", "LEI,Legal name,City", "--provider", "gleif", "--plain")
        ran = glaze("enrich", path, *options)
        assert ran.code == 0, ran.err
        assert len(server.seen) == 3
        assert "5299000J2N45DDNE4Y28,Acme Steel AG,Ulm" in path.read_text("utf-8")
        again = glaze.leads("again.csv", COMPANIES)
        assert glaze("enrich", again, *options).code == 0
        assert again.read_bytes() == path.read_bytes()
        assert len(server.seen) == 3
        assert {cell["source"] for cell in glaze.last_job()["cells"]} == {"cache"}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (Say(status=500), "provider_error"),  # the provider's own error
        (Say.html_as_json(), "provider_error"),  # a captive portal
        (Say(cut=-1), "unreachable"),  # the connection is cut, and the call was free: repeated, then failed
    ],
)
def test_a_bad_answer_fails_its_cell_only(glaze: Program, bad: Say, reason: str) -> None:
    """One company's answers are broken: its cell failed, the others are done, exit code 3."""

    def answer(seen: Seen) -> Say:
        return bad if "Brightwater" in seen.query["filter[entity.legalName]"] else gleif(seen)

    with Loopback(answer) as server:
        path = sheet(glaze, server)
        ran = glaze("enrich", path, "--range", "B2:B4", "--plain")
    assert ran.code == 3, ran.err
    cells = glaze.last_job()["cells"]
    assert [(cell["status"], cell["reason"]) for cell in cells] == [
        ("done", None),
        ("failed", reason),
        ("done", None),
    ]
    assert "Brightwater Ltd,\n" in path.read_text("utf-8")


def test_a_killed_network_fails_every_cell_and_leaves_the_file(glaze: Program) -> None:
    """Nobody listens: all cells failed, the file's bytes are unchanged, the exit code is not 0."""
    with Loopback(gleif) as server:
        path = sheet(glaze, server)
    before = path.read_bytes()
    ran = glaze("enrich", path, "--range", "B2:B4", "--plain")
    assert (ran.code, path.read_bytes()) == (3, before)
    assert glaze.last_job()["status"] == "failed"


def test_a_refusal_drops_the_provider(glaze: Program) -> None:
    """401: said once, and exit code 5 when nobody else can fill the cells."""
    with Loopback(Say(status=401)) as server:
        path = sheet(glaze, server)
        ran = glaze("enrich", path, "--range", "B2:B4", "--concurrency", 1, "--plain")
        assert ran.code == 5, ran.err
        assert len(server.seen) == 1


def test_offline_means_offline(glaze: Program) -> None:
    """--offline asks nobody over the network, and says so where that leaves a column to nobody."""
    with Loopback(gleif) as server:
        path = sheet(glaze, server)
        ran = glaze("enrich", path, "--range", "B2:B4", "--offline")
        assert (ran.code, server.seen) == (2, [])


def test_a_miss_is_not_a_failure(glaze: Program) -> None:
    """No such company: not found, exit code 0."""
    with Loopback(Say.json({"data": []})) as server:
        ran = glaze("enrich", sheet(glaze, server), "--range", "B2:B4", "--plain")
    assert ran.code == 0, ran.err
    assert {cell["status"] for cell in glaze.last_job()["cells"]} == {"not_found"}
