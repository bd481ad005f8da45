"""Where keys come from: the environment, and the system's keyring. Never stored, logged or shown."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

SERVICE = "glaze"
"""What Glaze is called in the keyring: `keyring set glaze NAME`."""


@dataclass(frozen=True, slots=True)
class Key:
    """What is at a place that a user or a manifest names."""

    name: str
    """For sentences: `set HUNTER_API_KEY`, `check the entry "hunter" of the keyring`."""
    secret: str | None = field(default=None, repr=False)
    """The key itself; None when there is none."""
    trouble: str = ""
    """What to do where it is more than setting it: no keyring at hand."""


def key_at(place: str) -> Key:
    """The key at `env:NAME` or `keyring:NAME`; "" is nowhere."""
    kind, _, name = place.partition(":")
    name = name.strip()
    if kind == "keyring":
        return _from_keyring(name)
    return Key(name, _sound(os.environ.get(name)) if name else None)


def _from_keyring(name: str) -> Key:
    shown = f'the entry "{name}" of the keyring'
    try:
        import keyring
        from keyring.errors import NoKeyringError
    except ImportError:
        how = 'install its library (pip install "glaze-cli[keyring]") or name a variable (key = "env:...")'
        return Key(shown, trouble=how)
    try:
        secret = _sound(keyring.get_password(SERVICE, name))
    except NoKeyringError:
        return Key(shown, trouble='name a variable (key = "env:..."), since this system has no keyring')
    except Exception as error:  # each system's keyring has errors of its own
        return Key(
            shown, trouble=f"unlock the system's keyring, which cannot be read ({type(error).__name__})"
        )
    return Key(shown, secret, "" if secret else f"put the key into the keyring: keyring set {SERVICE} {name}")


def _sound(text: str | None) -> str | None:
    """Without blanks around it: `$(cat key.txt)` on Windows leaves a line end there."""
    return (text or "").strip() or None
