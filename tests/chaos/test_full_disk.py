"""A full disk, under the store or the sheet: said in a sentence; nothing paid is asked again in silence."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager

from glaze_cli.store.connect import connect
from tests.chaos.scene import Ledger, enrich, filled, job_of, names, paid_service, sheet_of
from tests.chaos.server import Shop, taking
from tests.cli.program import Program

CELLS = 300
AT_ONCE = 20


@contextmanager
def little_room(room: int) -> Iterator[None]:
    """Inside, no file of this process, or of one that it starts, may grow to more than so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))  # Python ignores the signal that comes with it
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def is_one_sentence(words: str) -> bool:
    """Whether it ends with the one error, about the store, and without a traceback."""
    last = words.splitlines()[-1].startswith("Error: The store could not be written: ")
    return last and words.count("Error: ") == 1 and "Traceback" not in words


def test_no_room_for_the_job_asks_nothing(glaze: Program) -> None:
    """Full before the job is in the store: a sentence, exit code 2, no call, the sheet unchanged."""
    with Shop(taking(0.0, 0.01, 7)) as shop:
        paid_service(glaze.folder, shop.url)
        path = sheet_of(glaze.folder, CELLS)
        before = path.read_bytes()
        connect(glaze.store).close()  # it is there, and empty
        with little_room(50_000):
            ran = glaze(*enrich(path))
        assert (ran.code, is_one_sentence(ran.err), shop.calls) == (2, True, []), ran.err
        assert path.read_bytes() == before
        assert glaze("status", "--json").json == []


def test_a_disk_that_fills_during_the_run_loses_nothing(glaze: Program) -> None:
    """A sentence, exit code 2, the sheet unchanged; with room again `resume` does the rest, none twice."""
    with Shop(taking(0.01, 0.05, 8)) as shop:
        paid_service(glaze.folder, shop.url)
        path = sheet_of(glaze.folder, CELLS)
        before = path.read_bytes()
        with little_room(1_200_000):
            process = glaze.start(*enrich(path, "--concurrency", AT_ONCE))
        _, words = process.communicate(timeout=60)
        assert (process.returncode, is_one_sentence(words)) == (2, True), words
        assert path.read_bytes() == before
        assert 0 < len(shop.calls) < CELLS
        again = glaze("resume", job_of(glaze), "--plain")
        assert again.code in (0, 3), again.err
        document, ledger = glaze("status", job_of(glaze), "--json").json, Ledger(glaze.store)
    lost = {company for company, word in ledger.word_of.items() if word == "unknown_outcome"}
    assert document["status"] == "completed"
    assert document["cost"]["unknownCalls"] == len(lost) <= AT_ONCE
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
        with little_room(2_500_000):
            ran = glaze(*enrich(path, "--limit", 20))
        assert (ran.code, "Traceback" in ran.err) == (6, False), ran.err
        assert path.read_bytes() == before
        assert [entry.name for entry in glaze.folder.glob("*leads*")] == [path.name]
        again = glaze("resume", job_of(glaze), "--plain")
        assert again.code == 0, again.err
    assert shop.counted == dict.fromkeys(names(20), 1)
    assert path.read_bytes().count(b".example\n") == 20
