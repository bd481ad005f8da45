"""Jobs at once: five run, the next waits; two on one file take turns; a dead one's place is taken."""

from __future__ import annotations

import csv
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from glaze_cli.store.connect import connect
from glaze_cli.store.jobs import get_job
from tests.cli.program import Program

QUICK = ("--columns", "Email", "--provider", "mock", "--plain")
SLOW = (*QUICK, "--mock-latency", "0.3", "--concurrency", 2)


def sheet(glaze: Program, name: str, rows: int = 20) -> Path:
    """A sheet without e-mail addresses."""
    return glaze.leads(
        f"{name}.csv", "\n".join(["Company,Email", *(f"{name} {n}," for n in range(rows)), ""])
    )


def jobs(glaze: Program) -> dict[str, dict[str, Any]]:
    """By the sheet's name."""
    if not glaze.store.exists():
        return {}
    return {Path(job["file"]).stem: job for job in glaze("jobs", "--json").json}


def wait_for(glaze: Program, holds: Callable[[dict[str, dict[str, Any]]], bool]) -> dict[str, dict[str, Any]]:
    """The jobs, once they are as wanted."""
    end = time.monotonic() + 40
    while time.monotonic() < end:
        now = jobs(glaze)
        if holds(now):
            return now
        time.sleep(0.1)
    raise AssertionError(f"it never came to that: {jobs(glaze)}")


def states(now: dict[str, dict[str, Any]]) -> list[str]:
    """How many are in which state, sorted."""
    return sorted(job["status"] for job in now.values())


def ends(processes: dict[str, subprocess.Popen[str]]) -> dict[str, tuple[int, str]]:
    """Their exit codes and words."""
    return {name: (p.wait(60), p.communicate()[1]) for name, p in processes.items()}


def test_of_six_jobs_one_waits_and_a_killed_ones_place_is_taken(glaze: Program) -> None:
    """Five run and one waits; kill -9 one of the five: the sixth starts; all the others finish."""
    processes = {f"s{n}": glaze.start("enrich", sheet(glaze, f"s{n}", 50), *SLOW) for n in range(1, 7)}
    wait_for(glaze, lambda now: states(now) == ["pending", *["running"] * 5])
    time.sleep(1.0)  # so that the sixth has looked, and said that it waits
    now = wait_for(glaze, lambda now: states(now) == ["pending", *["running"] * 5])
    waiting = next(name for name, job in now.items() if job["status"] == "pending")
    victim = next(name for name, job in now.items() if job["status"] == "running")
    processes[victim].kill()
    later = wait_for(glaze, lambda now: now[waiting]["status"] != "pending")
    others = [later[name]["status"] for name in later if name not in (victim, waiting)]
    assert later[victim]["status"] == "interrupted"
    assert "completed" not in others  # it took the dead one's place, not one that became free
    ended = ends(processes)
    assert {name: code for name, (code, _) in ended.items()} == {
        name: -9 if name == victim else 0 for name in processes
    }
    assert "waits for its turn: 5 jobs" in ended[waiting][1]
    assert glaze("resume", later[victim]["jobId"]).code == 0
    assert states(jobs(glaze)) == ["completed"] * 6


def test_two_runs_on_one_file_take_turns(glaze: Program) -> None:
    """The second waits in words, reads what the first wrote, and asks nothing twice."""
    path = sheet(glaze, "one", 25)
    first = glaze.start("enrich", path, *SLOW)
    wait_for(glaze, lambda now: states(now) == ["running"])
    second = glaze.start("enrich", path, *SLOW)
    _, words = second.communicate(timeout=60)
    assert (first.wait(60), second.returncode) == (0, 0), words
    assert "waits for its turn: job" in words and "works on the same file" in words
    assert "read anew" in words
    first.communicate()
    with path.open(encoding="utf-8", newline="") as handle:
        assert all(row[1] for row in list(csv.reader(handle))[1:])
    latest = glaze("jobs", "--json").json
    assert [job["totalTasks"] for job in latest] == [0, 25]
    assert [job["status"] for job in latest] == ["completed", "completed"]


def test_who_must_not_wait_is_refused_in_words(glaze: Program) -> None:
    """--no-wait: exit code 2, at once, and nothing is asked."""
    path = sheet(glaze, "one")
    first = glaze.start("enrich", path, *SLOW)
    wait_for(glaze, lambda now: states(now) == ["running"])
    ran = glaze("enrich", path, *SLOW, "--no-wait")
    assert ran.code == 2
    assert "works on the same file" in ran.err
    assert len(glaze("jobs", "--json").json) == 1  # no job was made
    first.terminate()
    first.communicate()


def test_a_waiting_job_can_be_stopped_and_goes_on_later(glaze: Program) -> None:
    """Ctrl-C while it waits: 130, interrupted; `resume` runs it when its turn has come."""
    path = sheet(glaze, "one", 60)
    first = glaze.start("enrich", path, *SLOW)
    wait_for(glaze, lambda now: states(now) == ["running"])
    second = glaze.start("enrich", path, *QUICK, "-o", glaze.folder / "two.csv")
    wait_for(glaze, lambda now: len(glaze("jobs", "--json").json) == 2)
    time.sleep(0.5)
    second.send_signal(signal.SIGINT)
    assert second.wait(20) == 130, second.communicate()
    latest = glaze("jobs", "--json").json[0]
    assert (latest["status"], latest["exitCode"]) == ("interrupted", 130)
    first.terminate()
    assert first.wait(30) == 143
    for process in (first, second):
        process.communicate()
    assert glaze("resume", latest["jobId"], "--plain").code == 0
    assert glaze("status", latest["jobId"], "--json").json["status"] == "completed"


