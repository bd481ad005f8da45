"""Whose turn it is."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.engine.turn import why_wait
from glaze_cli.model import JobStatus
from glaze_cli.store.leases import Held


def held(number: int, status: str = "pending", path: str = "", target: str | None = "same") -> Held:
    """A job with a file of its own, unless told otherwise, which it writes."""
    file = path or f"/x/{number}.csv"
    where = file if target == "same" else target
    return Held(number, f"j{number}", JobStatus(status), f"here:{number}:0", 0.0, file, where)


RUNNING = "running"
CASES = [
    ("alone", [held(1)], 1, None),
    ("room beside four", [*(held(n, RUNNING) for n in range(1, 5)), held(5)], 5, None),
    ("the sixth", [*(held(n, RUNNING) for n in range(1, 6)), held(6)], 6, "5 jobs"),
    (
        "one that writes its values back still counts",
        [*(held(n, "paused") for n in range(1, 6)), held(6)],
        6,
        "5 jobs",
    ),
    (
        "the older of two waiting goes first",
        [*(held(n, RUNNING) for n in range(1, 5)), held(5), held(6)],
        5,
        None,
    ),
    ("and the younger waits", [*(held(n, RUNNING) for n in range(1, 5)), held(5), held(6)], 6, "5 jobs"),
    (
        "two on one file",
        [held(1, RUNNING, "/x/a.csv"), held(2, path="/x/a.csv")],
        2,
        "job j1 works on the same",
    ),
    (
        "who waits for its file holds up nobody",
        [held(1, RUNNING, "/a"), held(2, path="/a"), held(3)],
        3,
        None,
    ),
    (
        "three on one file keep their order",
        [held(1, RUNNING, "/a"), held(2, path="/a"), held(3, path="/a")],
        3,
        "j1",
    ),
    ("both wait, the older first", [held(1, path="/a"), held(2, path="/a")], 2, "job j1"),
    ("two that only read", [held(1, RUNNING, "/a", None), held(2, path="/a", target=None)], 2, None),
    (
        "one reads what the other writes",
        [held(1, RUNNING, "/a", "/b"), held(2, path="/b", target="/c")],
        2,
        "j1",
    ),
    ("both write one file", [held(1, RUNNING, "/a", "/out"), held(2, path="/b", target="/out")], 2, "j1"),
    ("one file to different files", [held(1, RUNNING, "/a", "/b"), held(2, path="/a", target="/c")], 2, None),
    ("a resumed old job goes before a new one", [held(2), held(9)], 2, None),
]


@pytest.mark.parametrize(("words", "jobs", "ours", "why"), CASES, ids=[case[0] for case in CASES])
def test_whose_turn(words: str, jobs: Sequence[Held], ours: int, why: str | None) -> None:
    """A slot that is free and a file that nobody works on, in the order the jobs were made."""
    found = why_wait(f"j{ours}", jobs, 5)
    assert (found is None) if why is None else (found is not None and why in found), found


@given(
    st.lists(st.tuples(st.sampled_from(["pending", "running"]), st.integers(1, 4)), max_size=12),
    st.integers(1, 4),
)
def test_starting_whoever_may_never_breaks_a_rule(jobs: list[tuple[str, int]], most: int) -> None:
    """However many wait: never more than `most` start beside those at work, never two on one file, and
    somebody starts when there is room."""
    files: set[int] = set()
    now: list[Held] = []
    for number, (status, file) in enumerate(jobs):
        if status == "running" and (file in files or len(files) >= most):
            status = "pending"  # such a state never comes about
        if status == "running":
            files.add(file)
        now.append(held(number, status, f"/f{file}"))
    while True:
        ready = [
            job for job in now if job.status is JobStatus.PENDING and not why_wait(job.job_id, now, most)
        ]
        if not ready:
            break
        now = [held(j.number, RUNNING, j.path) if j is ready[-1] else j for j in now]
        at_work = [job for job in now if job.status is JobStatus.RUNNING]
        assert len(at_work) <= most
        assert len({job.path for job in at_work}) == len(at_work)
    waiting = {job.path for job in now if job.status is JobStatus.PENDING}
    at_work = [job for job in now if job.status is JobStatus.RUNNING]
    assert not waiting or len(at_work) == most or waiting <= {job.path for job in at_work}
