"""A full disk under the store: said in a sentence, and afterwards nothing paid is asked again in silence."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys

import pytest

from glaze_cli.store.connect import connect
from tests.chaos.scene import Ledger, enrich, filled, job_of, names, paid_service, sheet_of
from tests.chaos.server import Shop, taking
from tests.cli.program import Program

CELLS = 300


def run_with_room(glaze: Program, arguments: list[str], room: int) -> subprocess.CompletedProcess[str]:
    """Run it where no file may grow to more than so many bytes."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    return subprocess.run(
        [sys.executable, "-B", "-m", "glaze_cli", *arguments, "--store", str(glaze.store)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=limit,
    )


@pytest.mark.parametrize("more", [30_000, 1_000_000])
def test_a_full_disk_loses_nothing(glaze: Program, more: int) -> None:
    """One sentence, the sheet unchanged; with room again, the rest is asked, and nothing twice."""
    with Shop(taking(0.01, 0.05, 8)) as shop:
        paid_service(glaze.folder, shop.url)
        path = sheet_of(glaze.folder, CELLS)
        connect(glaze.store).close()  # the store is there, and empty
        room = glaze.store.stat().st_size + more
        before = path.read_bytes()
        ran = run_with_room(glaze, enrich(path, "--concurrency", 20), room)
        assert (ran.returncode, "Traceback" in ran.stderr) == (2, False), ran.stderr
        assert ran.stderr.count("Error: ") == 1
        assert ran.stderr.splitlines()[-1].startswith("Error: The store could not be written: ")
        assert path.read_bytes() == before
        assert bool(shop.calls) == (more > 100_000)  # it was full before the first call, or among the calls

        jobs = glaze("status", "--json").json
        again = glaze(*(["resume", jobs[0]["jobId"], "--plain"] if jobs else enrich(path)))
        assert again.code in (0, 3), again.err
        document, ledger = glaze("status", job_of(glaze), "--json").json, Ledger(glaze.store)
    lost = {company for company, word in ledger.word_of.items() if word == "unknown_outcome"}
    assert document["status"] == "completed"
    assert document["cost"]["unknownCalls"] == len(lost) <= 20
    assert max(shop.counted.values()) == 1
    assert filled(path) == {*names(CELLS)} - lost
    assert {*names(CELLS)} - lost <= {*shop.counted}


def test_no_room_for_the_sheet_keeps_the_values(glaze: Program) -> None:
    """The store has room, the file has not: it is the old one, exit 6; `resume` writes it, asking nothing."""
    with Shop(taking(0.0, 0.01, 9)) as shop:
        paid_service(glaze.folder, shop.url)
        path = sheet_of(glaze.folder, 20)
        path.write_bytes(path.read_bytes() + b'"' + b"x" * 3_000_000 + b'",there already\n')
        before = path.read_bytes()
        ran = run_with_room(glaze, enrich(path, "--limit", 20), 2_500_000)
        assert (ran.returncode, "Traceback" in ran.stderr) == (6, False), ran.stderr
        assert path.read_bytes() == before
        assert [entry.name for entry in glaze.folder.glob("*leads*")] == [path.name]
        again = glaze("resume", job_of(glaze), "--plain")
        assert again.code == 0, again.err
    assert shop.counted == dict.fromkeys(names(20), 1)
    assert path.read_bytes().count(b".example\n") == 20
