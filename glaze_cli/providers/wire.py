"""Addresses, headers and bounds as aiohttp has them, and a plain request as its bytes."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

import aiohttp
from yarl import URL

TRIED = ("3.14.",)
"""How the versions of aiohttp begin that the short way (direct.py) was tried with."""

HEADER_BYTES = 32_768
"""Most of one header: security policies of big sites outgrow the usual 8 KB."""

_ADDRESS = re.compile(r"(https?://[A-Za-z0-9.:\[\]-]+)(/[!-\"$-~]*)(?<!\?)")
"""A host as it is written, and what is asked of it: no user, no space or line end, no empty query."""
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_VALUE = re.compile(r"[\t -~]*")
_USUAL = frozenset({"user-agent", "accept", "accept-encoding"})
_FAR_REACHING = frozenset(
    {
        "connection",
        "content-length",
        "cookie",
        "expect",
        "host",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Headers that change how a request is sent, or that aiohttp puts together itself."""


def plain_parts(address: str) -> tuple[str, str] | None:
    """Origin and target (path and query) of an address; None where aiohttp might write either otherwise."""
    parts = _ADDRESS.fullmatch(address)
    return None if parts is None else (parts[1], parts[2])


def plain_lines(headers: Sequence[tuple[str, str]]) -> str | None:
    """The headers as they are sent, a line each; None where they are not for us to write: one decides more
    than itself, or is none."""
    try:
        return _lines(headers)
    except TypeError:  # a pair that is a list, of a provider of the user's own
        return None


@functools.lru_cache(100)
def _lines(headers: Sequence[tuple[str, str]]) -> str | None:
    names = {name.lower() for name, _ in headers}
    if not names >= _USUAL or names & _FAR_REACHING or len(names) != len(headers):
        return None  # of a name in two spellings, aiohttp sends the second only
    if not all(_NAME.fullmatch(name) and _VALUE.fullmatch(value) for name, value in headers):
        return None
    return "".join([f"{name}: {value}\r\n" for name, value in headers])


@functools.lru_cache(100)
def patience(connect_s: float, silence_s: float | None = None) -> aiohttp.ClientTimeout:
    """No `total`: the door bounds the whole. `connect` is all of the way there, names included."""
    return aiohttp.ClientTimeout(connect=connect_s, sock_read=silence_s)


def address_of(text: str) -> URL:
    """The same address to aiohttp: no other encoding. Raises LocalProtocolError."""
    try:
        end = text.find("/", len("https://"))
        before = text[:end]
        if end < 0 or "?" in before or "#" in text:
            return URL(text, encoded=True)
        # What comes before the path is the same again and again, and takes longest to read.
        origin = _origin(before)
        path, _, query = text[end:].partition("?")
        return URL.build(
            scheme=origin.scheme, authority=origin.raw_authority, path=path, query_string=query, encoded=True
        )
    except ValueError:  # a port that cannot be
        import httpx

        raise httpx.LocalProtocolError("not a valid address") from None


@functools.lru_cache(1000)
def _origin(text: str) -> URL:
    return URL(text, encoded=True)


def headers_of(raw: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    """By lower-case names; a repeated one's values joined by commas."""
    try:
        # Each name once, as nearly always, and nothing but UTF-8.
        headers = {_header_name(name): value.decode() for name, value in raw}
    except UnicodeDecodeError:
        return _mixed(raw)
    return headers if len(headers) == len(raw) else _mixed(raw)


def _mixed(raw: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in raw:
        key = _header_name(name)
        try:
            text = value.decode("utf-8")
        except UnicodeDecodeError:
            text = value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


@functools.lru_cache(1000)
def _header_name(name: bytes) -> str:
    return name.decode("latin-1").lower()
