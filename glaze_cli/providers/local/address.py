"""An e-mail address in a text: its mailbox, its host, and the form in which it is written."""

from __future__ import annotations

import re
from typing import NamedTuple

_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]++"
_LABEL = r"[a-z0-9]++(?:-[a-z0-9]++)*+"
_PLAIN = re.compile(rf"({_ATOM}(?:\.{_ATOM})*+)@((?:{_LABEL}\.)++([a-z]++))")
"""An address in lower case, as nearly all are, and its ending. No `--` in its host: Punycode is not plain.

Nothing is tried twice (`++`): each part ends where a character stands that it cannot hold.
"""

_LONGEST = 64
"""Characters of a plain address: so that its mailbox (64), each label (63) and the whole (254) have room."""

_SPECIAL = frozenset({"alt", "arpa", "example", "internal", "invalid", "local", "localhost", "onion", "test"})
"""Endings that receive no mail, or may not: they are not plain, and the library says what holds."""


class Address(NamedTuple):
    """One address, without the name that may stand before it."""

    mailbox: str
    """As it is delivered: before the `@`, with any `+tag`."""
    host: str
    """In lower case and Unicode; that there is such an ending is not said."""
    text: str
    """The whole, in the form that everybody writes."""


def read_address(text: str) -> Address | None:
    """The address that a text is: `Ada <Ada@Example.org>` → `Ada@example.org`; None where it is not one."""
    # A plain address is valid, and is its own normal form: the library's forty times longer way ends there.
    plain = _PLAIN.fullmatch(text) if len(text) <= _LONGEST else None
    if plain is None or plain[3] in _SPECIAL:
        return _read(text)
    return Address(plain[1], plain[2], text)


def _read(text: str) -> Address | None:
    """Any text, by the rules of the internet."""
    from email_validator import EmailNotValidError, validate_email

    try:
        address = validate_email(text, check_deliverability=False, allow_display_name=True)
    except EmailNotValidError:
        return None
    return Address(address.local_part, address.domain, address.normalized)
