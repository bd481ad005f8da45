"""`-`: a CSV from stdin, filled, to stdout."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from tests.cli.program import LEADS, Program
from tests.cli.service import Log, paid_service
from tests.loopback import Loopback, Say

FILL = ("--range", "F2:H4", "--offline", "--quiet")


class Bytes(io.TextIOWrapper):
    """A stdin or stdout whose bytes a test gives or sees."""

    def __init__(self, content: bytes = b"") -> None:
        self.raw_bytes = io.BytesIO(content)
        super().__init__(self.raw_bytes, encoding="utf-8", write_through=True)


def piped(
    glaze: Program, monkeypatch: pytest.MonkeyPatch, text: str, *arguments: object
) -> tuple[int, bytes, str]:
    """Run it with the text on stdin: (exit code, the bytes on stdout, the words)."""
    out = Bytes()
    monkeypatch.setattr(sys, "stdin", Bytes(text.encode()))
    monkeypatch.setattr(sys, "stdout", out)
    ran = glaze(*arguments)
    monkeypatch.undo()
    return ran.code, out.raw_bytes.getvalue(), ran.err


def left(glaze: Program) -> list[Path]:
    """What is kept of piped sheets."""
    return sorted((glaze.folder / "piped").glob("*"))


def test_what_comes_out_is_what_a_file_would_hold(glaze: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Byte for byte; nothing of it stays behind."""
    path = glaze.leads()
    assert glaze("enrich", path, *FILL).code == 0
    code, out, words = piped(glaze, monkeypatch, LEADS, "enrich", "-", *FILL)
    assert (code, words) == (0, "")
    assert out == path.read_bytes()
    assert left(glaze) == []


def test_a_file_can_go_to_stdout_and_a_pipe_into_a_file(
    glaze: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`-o -`, and `- -o out.csv`."""
    path, target = glaze.leads(), glaze.folder / "out.csv"
    code, out, _ = piped(glaze, monkeypatch, "", "enrich", path, *FILL, "-o", "-")
    assert (code, path.read_text("utf-8")) == (0, LEADS)
    code, nothing, _ = piped(glaze, monkeypatch, LEADS, "enrich", "-", *FILL, "-o", target)
    assert (code, nothing) == (0, b"")
    assert target.read_bytes() == out


def test_what_failed_goes_through_as_it_came_and_can_go_on(
    glaze: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next program of the pipe gets its sheet, the exit code tells; what is needed to go on is kept."""
    with Loopback(Log(answer=lambda seen: Say.json({}, 500))) as server:
        paid_service(glaze, server.url)
        folder = glaze.folder / "glaze" / "providers"
        (glaze.folder / "glaze.toml").write_text("[defaults]\nattempts = 1\n")
        text = "Company,Domain\nFirm 1,\n"
        options = ("--columns", "Domain", "--provider", "acme", "--providers-dir", folder, "--quiet")
        code, out, words = piped(glaze, monkeypatch, text, "enrich", "-", *options)
    assert (code, out) == (3, text.encode())
    assert "glaze status" in words
    assert [path.read_text() for path in left(glaze)] == [text]


def test_nothing_to_do_is_passed_on(glaze: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full sheet comes out as it went in."""
    text = "Contact,First name\nAnn Berg,Ann\n"
    code, out, _ = piped(glaze, monkeypatch, text, "enrich", "-", "--range", "B2", "--offline", "-q")
    assert (code, out) == (0, text.encode())


@pytest.mark.parametrize("option", ["--json", "--stream", "--detach", "--no-write"])
def test_stdout_is_for_one_thing_only(glaze: Program, monkeypatch: pytest.MonkeyPatch, option: str) -> None:
    """What would mix with the sheet, or leave it out, is refused in words."""
    code, out, words = piped(glaze, monkeypatch, LEADS, "enrich", "-", *FILL, option)
    assert (code, out) == (2, b"")
    assert option in words
    assert left(glaze) == []


def test_columns_of_a_pipe(glaze: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """`glaze columns -` reads it too."""
    code, out, _ = piped(glaze, monkeypatch, LEADS, "columns", "-", "--json")
    assert code == 0
    assert b"First name" in out
