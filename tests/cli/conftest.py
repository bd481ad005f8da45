"""The program as a fixture."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.program import Program


@pytest.fixture
def glaze(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Program:
    """`glaze` with a store of its own."""
    return Program(tmp_path, capsys)
