"""The program as a fixture."""

from __future__ import annotations

from pathlib import Path

import pytest

from glaze_cli.providers.llm.registry import llm_classes
from glaze_cli.providers.manifest.catalog import shipped_manifests
from glaze_cli.providers.registry import service_classes
from tests.cli.program import Program


@pytest.fixture(scope="session")
def key_names() -> frozenset[str]:
    """The variables that hold keys of providers."""
    kinds = [*service_classes(), *llm_classes()]
    return frozenset({m.auth.env for m in shipped_manifests()} | {kind.env for kind in kinds}) - {""}


@pytest.fixture
def glaze(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    key_names: frozenset[str],
) -> Program:
    """`glaze` with a store of its own, and without the keys and settings of whoever runs the tests."""
    for name in (*key_names, "GLAZE_CONTACT", "GLAZE_STORE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Program(tmp_path, capsys)
