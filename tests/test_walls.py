"""The rooms and their walls, as DESIGN draws them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "glaze_cli"

MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "model": set(),
    "config": {"errors", "model"},
    "fields": {"errors", "model"},
    "sheets": {"errors", "model"},
    "store": {"errors", "model"},
    "providers": {"errors", "model", "fields"},
    "engine": {"errors", "model", "fields", "store", "sheets.base", "providers.base"},
    "ui": {"errors", "model", "engine.events"},
}
"""Room → what it may import of ours; `cli` may import everything, and nobody imports it."""

FORBIDDEN = {"print", "exit", "quit", "breakpoint", "input"}
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    """The room a file stands in."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def tree_of(path: Path) -> ast.Module:
    """What is written in a file, read once."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.AST) -> Iterator[str]:
    """The modules of ours that a file imports, without `glaze_cli.`; late imports count too."""
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names = [node.module or ""]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        yield from (name.removeprefix("glaze_cli.") for name in names if name.startswith("glaze_cli."))


def lower_modules() -> list[Path]:
    """Every module below `cli`."""
    return [path for path in MODULES if room_of(path) in MAY_IMPORT]


@pytest.mark.parametrize("path", lower_modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    """A room imports only what the drawing allows."""
    room = room_of(path)
    for name in imports(tree_of(path)):
        target = name.split(".")[0]
        allowed = MAY_IMPORT[room]
        assert target == room or target in allowed or name in allowed, f"{room} imports {name}"


@pytest.mark.parametrize("path", lower_modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_below_the_command_line_nothing_talks_or_exits(path: Path) -> None:
    """No print, no exit; only config reads the environment; nobody draws random numbers of its own."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in FORBIDDEN, f"line {node.lineno} calls {node.func.id}"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            dotted = f"{node.value.id}.{node.attr}"
            assert dotted != "sys.exit", f"line {node.lineno}"
            assert dotted not in ("os.environ", "os.getenv") or room_of(path) == "config", (
                f"line {node.lineno}"
            )
        if isinstance(node, ast.Import):
            assert "random" not in [alias.name for alias in node.names], f"line {node.lineno}"


def test_every_room_is_on_the_drawing() -> None:
    """A new room needs a place in the drawing first."""
    rooms = {room_of(path) for path in MODULES}
    assert rooms <= {*MAY_IMPORT, "cli", "__init__", "__main__"}


def test_no_file_is_over_300_lines() -> None:
    """One noun per file keeps files small."""
    long = [path.name for path in MODULES if len(path.read_text(encoding="utf-8").splitlines()) > 300]
    assert long == []
