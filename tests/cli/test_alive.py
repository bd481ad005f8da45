"""Whether the process that says it works on a job is there."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from glaze_cli.cli.alive import (
    _birth_by_psutil,
    _birth_on_linux,
    is_there,
    is_this_process,
    owner_of,
    this_process,
)

LATER = time.time() + 1_000_000
BEFORE = 0.0
NAMED = "open('/proc/self/comm', 'w').write(') Z (1 2'); print(1, flush=True); import time; time.sleep(60)"
"""A process with such a name."""


@pytest.fixture
def other():  # type: ignore[no-untyped-def]
    """Another process of this machine."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process
    process.kill()
    process.wait()


def test_we_are_there() -> None:
    """Whatever our lease says, and by the same name at every look."""
    assert is_there(this_process(), BEFORE)
    assert is_this_process(this_process())
    assert this_process() == owner_of(os.getpid())


def test_a_killed_process_is_gone_at_once(other) -> None:  # type: ignore[no-untyped-def]
    """Also while nobody has taken note of its end (a zombie), and although its lease would run on."""
    owner = owner_of(other.pid)
    assert is_there(owner, BEFORE)
    assert not is_this_process(owner)
    other.kill()
    end = time.monotonic() + 10
    while is_there(owner, LATER) and time.monotonic() < end:
        time.sleep(0.02)
    assert not is_there(owner, LATER)
    other.wait()
    assert not is_there(owner, LATER)


def test_a_number_that_was_used_again_is_another_process(other) -> None:  # type: ignore[no-untyped-def]
    """The process of that number was born at another time."""
    place, _, _ = owner_of(other.pid).rpartition(":")
    assert not is_there(f"{place}:{time.time() - 5_000:.0f}", LATER)


@pytest.mark.parametrize(
    "owner",
    [
        "elsewhere/1:4711:1700000000",  # another machine
        f"{socket.gethostname()}/1:4711:1700000000",  # a container of the same name
        "oldhost:4711",  # as an earlier version wrote it
        "nonsense",
    ],
)
def test_who_cannot_be_looked_at_is_believed_until_its_lease_runs_out(owner: str) -> None:
    """We cannot see processes of another machine."""
    assert is_there(owner, LATER)
    assert not is_there(owner, BEFORE)


@pytest.mark.skipif(sys.platform != "linux", reason="no /proc")
def test_on_linux_a_birth_is_what_psutil_says(other) -> None:  # type: ignore[no-untyped-def]
    """Ours, another's, a parent's; of a zombie, and of nobody, there is none."""
    other.kill()
    while Path(f"/proc/{other.pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
        time.sleep(0.02)
    assert _birth_on_linux(other.pid) is None
    for pid in (os.getpid(), os.getppid(), 1, other.pid, 2**22 + 1):
        assert _birth_on_linux(pid) == _birth_by_psutil(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="no /proc")
def test_a_name_may_hold_anything() -> None:
    """Parentheses and blanks too: what counts begins after the last one."""
    process = subprocess.Popen([sys.executable, "-c", NAMED], stdout=subprocess.PIPE)
    assert process.stdout is not None and process.stdout.readline()
    assert _birth_on_linux(process.pid) == _birth_by_psutil(process.pid)
    process.kill()
    process.wait()
