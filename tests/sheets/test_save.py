"""Replacing a file: in one step, or not at all."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from glaze_cli.errors import SheetRefused, WriteFailed
from glaze_cli.sheets.save import replacing, unchanged


def test_makes_a_new_file_with_the_rights_of_any_other(tmp_path: Path) -> None:
    """A new file is readable as the umask says, not as a temporary file is."""
    target, usual = tmp_path / "new.csv", tmp_path / "usual.csv"
    usual.touch()
    with replacing(target) as out:
        out.write(b"new")
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == stat.S_IMODE(usual.stat().st_mode)


def test_keeps_mode_and_owner(tmp_path: Path) -> None:
    """What the user allowed others is allowed afterwards; what not, not."""
    target = tmp_path / "x.csv"
    target.write_bytes(b"old")
    target.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(target, 1234, 5678)
    before = target.stat()
    with replacing(target) as out:
        out.write(b"new")
    after = target.stat()
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)


def test_keeps_a_symlink(tmp_path: Path) -> None:
    """The link still is one, and the file it points at has the new content."""
    real, link = tmp_path / "deep" / "real.csv", tmp_path / "link.csv"
    real.parent.mkdir()
    real.write_bytes(b"old")
    link.symlink_to("deep/real.csv")
    with replacing(link) as out:
        out.write(b"new")
    assert link.is_symlink() and link.readlink() == Path("deep/real.csv")
    assert real.read_bytes() == b"new"


@pytest.mark.parametrize("what", ["written", "replaced", "deleted"])
def test_a_source_that_changes_while_it_is_read(tmp_path: Path, what: str) -> None:
    """The user saved the sheet in the middle of our write: their file wins, ours is not written."""
    path = tmp_path / "x.csv"
    path.write_bytes(b"old")
    with (
        pytest.raises(WriteFailed, match="changed by another"),
        replacing(path) as out,
        unchanged(path) as source,
    ):
        out.write(source.read())
        if what != "written":
            path.unlink()
        if what != "deleted":
            path.write_bytes(b"saved by the user")
    assert [left.read_bytes() for left in tmp_path.iterdir()] == [b"saved by the user"] * (what != "deleted")


def test_a_source_that_stays_is_fine(tmp_path: Path) -> None:
    """Reading alone raises nothing."""
    path = tmp_path / "x.csv"
    path.write_bytes(b"old")
    with replacing(path) as out, unchanged(path) as source:
        out.write(source.read() + b"er")
    assert path.read_bytes() == b"older"


@pytest.mark.parametrize("error", [SheetRefused("no"), ValueError("bug"), KeyboardInterrupt()])
def test_an_error_inside_leaves_the_target(tmp_path: Path, error: BaseException) -> None:
    """Whatever goes wrong while writing: the old file stands, nothing else lies about, the error is told."""
    target = tmp_path / "x.csv"
    target.write_bytes(b"old")
    with pytest.raises(type(error)), replacing(target) as out:
        out.write(b"half of the n")
        raise error
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_an_error_of_the_system_becomes_a_sentence(tmp_path: Path) -> None:
    """An error of the disk is a WriteFailed that names the target."""
    target = tmp_path / "x.csv"
    with pytest.raises(WriteFailed, match=r"x\.csv was not written: No space left"), replacing(target):
        raise OSError(28, "No space left on device")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("lock", "sentence"),
    [("~$leads.xlsx", "open in a spreadsheet"), (".~lock.leads.xlsx#", "open in a spreadsheet")],
)
def test_a_file_that_is_open_elsewhere_is_left_alone(tmp_path: Path, lock: str, sentence: str) -> None:
    """Excel's and LibreOffice's lock files say that the user has the sheet open."""
    target = tmp_path / "leads.xlsx"
    target.write_bytes(b"old")
    (tmp_path / lock).touch()
    with pytest.raises(WriteFailed, match=sentence), replacing(target) as out:
        out.write(b"new")
    assert target.read_bytes() == b"old"


def test_places_that_no_file_can_be_written_to(tmp_path: Path) -> None:
    """A folder, a folder that is not there, a read-only file, a device: one sentence each."""
    read_only, pipe = tmp_path / "ro.csv", tmp_path / "pipe"
    read_only.write_bytes(b"old")
    read_only.chmod(0o444)
    os.mkfifo(pipe)
    for target, sentence in (
        (tmp_path, "is a folder"),
        (tmp_path / "nowhere" / "x.csv", "does not exist"),
        (read_only, "read-only"),  # for root as well, who could
        (pipe, "not an ordinary file"),
    ):
        with pytest.raises(WriteFailed, match=sentence), replacing(target) as out:
            out.write(b"new")
    assert read_only.read_bytes() == b"old"


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    """Running out of room in the middle of a write: a sentence, and the file as it was."""
    target = tmp_path / "x.csv"
    target.write_bytes(b"old")
    script = """
import resource, sys, pathlib
from glaze_cli.errors import WriteFailed
from glaze_cli.sheets.save import replacing
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    with replacing(pathlib.Path(sys.argv[1])) as out:
        for _ in range(100):
            out.write(b"x" * 10_000)
except WriteFailed as error:
    print(error)
"""
    ran = subprocess.run([sys.executable, "-c", script, target], capture_output=True, text=True, check=True)
    assert "was not written: File too large" in ran.stdout
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


ENDLESS = """
import sys, pathlib
from glaze_cli.sheets.save import replacing
target = pathlib.Path(sys.argv[1])
print("ready", flush=True)
number = 0
while True:
    number += 1
    with replacing(target) as out:
        for _ in range(200):
            out.write(b"%08d" % number)
            out.flush()
"""


def test_kill_9_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    """A process that does nothing but write, killed at 25 random moments: every time the file is whole."""
    target, chance = tmp_path / "x.csv", random.Random(3)
    target.write_bytes(b"00000000" * 200)
    seen = set()
    for _ in range(25):
        with subprocess.Popen([sys.executable, "-c", ENDLESS, target], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(chance.uniform(0, 0.03))
            process.send_signal(signal.SIGKILL)
        content = target.read_bytes()
        assert content == content[:8] * 200
        seen.add(content[:8])
    assert len(seen) > 1  # some of the kills came after a replace
    with contextlib.suppress(FileNotFoundError):
        for left in tmp_path.glob(".x.csv.*.glaze"):  # what a kill leaves is hidden, and named as ours
            left.unlink()
    assert list(tmp_path.iterdir()) == [target]
