"""The sessions printed in the README and in "Getting started" are played, and their words compared."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from glaze_cli.cli.exits import run
from tests.cli.conftest import glaze, key_names
from tests.cli.program import Program, Ran

__all__ = ["ada", "glaze", "key_names"]

ROOT = Path(__file__).parents[1]
README, GUIDE = ROOT / "README.md", ROOT / "docs" / "getting-started.md"
HOME = "/home/ada"
"""Whose folder the pages show."""
ELSEWHERE = ("providers", "--detach", "--prompt")
"""Words of commands that are not played here: they ask somebody, or leave a process behind."""


def blocks(page: Path, language: str) -> Iterator[str]:
    """The fenced blocks of that language."""
    found = re.finditer(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
    yield from (block[1] for block in found)


def steps(page: Path) -> list[tuple[str, str]]:
    """Each `$ glaze ...` of the page's sessions, with what is printed below it."""
    parts = re.split(r"^\$ ", "".join(blocks(page, "console")), flags=re.MULTILINE)[1:]
    lines = [part.partition("\n") for part in parts]
    return [(command, printed) for command, _, printed in lines if not {*ELSEWHERE} & {*command.split()}]


def masked(text: str, folder: Path) -> str:
    """Without what is another each time: jobs, seconds, sizes, the folder, and progress of a slow machine."""
    text = re.sub(r"^[\d,]+ of [\d,]+ cells ended .*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"\b[0-9a-f]{8}\b", "JOB", text.replace(str(folder), HOME))
    return re.sub(r"(after |\()\d+ (s|kB)\b", r"\1N \2", text)


@dataclass(frozen=True)
class Ada:
    """Who types what a page says, word by word, in a folder with a store of her own."""

    folder: Path
    capture: pytest.CaptureFixture[str]

    def types(self, command: str) -> Ran:
        """`glaze ...`, as a shell takes it; its output is that of a pipe."""
        self.capture.readouterr()
        code = run(shlex.split(command)[1:])
        captured = self.capture.readouterr()
        return Ran(code, captured.out, captured.err)

    def latest_job(self) -> dict[str, Any]:
        """Its document."""
        document: dict[str, Any] = self.types("glaze status --json").json[0]
        return document


@pytest.fixture
def ada(glaze: Program, monkeypatch: pytest.MonkeyPatch) -> Ada:
    """Without the keys and settings of whoever runs the tests."""
    monkeypatch.chdir(glaze.folder)
    monkeypatch.setenv("GLAZE_STORE", str(glaze.store))
    monkeypatch.setenv("COLUMNS", "100")
    return Ada(glaze.folder, glaze.capture)


def copy_examples(page: Path, folder: Path) -> None:
    """What the page's `cp` lines do."""
    for line in "".join(blocks(page, "sh")).splitlines():
        if line.startswith("cp "):
            _, *names, target = line.split()
            for name in names:
                shutil.copy(ROOT / name, folder / target)


@pytest.mark.parametrize("page", [README, GUIDE], ids=lambda page: page.name)
def test_the_sessions_of_the_page_are_true(page: Path, ada: Ada) -> None:
    """Each command ends well, and prints what the page says; `...` stands for lines that it leaves out."""
    copy_examples(page, ada.folder)
    played = steps(page)
    assert sum(bool(printed) for _, printed in played) >= 4
    for command, printed in played:
        if "JOB" in masked(command, ada.folder):
            latest = ada.latest_job()["jobId"]
            command = masked(command, ada.folder).replace("JOB", latest)
        ran = ada.types(command)
        said = masked(ran.err + ran.out, ada.folder)
        assert ran.code == 0, (command, said)
        if printed:
            wanted = re.escape(masked(printed, ada.folder)).replace(re.escape("...\n"), "(.*\n)*")
            assert re.fullmatch(wanted, said), f"$ {command}\n{said}"


def test_the_path_of_a_newcomer_is_in_both_pages() -> None:
    """Install, init, dry run, enrich, why, report, undo, and where the crontab is explained."""
    for page in (README, GUIDE):
        text = page.read_text(encoding="utf-8")
        for words in ("pip install", "glaze init", "--dry-run", "glaze why", "glaze report", "glaze undo"):
            assert words in text, (page.name, words)
        assert "cron-and-ci.md" in text


def test_the_line_for_cron_fills_and_is_silent(ada: Ada) -> None:
    """The crontab line of "Getting started", without its times: it fills the sheet, and prints nothing."""
    copy_examples(GUIDE, ada.folder)
    (line,) = "".join(blocks(GUIDE, "crontab")).splitlines()
    times, program, *words = re.split(r"  |(?<=bin/glaze) ", line, maxsplit=2)
    assert re.fullmatch(r"[\d*/,-]+( [\d*/,-]+){4}", times)
    assert program == f"{HOME}/glaze/.venv/bin/glaze"
    ran = ada.types(f"glaze {words[0]}".replace(f"{HOME}/glaze", str(ada.folder)))
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert ada.latest_job()["doneTasks"] > 70


def test_the_prompt_of_the_readme_names_the_key_it_lacks(ada: Ada) -> None:
    """Without a key of a language model, the README's prompt asks nobody and says what to set."""
    copy_examples(README, ada.folder)
    (command,) = re.findall(r"^\$ (glaze .*--prompt .*)$", README.read_text(encoding="utf-8"), re.MULTILINE)
    ran = ada.types(command)
    assert ran.code != 0
    assert "no language model is ready" in ran.err
    assert "set OPENAI_API_KEY" in ran.err


def test_the_readme_shows_the_recording() -> None:
    """It is a picture of the docs, by a relative path, and near the top."""
    text = README.read_text(encoding="utf-8")
    picture = re.search(r"!\[[^\]]{20,}\]\(docs/session\.svg\)", text)
    assert picture is not None
    assert text[: picture.start()].count("\n") < 20
