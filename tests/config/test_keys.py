"""Keys: from the environment and the system's keyring, and what is said where there is none."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from glaze_cli.config import Key, key_at
from tests.keyrings import FakeKeyring, keyring_of

SECRET = "sk-very-secret"


@pytest.fixture(autouse=True)
def _keyring() -> Iterator[None]:
    """One that holds one key."""
    with keyring_of(FakeKeyring({"hunter": SECRET})):
        yield


def test_a_key_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the variable holds, without the line end of a file; an empty one holds nothing."""
    monkeypatch.setenv("GLAZE_TEST_KEY", SECRET)
    assert key_at("env:GLAZE_TEST_KEY") == Key("GLAZE_TEST_KEY", SECRET)
    monkeypatch.setenv("GLAZE_TEST_KEY", f" {SECRET}\r\n")
    assert key_at("env:GLAZE_TEST_KEY").secret == SECRET
    for nothing in ("", " \n"):
        monkeypatch.setenv("GLAZE_TEST_KEY", nothing)
        assert key_at("env:GLAZE_TEST_KEY") == Key("GLAZE_TEST_KEY", None)


def test_a_key_of_the_keyring() -> None:
    """The entry of that name of the service "glaze"."""
    assert key_at("keyring:hunter") == Key('the entry "hunter" of the keyring', SECRET)


def test_nowhere_is_no_key() -> None:
    """A provider that knows no variable."""
    assert key_at("env:") == Key("", None)


@pytest.mark.parametrize(
    ("backend", "words"),
    [
        (FakeKeyring({}), "keyring set glaze huntr"),  # no such entry
        (FakeKeyring({}, locked=True), "unlock the system's keyring"),  # it says more; we do not repeat it
        (NoKeyring(), "this system has no keyring"),  # type: ignore[no-untyped-call]  # a server
    ],
)
def test_what_to_do_where_the_keyring_has_no_key(backend: KeyringBackend, words: str) -> None:
    """A sentence in place of a key."""
    keyring.set_keyring(backend)
    key = key_at("keyring:huntr")
    assert key.secret is None
    assert words in key.trouble
    assert "sesame" not in key.trouble


def test_a_key_never_shows() -> None:
    """Not even where somebody prints the object that holds it."""
    assert SECRET not in repr(key_at("keyring:hunter"))


def test_without_the_library_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """keyring is an extra: where it is not installed, the sentence says how to get it."""
    monkeypatch.setitem(sys.modules, "keyring", None)  # what an import of it then meets
    key = key_at("keyring:hunter")
    assert key.secret is None
    assert "glaze-cli[keyring]" in key.trouble
