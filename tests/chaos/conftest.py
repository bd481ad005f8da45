"""The program as a fixture, as in tests/cli, and the process that kills it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.chaos.killing import Killing
from tests.cli.conftest import glaze, key_names

__all__ = ["glaze", "key_names", "killing"]


@pytest.fixture(scope="session")
def killing(tmp_path_factory: pytest.TempPathFactory, key_names: frozenset[str]) -> Iterator[Killing]:
    """Runs jobs and kills them; without the keys and settings of whoever runs the tests."""
    folder = tmp_path_factory.mktemp("killing")
    without = {*key_names, "GLAZE_CONTACT", "GLAZE_STORE"}
    env = {name: value for name, value in os.environ.items() if name not in without}
    with Killing(folder, {**env, "XDG_CONFIG_HOME": str(folder / "config")}) as killing:
        yield killing
