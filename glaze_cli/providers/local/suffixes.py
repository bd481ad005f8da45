"""The public suffix list: the endings below which anybody may register a domain (`com`, `co.uk`)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_RULE = re.compile(rb"\n([^\s/]\S*)")
"""A line of the list that is neither empty nor a comment (`// ...`), up to the first blank."""


def suffix_and_domain(host: str) -> tuple[str | None, str | None]:
    """`shop.acme.co.uk` → `co.uk`, `acme.co.uk`; no domain for what is itself an ending.

    (None, None) for an ending that is not on the list, and for what is no host name.
    """
    host = host.lower()
    if "xn--" in host or ".." in host or host[:1] == "." or host[-1:] == ".":
        library = _library()  # it alone knows the rules in Punycode, and what a dot too many means
        return library.publicsuffix(host), library.privatesuffix(host)
    # The library walks the same rules in the same order, from the longest name to the shortest. To have
    # one look at each name instead of three makes it several times as fast; that both agree is tested.
    rules, further, below, name = _rules(), None, None, host
    while name:
        mark = rules.get(name)
        if mark is not None:
            return _cut(mark, name, below, further) if mark else (name, below)
        further, below, name = below, name, name.partition(".")[2]
    return None, None


def _cut(mark: str, name: str, below: str | None, further: str | None) -> tuple[str | None, str | None]:
    """The ending and the domain, by a marked rule of `name`; a label more is `below`, two are `further`."""
    if mark == "!":  # `!www.ck`: a domain, though `*.ck` says that it is an ending
        return name.partition(".")[2] or None, name
    # `ck` of `*.ck` is an ending as well.
    return (name, None) if below is None else (below, further)


@cache
def _rules() -> dict[str, str]:
    """The names that the library's list has rules for, and the mark before each: "", `*.` or `!`."""
    from publicsuffixlist import PSLFILE

    lines = _RULE.findall(b"\n" + Path(PSLFILE).read_bytes())
    rules = b"\n".join(lines).decode("utf-8", "surrogateescape").lower().split("\n")
    names = dict.fromkeys(rules, "")
    for mark in ("*.", "!"):  # of several rules for one name the library heeds the last of these first
        marked = [rule.removeprefix(mark) for rule in rules if rule.startswith(mark)]
        names.update(dict.fromkeys(marked, mark))
    return names


@cache
def _library() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(accept_unknown=False)