def test_cancel_stops_a_job_from_another_terminal(glaze: Program) -> None:
    """What is done is written, the rest can be resumed; the run ends with 130, and so does `wait`."""
    path = sheet(glaze, "one")
    process = glaze.start("enrich", path, *SLOW)
    job = wait_for(glaze, lambda now: "one" in now and now["one"]["doneTasks"] > 2)["one"]["jobId"]
    ran = glaze("cancel", job)
    assert ran.code == 0, ran.err
    assert f"Job {job} is cancelled; `glaze resume {job}` goes on with" in ran.err
    _, words = process.communicate(timeout=30)
    assert process.returncode == 130, words
    assert "Cancelled: calls in flight may finish" in words
    document = glaze("status", job, "--json").json
    assert document["status"] == "cancelled"
    assert path.read_text("utf-8").count("@") == document["doneTasks"] > 2
    assert glaze("wait", job).code == 130
    again = glaze("cancel", job)
    assert (again.code, "nothing to cancel" in again.err) == (0, True)
    assert glaze("resume", job, "--plain").code == 0
    assert "nothing to cancel" in glaze("cancel", job).err


def test_a_detached_job_runs_by_itself(glaze: Program) -> None:
    """The id at once, on stdout; `wait` ends with the job's exit code when the file is written; a log."""
    path = sheet(glaze, "one", 6)
    ran = glaze("enrich", path, *SLOW, "--detach", "--fail-on", "not-found")
    job = ran.out.strip()
    assert ran.code == 0
    assert path.read_text("utf-8").count("@") == 0
    early = glaze("wait", job, "--timeout", "0.1")
    assert (early.code, "goes on" in early.err) == (124, True)
    waited = glaze("wait", job, "--timeout", 60, "--json")
    assert waited.json["exitCode"] == waited.code
    found = path.read_text("utf-8").count("@")
    assert found == waited.json["doneTasks"]
    assert waited.code == (0 if found == 6 else 3)
    log = Path(waited.json["log"])
    assert log.stat().st_mode & 0o777 == 0o600
    assert f"Job {job} completed" in log.read_text("utf-8")


def test_a_detached_job_whose_process_cannot_go_on_says_so(glaze: Program) -> None:
    """Its settings are broken by the time it starts: `wait` ends with its exit code, `status` says why."""
    path = sheet(glaze, "one", 3)
    process = glaze.start("enrich", path, *SLOW)
    wait_for(glaze, lambda now: states(now) == ["running"])
    process.kill()
    process.communicate()
    (glaze.folder / "glaze.toml").write_text("[defaults]\nconcurrency = 0\n")
    job = glaze("jobs", "--json").json[0]["jobId"]
    assert glaze("resume", job, "--detach").code == 0
    waited = glaze("wait", job, "--timeout", 60, "--json")
    assert (waited.code, waited.json["status"]) == (2, "interrupted")
    assert "concurrency must be between" in waited.json["error"]
    (glaze.folder / "glaze.toml").unlink()
    assert glaze("resume", job, "--plain").code == 0


def test_a_dead_detached_process_is_seen_to_be_gone(glaze: Program) -> None:
    """kill -9 of the job's own process: `wait` ends with 130 and names its log."""
    path = sheet(glaze, "one")
    job = glaze("enrich", path, *SLOW, "--detach").out.strip()
    wait_for(glaze, lambda now: now["one"]["status"] == "running")
    owner = glaze_owner(glaze, job)
    subprocess.run(["kill", "-9", owner], check=True)
    waited = glaze("wait", job, "--timeout", 30, "--json")
    assert waited.code == 130
    assert waited.json["status"] == "interrupted"
    assert waited.json["log"] in waited.json["error"]
    assert glaze("resume", job, "--plain").code == 0


def test_values_that_were_found_and_not_written_are_written_by_resume(glaze: Program) -> None:
    """Its process was killed when all cells had ended and the file was not yet written."""
    path = sheet(glaze, "one", 3)
    before = path.read_bytes()
    assert glaze("enrich", path, *SLOW).code == 0
    job = glaze.last_job()["jobId"]
    after = path.read_bytes()
    path.write_bytes(before)
    store = connect(glaze.store)
    store.execute("UPDATE enrichment_jobs SET written_at = NULL, owner = 'here:1:1', exit_code = NULL")
    store.close()
    assert glaze("wait", job).code == 130
    assert glaze("resume", job, "--plain").code == 0
    assert path.read_bytes() == after
    assert "no cell is left" in glaze("resume", job).err


def glaze_owner(glaze: Program, job: str) -> str:
    """The number of the process that works on it."""
    owner = get_job(connect(glaze.store), job).owner
    assert owner is not None
    return owner.split(":")[-2]
