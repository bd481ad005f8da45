"""Finds manifests: those that come with Glaze, and the user's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from glaze_cli.errors import ManifestError
from glaze_cli.providers.manifest.load import load_manifest
from glaze_cli.providers.manifest.schema import Manifest


@cache
def shipped_texts() -> Mapping[str, str]:
    """What comes with Glaze, unread: id → the manifest's text, by id. Its file is named for the id."""
    folder = Path(__file__).parents[1] / "catalog"
    files = sorted(folder.glob("*.toml"), key=lambda path: path.stem)
    return {path.stem: path.read_text("utf-8") for path in files}


@cache
def shipped_manifest(id_: str) -> Manifest:
    """One that comes with Glaze. Reading one takes milliseconds, so nobody reads more than are wanted."""
    return load_manifest(shipped_texts()[id_], f"{id_}.toml")


def shipped_manifests() -> tuple[Manifest, ...]:
    """All that come with Glaze, by id."""
    return tuple(map(shipped_manifest, shipped_texts()))


def user_manifests(folders: Iterable[Path]) -> tuple[Manifest, ...]:
    """The `*.toml` of the folders; a folder that is not there has none.

    The first folder that has an id wins. Raises ManifestError for a broken file, or an id twice in a folder.
    """
    found: dict[str, Manifest] = {}
    for folder in folders:
        here: dict[str, Path] = {}
        for path in sorted(folder.glob("*.toml")):
            manifest = load_manifest(path)
            if manifest.id in here:
                raise ManifestError(f"{path} and {here[manifest.id]} both have the id {manifest.id}")
            here[manifest.id] = path
            found.setdefault(manifest.id, manifest)
    return tuple(found.values())
