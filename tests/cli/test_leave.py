"""The end of the process: quick, and nothing that was promised is left out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

END = "from glaze_cli.cli.leave import leave; leave(3)"


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ("print('words')", "words\n"),
        ("import atexit; atexit.register(print, 'farewell'); print('words')", "words\nfarewell\n"),
        (
            "import threading, time\n"
            "threading.Thread(target=lambda: (time.sleep(0.05), print('from beside'))).start()",
            "from beside\n",
        ),
        (
            "import asyncio, weakref; A = type('A', (), {}); a = A(); weakref.finalize(a, print, 'put away')",
            "put away\n",
        ),
        ("import sys; sys.stdout = sys.stderr = None", ""),
    ],
    ids=["words", "farewells", "another thread", "after a run", "no streams"],
)
def test_the_exit_code_and_all_that_was_said(before: str, said: str) -> None:
    """What was printed arrives, what was registered runs, another thread ends its work."""
    ended = subprocess.run([sys.executable, "-c", f"{before}\n{END}"], capture_output=True, text=True)
    assert (ended.returncode, ended.stdout, ended.stderr) == (3, said, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_words_that_cannot_be_written_are_no_success() -> None:
    """The disk is full at the very end: the interpreter's own word and code for it, as ever."""
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-E", "-c", "print('words')\nfrom glaze_cli.cli.leave import leave; leave(0)"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert ended.returncode == 120 and "No space left" in ended.stderr


def test_after_a_run_the_store_is_one_file(tmp_path: Path) -> None:
    """What was committed stands in it, and no write-ahead log stays beside it."""
    (tmp_path / "leads.csv").write_text("Email,Domain\nann@acme.com,\n")
    command = [sys.executable, "-m", "glaze_cli", "enrich", "leads.csv", "--columns", "Domain", "--offline"]
    ended = subprocess.run([*command, "--store", "glaze.db"], cwd=tmp_path, capture_output=True, text=True)
    assert ended.returncode == 0
    assert (tmp_path / "leads.csv").read_text() == "Email,Domain\nann@acme.com,acme.com\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["glaze.db", "leads.csv"]
