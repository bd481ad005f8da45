"""The program as a real process: watched, stopped, killed, resumed."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import Program

ROWS = 80


def many(glaze: Program) -> Path:
    """A sheet that keeps the mock provider busy for a while."""
    lines = ["Company,Email", *(f"Firm {number},\n".strip() for number in range(ROWS))]
    return glaze.leads("many.csv", "\n".join(lines) + "\n")


SLOW = ("--range", "B2:B", "--provider", "mock", "--mock-latency", "0.2", "--concurrency", 4, "--plain")


def wait_for(glaze: Program, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The latest job's document, once it is as wanted."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if glaze.store.exists():
            found = glaze("status", "--json").json
            if found and holds(found[0]):
                document: dict[str, Any] = found[0]
                return document
        time.sleep(0.05)
    raise AssertionError("the job never came to that")


def under_way(document: dict[str, Any]) -> bool:
    """Some cells have ended, others have not."""
    return document["status"] == "running" and 0 < document["progress"] < 90


def filled(path: Path) -> int:
    """How many e-mail cells hold a value."""
    with path.open(encoding="utf-8", newline="") as handle:
        return sum(bool(row[1]) for row in list(csv.reader(handle))[1:])


def test_another_terminal_sees_the_job_move_and_end(glaze: Program) -> None:
    """`glaze status --json` shows `running` with a moving progress, and later `completed`."""
    process = glaze.start("enrich", many(glaze), *SLOW)
    first = wait_for(glaze, under_way)
    second = wait_for(glaze, lambda document: document["progress"] > first["progress"])
    assert second["jobId"] == first["jobId"]
    watched = glaze("status", first["jobId"], "--watch", "--timeout", 30, "--json")
    assert (watched.json["status"], watched.json["progress"]) == ("completed", 100.0)
    assert process.wait(30) == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stop_writes_what_is_done_and_resume_does_the_rest(
    glaze: Program, number: signal.Signals, code: int
) -> None:
    """One signal: calls in flight end, the file has what was found, the rest waits for `resume`."""
    sheet = many(glaze)
    process = glaze.start("enrich", sheet, *SLOW)
    wait_for(glaze, under_way)
    process.send_signal(number)
    _, words = process.communicate(timeout=30)
    assert process.returncode == code, words
    document = glaze.last_job()
    assert document["status"] == "interrupted"
    assert 0 < filled(sheet) == document["doneTasks"] < ROWS
    assert f"glaze resume {document['jobId']}" in words
    ran = glaze("resume", document["jobId"], "--plain")
    assert (ran.code, filled(sheet)) == (0, ROWS)
    calls = glaze.last_job()["providers"][0]["calls"]
    assert calls == ROWS


def test_a_second_signal_stops_at_once(glaze: Program) -> None:
    """Ctrl-C twice does not wait for slow calls; what was found is written, the rest can be resumed."""
    sheet = many(glaze)
    slow = ("--range", "B2:B", "--provider", "mock", "--mock-latency", 60, "--plain")
    process = glaze.start("enrich", sheet, *slow)
    wait_for(glaze, lambda document: document["status"] == "running")
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, words = process.communicate(timeout=20)
    assert process.returncode == 130, words
    assert "Traceback" not in words
    assert "B2:B" in words  # as typed: no letter of it is an emoji to anybody
    assert glaze.last_job()["status"] == "interrupted"


def test_a_killed_run_loses_nothing_that_was_committed(glaze: Program) -> None:
    """kill -9: the file is the old one, the store has what was answered, and `resume` asks only the rest."""
    sheet = many(glaze)
    before = sheet.read_bytes()
    process = glaze.start("enrich", sheet, *SLOW)
    wait_for(glaze, under_way)
    process.kill()
    process.communicate(timeout=30)
    assert sheet.read_bytes() == before
    document = glaze.last_job()
    assert document["status"] == "interrupted"
    done = document["doneTasks"]
    assert 0 < done < ROWS
    ran = glaze("resume", document["jobId"], "--plain")
    assert (ran.code, filled(sheet)) == (0, ROWS)
    assert glaze.last_job()["providers"][0]["calls"] == ROWS


def test_a_running_job_is_not_resumed_twice(glaze: Program) -> None:
    """`resume` of a job that has a process is refused in words."""
    process = glaze.start("enrich", many(glaze), *SLOW)
    document = wait_for(glaze, under_way)
    ran = glaze("resume", document["jobId"])
    assert ran.code == 2
    assert "is running" in ran.err
    process.terminate()
    process.communicate(timeout=30)


def test_a_stream_is_one_event_a_line(glaze: Program) -> None:
    """--stream prints JSON lines to stdout, from the job's start to its end, without ANSI."""
    process = glaze.start("enrich", glaze.leads(), "--range", "F2:H4", "--offline", "--stream")
    out, words = process.communicate(timeout=30)
    events = [json.loads(line) for line in out.splitlines()]
    assert process.returncode == 0, words
    assert (events[0]["event"], events[-1]["event"]) == ("job_started", "job_finished")
    assert len([event for event in events if event["event"] == "cell_finished"]) == 9
    assert "\x1b" not in out + words


def test_a_reader_that_stops_reading_does_no_harm(glaze: Program) -> None:
    """`glaze enrich --stream | head -1`: the job goes on to its end, without a traceback."""
    sheet = glaze.leads()
    process = glaze.start("enrich", sheet, "--range", "F2:H4", "--offline", "--stream")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    words = process.stderr.read()
    process.wait(30)
    assert "Traceback" not in words
    assert glaze.last_job()["status"] == "completed"
    assert "Anna" in sheet.read_text("utf-8")


@pytest.mark.parametrize("closed", ["1>&-", "1>&- 0<&-"])
def test_a_closed_stdout_is_no_failure(glaze: Program, closed: str) -> None:
    """Started without a stdout, as some schedulers do: the job is done, exit code 0."""
    sheet = glaze.leads()
    command = f"{sys.executable} -m glaze_cli enrich {sheet} --range F2:F4 --offline --store {glaze.store}"
    ended = subprocess.run(["bash", "-c", f"{command} {closed}"], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr
    assert "Anna" in sheet.read_text("utf-8")
