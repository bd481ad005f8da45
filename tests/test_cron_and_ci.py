"""The recipes of docs/cron-and-ci.md are taken out of the page and run: cron, GitHub Actions, make."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from glaze_cli.config import read_settings
from tests.cli.service import MANIFEST, Log
from tests.loopback import Loopback, Say

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "cron-and-ci.md").read_text("utf-8")
MONEY = (ROOT / "docs" / "money.md").read_text("utf-8")
LEADS = ROOT / "examples" / "leads.csv"
COMPANIES = 40
FREE, PAID = "--offline", "--provider acme --max-cost 2.00"

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not here")
needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not here")


def block(language: str, page: str = PAGE) -> str:
    """The one fenced block of that language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    return str(found)


def as_printed(recipe: str) -> str:
    """No change."""
    return recipe


def as_paid(recipe: str) -> str:
    """The recipe with a paid service in the place of `--offline`, about the column that it fills."""
    assert FREE in recipe
    return re.sub(r'--columns "[^"]*"', "--columns Domain", recipe).replace(FREE, PAID)


@dataclass(frozen=True)
class Machine:
    """A folder with nothing in it but what the page says has to be there."""

    home: Path

    def install(self, place: str) -> Path:
        """`glaze` at that place, as pip leaves it there."""
        program = self.home / place
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m glaze_cli "$@"\n')
        program.chmod(0o755)
        return program

    def sheet(self, folder: str, service: str = "") -> Path:
        """A folder with a fresh copy of the example, and a manifest where a service is at that address."""
        place = self.home / folder
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(LEADS, place / "leads.csv")
        (place / "glaze.toml").write_text("")
        if service:
            (place / "glaze" / "providers").mkdir(parents=True, exist_ok=True)
            manifest = MANIFEST.format(name="acme", url=service, usd="0.01", more="")
            (place / "glaze" / "providers" / "acme.toml").write_text(manifest)
        return place

    def run(self, *command: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
        """A command as cron would start it: hardly an environment, no terminal."""
        return subprocess.run(
            command,
            cwd=cwd,
            env={"SHELL": "/bin/sh", "PATH": "/usr/bin:/bin", "HOME": str(self.home), **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """An empty one."""
    return Machine(tmp_path)


def cron_command() -> str:
    """The crontab's line, without its five fields of time."""
    (line,) = block("crontab").splitlines()
    assert "%" not in line  # a line end, to cron
    return line.split(maxsplit=5)[5]


def on_cron(machine: Machine, command: str) -> subprocess.CompletedProcess[str]:
    """The command, with the page's env file, in the home of the one who wrote the line."""
    (env_file,) = re.findall(r"^```sh\n(export GLAZE_STORE=.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    here = str(machine.home)
    (machine.home / "leads" / "glaze.env").write_text(env_file.replace("/home/ada", here))
    return machine.run("/bin/sh", "-c", command.replace("/home/ada", here), cwd=machine.home)


def test_the_crontab_line_fills_the_sheet_and_then_leaves_it_alone(machine: Machine) -> None:
    """As printed, twice: cells are filled, the second run changes no byte, and cron has nothing to mail."""
    machine.install("glaze/.venv/bin/glaze")
    folder = machine.sheet("leads")
    empty = (folder / "leads.csv").read_bytes()
    for turn in (1, 2):
        ran = on_cron(machine, cron_command())
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
        words = (folder / "glaze.log").read_text("utf-8")
        assert words.count("Selected 80 cells in Country code, Email kind") == turn
        assert "\x1b" not in words
        if turn == 1:
            filled = (folder / "leads.csv").read_bytes()
    assert empty != filled == (folder / "leads.csv").read_bytes()
    assert "spent $0.00" in words
    assert (folder / ".glaze" / "glaze.db").exists()


def test_the_crontab_line_with_a_paid_service_asks_it_once(machine: Machine) -> None:
    """The second run asks nothing and makes no job; a run that fails is what cron mails."""
    machine.install("glaze/.venv/bin/glaze")
    with Loopback(log := Log()) as server:
        folder = machine.sheet("leads", server.url)
        for _ in (1, 2):
            ran = on_cron(machine, as_paid(cron_command()))
            assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
            assert len(log.asked) == COMPANIES and not log.repeated
    assert "Nothing to do." in (folder / "glaze.log").read_text("utf-8")
    ran = on_cron(machine, as_paid(cron_command()).replace("leads.csv", "gone.csv"))
    assert ran.stdout == f"glaze ended with 2, see {folder}/glaze.log\n"


def ci_steps() -> list[dict[str, str]]:
    """The steps of the CI job, each as its keys (`run`, `with.path`): as much of YAML as the page needs."""
    steps: list[dict[str, str]] = []
    last = ""
    for line in block("yaml").partition("    steps:\n")[2].splitlines():
        found = re.fullmatch(r"( {6}- | {8,10})([\w-]+): ?(.*)", line)
        if found is None:
            steps[-1][last] = f"{steps[-1][last].removeprefix('>-')} {line.strip()}".strip()
            continue
        if "-" in found[1]:
            steps.append({})
        last = f"with.{found[2]}" if len(found[1]) == 10 else found[2]
        if last != "with":
            steps[-1][last] = found[3].strip('"')
    return steps


def test_the_ci_job_is_yaml() -> None:
    """A YAML reader reads the same steps; the store that is kept is the one that glaze uses."""
    yaml = pytest.importorskip("yaml")
    job = yaml.safe_load(block("yaml"))["jobs"]["fill"]
    steps = [
        {**{f"with.{key}": value for key, value in step.pop("with", {}).items()}, **step}
        for step in job["steps"]
    ]
    assert ci_steps() == [{k: str(v).replace("True", "true") for k, v in step.items()} for step in steps]
    restore, save = (step for step in steps if "cache" in step.get("uses", ""))
    kept, key = save["with.path"], save["with.key"]
    assert (kept, key, save["if"]) == (restore["with.path"], restore["with.key"], "always()")
    assert key.startswith(restore["with.restore-keys"])
    assert job["env"]["GLAZE_STORE"] == f"${{{{ github.workspace }}}}/{kept}/glaze.db"


def on_ci(machine: Machine, workspace: Path, change: Callable[[str], str]) -> list[int]:
    """Run the steps that run `glaze`, as the runner does; their exit codes. Others bring and take files."""
    codes: list[int] = []
    environment = {
        "PATH": f"{machine.install('bin/glaze').parent}:/usr/bin:/bin",
        "GLAZE_STORE": str(workspace / ".glaze" / "glaze.db"),
        "HUNTER_API_KEY": "",
        "CI": "true",
    }
    for step in ci_steps():
        command = step.get("run", "")
        if not command or "pip install" in command or (any(codes) and step.get("if") != "always()"):
            continue
        if FREE in command:
            command = change(command)
        ran = machine.run("bash", "-e", "-c", command, cwd=workspace, **environment)
        codes.append(ran.returncode)
        assert "\x1b" not in ran.stdout + ran.stderr
    return codes


@needs_bash
def test_the_ci_job_fills_the_sheet(machine: Machine) -> None:
    """As printed: all steps end well, and the sheet that is uploaded is there and filled."""
    workspace = machine.sheet("one")
    assert on_ci(machine, workspace, as_printed) == [0, 0]
    (uploaded,) = (step["with.path"] for step in ci_steps() if "upload" in step.get("uses", ""))
    assert (workspace / uploaded).read_bytes() != LEADS.read_bytes()
    assert (workspace / "leads.csv").read_bytes() == LEADS.read_bytes()


@needs_bash
def test_a_ci_run_below_its_fill_rate_fails_and_the_next_pays_nothing_again(machine: Machine) -> None:
    """The store and the sheet are kept all the same; a fresh checkout with that store makes no call."""
    log = Log(answer=lambda seen: Say.json({}, 404) if seen.query["name"] < "M" else None)
    with Loopback(log) as server:
        first, second = (machine.sheet(folder, server.url) for folder in ("one", "two"))
        assert on_ci(machine, first, as_paid) == [3, 0]
        assert len(log.asked) == COMPANIES and not log.repeated
        shutil.copytree(first / ".glaze", second / ".glaze")
        assert on_ci(machine, second, as_paid) == [3, 0]
    assert len(log.asked) == COMPANIES
    assert (first / "filled.csv").read_bytes() == (second / "filled.csv").read_bytes() != LEADS.read_bytes()


def make(machine: Machine, folder: Path, target: str) -> subprocess.CompletedProcess[str]:
    """`make TARGET` in the folder."""
    return machine.run("make", target, cwd=folder)


@needs_make
@pytest.mark.parametrize(("target", "filled"), [("filled.csv", "filled.csv"), ("leads.stamp", "leads.csv")])
def test_make_runs_glaze_once(machine: Machine, target: str, filled: str) -> None:
    """As printed, twice: the first run fills, the second finds nothing to do."""
    folder = machine.sheet("leads")
    machine.install("leads/.venv/bin/glaze")
    (folder / "Makefile").write_text(block("make"))
    ran = make(machine, folder, target)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert (folder / filled).read_bytes() != LEADS.read_bytes()
    before = (folder / filled).stat().st_mtime_ns
    ran = make(machine, folder, target)
    assert (ran.returncode, "is up to date" in ran.stdout) == (0, True)
    assert (folder / filled).stat().st_mtime_ns == before


@needs_make
def test_make_does_a_failed_file_again_and_pays_only_what_failed(machine: Machine) -> None:
    """A cell that fails fails the rule, and the file goes; the next `make` asks about that cell alone."""
    bad = {"Fjordlys AS"}
    log = Log(answer=lambda seen: Say.json({}, 400) if seen.query["name"] in bad else None)
    with Loopback(log) as server:
        folder = machine.sheet("leads", server.url)
        machine.install("leads/.venv/bin/glaze")
        (folder / "Makefile").write_text(as_paid(block("make")))
        assert make(machine, folder, "filled.csv").returncode == 2
        assert not (folder / "filled.csv").exists()
        bad.clear()
        assert make(machine, folder, "filled.csv").returncode == 0
    assert log.repeated == {"Fjordlys AS": 2}
    assert "fjordlys-as.example" in (folder / "filled.csv").read_text("utf-8")


@pytest.mark.parametrize("page", [PAGE, MONEY], ids=["cron-and-ci", "money"])
def test_the_settings_shown_are_accepted(page: str, tmp_path: Path) -> None:
    """A glaze.toml with what the pages show loads."""
    shown = re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "glaze.toml").write_text("\n".join(shown))
    read_settings(tmp_path / "glaze.toml")
