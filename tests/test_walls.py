"""The rooms and their walls, as DESIGN draws them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

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


def test_imports_point_down() -> None:
    """A room imports only what the drawing allows."""
    wrong = []
    for path in lower_modules():
        room = room_of(path)
        for name in imports(tree_of(path)):
            target = name.split(".")[0]
            allowed = MAY_IMPORT[room]
            if target != room and target not in allowed and name not in allowed:
                wrong.append(f"{path.relative_to(PACKAGE)} imports {name}")
    assert wrong == []


def talk(room: str, node: ast.AST) -> Iterator[str]:
    """What a node does that only the command line may do, or in one case only `config`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FORBIDDEN:
        yield node.func.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        dotted = f"{node.value.id}.{node.attr}"
        if dotted == "sys.exit" or (dotted in ("os.environ", "os.getenv") and room != "config"):
            yield dotted
    if isinstance(node, ast.Import) and "random" in [alias.name for alias in node.names]:
        yield "random"


def test_below_the_command_line_nothing_talks_or_exits() -> None:
    """No print, no exit; only config reads the environment; nobody draws random numbers of its own."""
    wrong = [
        f"{path.relative_to(PACKAGE)}, line {getattr(node, 'lineno', 0)}: {what}"
        for path in lower_modules()
        for node in ast.walk(tree_of(path))
        for what in talk(room_of(path), node)
    ]
    assert wrong == []


def test_every_room_is_on_the_drawing() -> None:
    """A new room needs a place in the drawing first."""
    rooms = {room_of(path) for path in MODULES}
    assert rooms <= {*MAY_IMPORT, "cli", "__init__", "__main__"}


def test_no_file_is_over_300_lines() -> None:
    """One noun per file keeps files small."""
    long = [path.name for path in MODULES if len(path.read_text(encoding="utf-8").splitlines()) > 300]
    assert long == []
