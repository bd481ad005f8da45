"""The same command again and again: only what is new, empty or stale is asked; exit codes tell the rest."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.cli.service import Log, companies, numbered, paid_service
from tests.loopback import Loopback

RUN = ("--columns", "Domain", "--provider", "acme", "--quiet")


def domains(path: Path) -> dict[str, str]:
    """By company, as the file has them."""
    lines = path.read_text("utf-8").splitlines()[1:]
    return dict(line.split(",") for line in lines)


def age(glaze: Program, days: int) -> None:
    """As if all that is remembered had been found so many days ago."""
    with sqlite3.connect(glaze.store) as store:
        for table in ("answers", "enrichment_jobs"):
            older = "strftime('%Y-%m-%dT%H:%M:%fZ', created_at, ?)"
            store.execute(f"UPDATE {table} SET created_at = {older}", (f"-{days} days",))


def test_the_same_line_on_a_growing_sheet_asks_only_the_new_rows(glaze: Program) -> None:
    """Three runs, six rows more each time, one of them unknown to the service: each is asked about once."""
    log = Log()
    with Loopback(log) as server:
        paid_service(glaze, server.url)
        names: list[str] = []
        for turn in range(3):
            names += [*numbered(5, 1 + 5 * turn), f"Nobody {turn}"]
            known = domains(glaze.folder / "leads.csv") if turn else {}
            path = glaze.leads(
                text="\n".join(["Company,Domain", *(f"{n},{known.get(n, '')}" for n in names), ""])
            )
            ran = glaze("enrich", path, *RUN)
            assert (ran.code, ran.out, ran.err) == (0, "", "")
            assert sorted(log.asked) == sorted(names)
            assert sum(bool(domain) for domain in domains(path).values()) == 5 * (turn + 1)
        assert glaze("enrich", path, *RUN).code == 0
        assert len(log.asked) == len(names)  # nothing new: those not found are remembered too
    total = glaze("cost", "--json").json
    assert f"{0.01 * len(names):.2f}" in str(total)


def test_nothing_to_do_is_no_job_and_costs_nothing(glaze: Program) -> None:
    """All is filled: exit code 0, no job, no call, and --min-fill is content."""
    with Loopback(log := Log()) as server:
        paid_service(glaze, server.url)
        path = glaze.leads(text="Company,Domain\nFirm 1,x.com\n")
        ran = glaze("enrich", path, *RUN, "--min-fill", "1", "--json")
    assert (ran.code, ran.json["jobId"], ran.json["fill"]["rate"]) == (0, None, 1.0)
    assert log.asked == []
    assert not glaze.store.exists()


def test_nothing_to_do_makes_the_output_all_the_same(glaze: Program) -> None:
    """What comes after it (a Makefile's next rule) needs the file."""
    path, out = glaze.leads(text="Company,Domain\nFirm 1,x.com\n"), glaze.folder / "out.csv"
    with Loopback(Log()) as server:
        paid_service(glaze, server.url)
        assert glaze("enrich", path, *RUN, "-o", out).code == 0
    assert out.read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ((), 0, ""),
        (("--fail-on", "skipped"), 0, ""),
        (("--fail-on", "not-found"), 3, "--fail-on not-found: 1 cells ended so."),
        (("--fail-on", "failed,not_found"), 3, "ended so"),
        (("--min-fill", "0.75"), 0, ""),
        (("--min-fill", "75%"), 0, ""),
        (("--min-fill", "0.9"), 3, "--min-fill 0.9: 3 of 4 selected cells hold a value (75.0%)."),
        (("--min-fill", "lots"), 2, "--min-fill must be a share such as 0.9 or 90%"),
        (("--fail-on", "done"), 2, "--fail-on takes not-found, skipped, failed"),
    ],
)
def test_what_a_pipeline_may_ask_for(glaze: Program, options: tuple[str, ...], code: int, words: str) -> None:
    """One of four cells is not found: whether that is a failure is the caller's to say."""
    with Loopback(log := Log()) as server:
        paid_service(glaze, server.url)
        path = glaze.leads(text="Company,Domain\nOld,old.com\nFirm 1,\nNobody,\nFirm 2,\n")
        ran = glaze("enrich", path, *RUN, *options)
    assert ran.code == code, ran.err
    assert words in ran.err
    assert len(log.asked) == (0 if code == 2 else 3)


def test_paused_at_a_providers_own_cap_it_says_whose(glaze: Program) -> None:
    """--max-cost would not help: the cap is named where it stands, and raising it there does."""
    with Loopback(log := Log()) as server:
        paid_service(glaze, server.url)
        (glaze.folder / "glaze.toml").write_text("[providers.acme]\nmax_cost = 0.02\n")
        path = companies(glaze, numbered(3))
        ran = glaze("enrich", path, "--columns", "Domain", "--provider", "acme", "--plain")
        job = glaze.last_job()["jobId"]
        assert ran.code == 4
        assert "[providers.acme] max_cost" in ran.err
        assert f"next: glaze resume {job}\n" in ran.err
        (glaze.folder / "glaze.toml").write_text("[providers.acme]\nmax_cost = 0.03\n")
        assert glaze("resume", job, "--quiet").code == 0
    assert len(log.asked) == 3


