"""Whether other packages bring providers: seen quickly, and never overlooked."""

from __future__ import annotations

import sys
import zipfile
from importlib.machinery import PathFinder
from importlib.metadata import distributions
from pathlib import Path

import pytest

from glaze_cli.cli.guests import may_have_guests
from glaze_cli.providers.registry import GROUP

OURS = f"[console_scripts]\nx = a:b\n\n[{GROUP}]\ntheirs = theirs:Provider\n"
OTHERS = "[console_scripts]\nglaze-like = a:b\n"


def has_by_metadata(folder: Path) -> bool:
    """The slow way, which reads what all packages say."""
    packages = distributions(path=[str(folder)])
    return any(entry.group == GROUP for package in packages for entry in package.entry_points)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, False),
        ({"other-1.0.dist-info/entry_points.txt": OTHERS}, False),
        ({"other-1.0.dist-info/METADATA": "Name: other\n"}, False),
        ({"other-1.0.dist-info/entry_points.txt": OTHERS, "b-1.dist-info/entry_points.txt": OURS}, True),
        ({"theirs-1.0.egg-info/entry_points.txt": OURS}, True),
        ({"THEIRS-1.0.DIST-INFO/entry_points.txt": OURS}, True),
        ({"theirs/entry_points.txt": OURS}, False),
        ({"theirs.egg-info": "a file"}, False),
    ],
)
def test_a_folder_of_packages(tmp_path: Path, files: dict[str, str], expected: bool) -> None:
    """As importlib.metadata says, which is asked where there is one."""
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert may_have_guests([str(tmp_path)], [PathFinder]) is has_by_metadata(tmp_path) is expected


def test_an_egg(tmp_path: Path) -> None:
    """A folder that is a package by itself, as old tools made them."""
    egg = tmp_path / "theirs.egg"
    (egg / "EGG-INFO").mkdir(parents=True)
    (egg / "EGG-INFO" / "entry_points.txt").write_text(OURS)
    assert may_have_guests([str(egg)], [PathFinder]) and has_by_metadata(egg)


def test_what_cannot_be_seen_may_be_there(tmp_path: Path) -> None:
    """An archive of packages, or a finder of somebody's own."""
    archive = tmp_path / "packages.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("theirs-1.0.dist-info/entry_points.txt", OURS)
    assert may_have_guests([str(archive)], [PathFinder]) and has_by_metadata(archive)
    own = type("Finder", (), {"find_distributions": lambda *_: []})
    assert may_have_guests([], [PathFinder, own()])


def test_folders_that_are_not_there_hold_nobody(tmp_path: Path) -> None:
    """Python's own list names an archive that most installations do not have."""
    assert not may_have_guests([str(tmp_path / "python311.zip")], [PathFinder])


def test_python_s_own_finders_are_known() -> None:
    """Else the quick way would never be taken."""
    assert [finder for finder in sys.meta_path if finder is PathFinder]
