"""Finding manifests: ours, and the user's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from glaze_cli.errors import ManifestError
from glaze_cli.providers.manifest.catalog import shipped_manifests, shipped_texts, user_manifests
from tests.providers.manifest.example import HEAD, OP


def write(path: Path, version: str = "3", id_: str = "acme") -> None:
    """A manifest's file."""
    path.parent.mkdir(exist_ok=True)
    path.write_text((HEAD + OP).replace('"3"', f'"{version}"').replace('"acme"', f'"{id_}"'), "utf-8")


def test_what_is_shipped_is_sound() -> None:
    """Every manifest of ours loads, is named as its file, states its terms, and is there once."""
    shipped = shipped_manifests()
    ids = [manifest.id for manifest in shipped]
    assert "gleif" in ids
    assert ids == sorted(set(ids)) == list(shipped_texts())
    for manifest in shipped:
        assert manifest.about.license
        assert manifest.about.title
        assert manifest.base_url.startswith("https://")


def test_what_a_shipped_manifest_gives_stands_in_its_text() -> None:
    """A run reads only those whose text has the fields it wants, in double quotes."""
    for manifest in shipped_manifests():
        text = shipped_texts()[manifest.id]
        for op in manifest.ops:
            assert all(f'"{field}"' in text for field in op.gives), manifest.id


def test_the_users_folders_are_read_in_order(tmp_path: Path) -> None:
    """The first folder that has an id wins; a folder that is not there has none; other files are not read."""
    write(tmp_path / "near" / "acme.toml", version="9")
    write(tmp_path / "far" / "acme.toml", version="1")
    write(tmp_path / "far" / "beta.toml", id_="beta")
    (tmp_path / "far" / "notes.txt").write_text("not a manifest")
    found = user_manifests([tmp_path / "near", tmp_path / "none", tmp_path / "far"])
    assert [(manifest.id, manifest.version) for manifest in found] == [("acme", "9"), ("beta", "3")]


def test_one_id_twice_in_a_folder_is_refused(tmp_path: Path) -> None:
    """Which of them was meant, nobody knows."""
    write(tmp_path / "a.toml")
    write(tmp_path / "b.toml")
    with pytest.raises(ManifestError, match=r"b\.toml and .*a\.toml both have the id acme"):
        user_manifests([tmp_path])