def test_a_job_that_is_resumed_still_has_to_reach_its_aims(glaze: Program) -> None:
    """--min-fill belongs to the job: the run after a cap counts too."""
    with Loopback(Log()) as server:
        paid_service(glaze, server.url)
        path = companies(glaze, [*numbered(3), "Nobody"])
        assert glaze("enrich", path, *RUN, "--max-cost", "0.02", "--min-fill", "0.9").code == 4
        job = glaze.last_job()["jobId"]
        ran = glaze("resume", job, "--max-cost", "1", "--quiet")
    assert (ran.code, "3 of 4 selected cells" in ran.err) == (3, True)


def test_stale_answers_are_asked_for_anew(glaze: Program) -> None:
    """`refresh = "30d"`: what Glaze found before that is asked again, also where its row has moved; what
    somebody typed is never touched."""
    with Loopback(log := Log()) as server:
        paid_service(glaze, server.url)
        (glaze.folder / "glaze.toml").write_text('[columns."Domain"]\nrefresh = "30d"\n')
        path = glaze.leads(text="Company,Domain\nFirm 1,\nFirm 2,\nFirm 3,typed.example\n")
        assert glaze("enrich", path, *RUN).code == 0
        assert sorted(log.asked) == numbered(2)
        assert glaze("enrich", path, *RUN).code == 0
        assert len(log.asked) == 2
        age(glaze, 31)
        moved = path.read_text("utf-8").splitlines()
        path.write_text("\n".join([moved[0], "Firm 0,", moved[2], moved[1], moved[3], ""]))
        ran = glaze("enrich", path, "--columns", "Domain", "--provider", "acme", "--plain")
        assert ran.code == 0, ran.err
        assert "2 stale" in ran.err
        assert sorted(log.asked[2:]) == numbered(3, 0)
        assert domains(path)["Firm 3"] == "typed.example"
        assert glaze("enrich", path, *RUN).code == 0
        assert len(log.asked) == 5


def test_a_stale_value_that_is_not_found_any_more_stays(glaze: Program) -> None:
    """Nobody empties a cell: the old value is better than none."""
    gone: list[bool] = []
    with Loopback(log := Log(answer=lambda seen: Log()(seen) if not gone else _nothing())) as server:
        paid_service(glaze, server.url)
        (glaze.folder / "glaze.toml").write_text('[columns."Domain"]\nrefresh = "30d"\n')
        path = companies(glaze, numbered(1))
        glaze("enrich", path, *RUN)
        age(glaze, 31)
        gone.append(True)
        assert glaze("enrich", path, *RUN).code == 0
    assert len(log.asked) == 2
    assert domains(path) == {"Firm 1": "firm-1.example"}


def _nothing():  # type: ignore[no-untyped-def]
    from tests.loopback import Say

    return Say.json({}, 404)


def test_changed_rows_are_asked_about_anew(glaze: Program) -> None:
    """--changed: where what a value was found by has changed; only values that Glaze found."""
    with Loopback(log := Log()) as server:
        paid_service(glaze, server.url)
        path = glaze.leads(text="Company,Domain\nFirm 1,\nFirm 2,\nFirm 3,typed.example\n")
        glaze("enrich", path, *RUN)
        text = path.read_text("utf-8").replace("Firm 2", "Firm 22").replace("Firm 3", "Firm 33")
        path.write_text(text)
        assert glaze("enrich", path, *RUN).code == 0
        assert len(log.asked) == 2
        ran = glaze("enrich", path, "--columns", "Domain", "--provider", "acme", "--plain", "--changed")
        assert "1 changed since" in ran.err
        assert log.asked[2:] == ["Firm 22"]
        assert domains(path) == {
            "Firm 1": "firm-1.example",
            "Firm 22": "firm-22.example",
            "Firm 33": "typed.example",
        }
        assert glaze("enrich", path, *RUN, "--changed").code == 0
        assert len(log.asked) == 3


def test_retry_asks_again_what_failed_or_was_not_found(glaze: Program) -> None:
    """--failed by default; --not-found asks the service anew; done cells are never asked again."""
    bad = [True]
    replies = {"Firm 2": 400, "Nobody": 404}

    def answer(seen):  # type: ignore[no-untyped-def]
        from tests.loopback import Say

        code = replies.get(seen.query["name"])
        return Say.json({}, code) if bad and code else Say.json({"domain": "late.example"}) if code else None

    with Loopback(log := Log(answer=answer)) as server:
        paid_service(glaze, server.url)
        path = companies(glaze, [*numbered(2), "Nobody"])
        assert glaze("enrich", path, *RUN).code == 3
        job = glaze.last_job()["jobId"]
        assert glaze("retry", job, "--quiet").code == 3
        assert log.asked[3:] == ["Firm 2"]
        bad.clear()
        assert glaze("retry", job, "--quiet").code == 0
        assert log.asked[4:] == ["Firm 2"]
        assert glaze("retry", job, "--not-found", "--quiet").code == 0
        assert log.asked[5:] == ["Nobody"]
        ran = glaze("retry", job)
    assert (ran.code, f"Job {job} has no cell that ended failed." in ran.err) == (0, True)
    assert all(domains(path).values())
    document = glaze.last_job()
    assert (document["doneTasks"], document["failedTasks"], document["notFoundTasks"]) == (3, 0, 0)
