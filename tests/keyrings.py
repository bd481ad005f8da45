"""A keyring for tests, in place of the system's."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping

import keyring
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked


class FakeKeyring(KeyringBackend):
    """Holds the keys of the service "glaze" by name, or is locked."""

    priority = 1.0

    def __init__(self, keys: Mapping[str, str], locked: bool = False) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.keys = keys
        self.locked = locked

    def get_password(self, service: str, username: str) -> str | None:
        """The key of that name."""
        if self.locked:
            raise KeyringLocked("the password is sesame")
        return self.keys.get(username) if service == "glaze" else None

    def set_password(self, service: str, username: str, password: str) -> None:
        """Glaze puts no key anywhere."""
        raise NotImplementedError


@contextlib.contextmanager
def keyring_of(backend: KeyringBackend) -> Iterator[None]:
    """The system's keyring is this one for a while; whatever this machine has is put back."""
    before = keyring.get_keyring()
    keyring.set_keyring(backend)
    try:
        yield
    finally:
        keyring.set_keyring(before)
