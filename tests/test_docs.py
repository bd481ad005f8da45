"""The docs say what is true: help, exit codes, tables, providers, links, and the commands they show."""

from __future__ import annotations

import dataclasses
import importlib.util
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import sqlite_utils
import typer.main

from glaze_cli import __version__
from glaze_cli.cli.app import app
from glaze_cli.cli.exits import Exit
from glaze_cli.config import read_settings
from glaze_cli.model import FailReason, JobStatus, SkipReason, TaskStatus
from glaze_cli.model.settings import RunSettings
from glaze_cli.providers.llm.registry import llm_classes
from glaze_cli.providers.manifest.catalog import shipped_manifests
from glaze_cli.providers.manifest.load import load_manifest
from glaze_cli.providers.registry import local_providers, service_classes
from glaze_cli.store.connect import connect

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.glob("*.md"), *ROOT.glob("*.md")])
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def text(path: Path) -> str:
    """A page."""
    return path.read_text(encoding="utf-8")


def blocks(path: Path, language: str) -> Iterator[str]:
    """The fenced blocks of that language."""
    yield from (found[2] for found in FENCE.finditer(text(path)) if found[1] == language)


def words(page: str) -> set[str]:
    """Its words, whatever the layout."""
    return set(re.findall(r"[\w.-]*\w", page))


def refresh_help() -> ModuleType:
    """docs/refresh_help.py, which is a script, as a module."""
    spec = importlib.util.spec_from_file_location("refresh_help", DOCS / "refresh_help.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def options(words: list[str]) -> set[str]:
    """The options of a command, and of its sub-command where the words name one."""
    command: Any = typer.main.get_command(app)
    names = {"--help", "-h"}
    for word in words:
        if word not in getattr(command, "commands", {}):
            break
        command = command.commands[word]
        names |= {option for parameter in command.params for option in parameter.opts}
    return names


def test_the_page_of_commands_is_what_help_says() -> None:
    """docs/commands.md holds the help of every command; `python docs/refresh_help.py` writes it anew."""
    module = refresh_help()
    kept, now = text(module.PAGE), module.page()
    if f"<!-- {module.drawn_by()} -->" in kept:
        assert kept == now
    else:  # another version of the libraries that draw the boxes: the words have to be the same
        assert words(kept) >= words(now) - words(module.drawn_by())


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_relative_links_lead_somewhere(path: Path) -> None:
    """No page links to a file or a heading that is not there."""
    for target in re.findall(r"\]\(([^)]+)\)", FENCE.sub("", text(path))):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        page = (path.parent / file).resolve() if file else path
        assert page.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", text(page), re.MULTILINE)
            slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
            assert anchor in slugs, target


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_command_shown_exists_with_its_options(path: Path) -> None:
    """What a page tells people to type, the program understands."""
    for block in (*blocks(path, "console"), *blocks(path, "bash"), *blocks(path, "sh")):
        for line in block.replace("\\\n", " ").splitlines():
            found = re.search(r"(?:^\$ |^|/)glaze ((?!-)\w.*)", line)
            if not found:
                continue
            name, *rest = shlex.split(found[1], comments=True)
            known = options([name, *rest])
            assert len(known) > 2, line  # there is such a command
            for word in rest:
                option = word.partition("=")[0]
                assert not re.fullmatch(r"--?[a-z][a-z-]*", option) or option in known, line


def test_the_readme_begins_with_two_commands() -> None:
    """Install and run; install and test: .ci/run runs these very lines."""
    first = FENCE.search(text(ROOT / "README.md"))
    assert first is not None
    lines = first[2].splitlines()
    assert len(lines) == 2
    assert "glaze enrich examples/leads.xlsx" in lines[0]
    assert lines[1].endswith("pytest")


def test_exit_codes_are_those_of_the_program() -> None:
    """The table of docs/exit-codes.md has each code once, and no other."""
    codes = re.findall(r"^\| (\d+) \|", text(DOCS / "exit-codes.md"), re.MULTILINE)
    assert sorted(map(int, codes)) == sorted(Exit)


def test_the_page_of_the_store_has_every_table_and_column(tmp_path: Path) -> None:
    """docs/store.md describes a fresh store, column by column."""
    store = tmp_path / "glaze.db"
    connect(store).close()
    sections = dict(re.findall(r"^### `(\w+)`\n(.*?)(?=^##|\Z)", text(DOCS / "store.md"), re.M | re.S))
    tables = sqlite_utils.Database(store).tables
    assert {table.name for table in tables} == set(sections)
    for table in tables:
        named = set(re.findall(r"`(\w+)`", sections[table.name]))
        assert {column.name for column in table.columns} <= named, table.name


@pytest.mark.parametrize("states", [JobStatus, TaskStatus, FailReason, SkipReason])
def test_the_page_of_the_store_has_every_word(states: Any) -> None:
    """Each state and reason is there with its caption."""
    page = text(DOCS / "store.md")
    for state in states:
        assert f"`{state}`" in page, state
        assert state.caption in page, state


def test_the_page_of_providers_has_every_provider() -> None:
    """Each provider that comes with Glaze has a section, with every field it gives."""
    page = text(DOCS / "providers.md")
    gives = {provider.name: provider.gives for provider in local_providers()}
    gives |= {m.id: frozenset().union(*(op.gives for op in m.ops)) for m in shipped_manifests()}
    gives |= {service.name: service.gives for service in (*service_classes(), *llm_classes())}
    gives |= {kind.name: kind.gives for kind in (*service_classes(), *llm_classes())}
    sections = dict(re.findall(r"^### `(\w+)`.*?\n(.*?)(?=^##|\Z)", page, re.M | re.S))
    assert set(gives) == set(sections)
    for name, fields in gives.items():
        assert {f for f in fields if f != "*"} <= set(re.findall(r"`(\w+)`", sections[name])), name


def test_the_manifest_of_the_guide_loads() -> None:
    """The manifest that docs/your-own-provider.md ends with is one, and is the one in examples/."""
    (whole,) = (block for block in blocks(DOCS / "your-own-provider.md", "toml") if block.startswith("id ="))
    example = load_manifest(ROOT / "examples" / "glaze" / "providers" / "orgbook.toml")
    assert load_manifest(whole) == example


def test_the_settings_shown_are_accepted(tmp_path: Path) -> None:
    """The glaze.toml of docs/waterfalls.md loads, and shows every default as it is."""
    (shown,) = blocks(DOCS / "waterfalls.md", "toml")
    (tmp_path / "glaze.toml").write_text(shown, encoding="utf-8")
    settings = read_settings(tmp_path / "glaze.toml")
    assert set(tomllib.loads(shown)["defaults"]) == {field.name for field in dataclasses.fields(RunSettings)}
    assert dataclasses.replace(settings.run, max_cost=None, max_cell_cost=None) == RunSettings()


def test_the_changelog_has_this_version() -> None:
    """A version is not released without a word about it."""
    assert re.search(rf"^## {re.escape(__version__)}\b", text(ROOT / "CHANGELOG.md"), re.MULTILINE)


def test_the_makefile_and_ci_are_named_where_people_look() -> None:
    """CONTRIBUTING names the commands that CI and developers run."""
    page = text(ROOT / "CONTRIBUTING.md")
    for target in ("make install", "make check", "bash .ci/run"):
        assert target in page
