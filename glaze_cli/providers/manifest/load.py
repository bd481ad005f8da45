"""Reads a manifest from TOML. Everything wrong with it is said with file, line and what was meant."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path

from glaze_cli.errors import ManifestError
from glaze_cli.model import About, Field, Keep, Limits, Tier, Window
from glaze_cli.providers.manifest.load_auth import load_auth
from glaze_cli.providers.manifest.load_op import load_check, load_op
from glaze_cli.providers.manifest.schema import Manifest
from glaze_cli.providers.manifest.section import Section
from glaze_cli.providers.manifest.template import base_address

ID = re.compile(r"[a-z][a-z0-9_-]*")
"""What a provider may be called."""

_WINDOW = re.compile(r"(\d+)/(\d*)(s|m|h|d)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def load_manifest(source: Path | str, name: str = "") -> Manifest:
    """A manifest from a file (a Path) or from its text. `name` is what errors call it.

    Raises ManifestError.
    """
    name = name or (str(source) if isinstance(source, Path) else "manifest")
    try:
        text = source.read_text("utf-8") if isinstance(source, Path) else source
        table = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at (line \d+)", str(error))
        what = str(error).partition(" (at ")[0]
        where = place[1] if place else f"line {text.count(chr(10)) + 1}"
        raise ManifestError(f"{name}, {where}: not valid TOML: {what}") from None
    except RecursionError:
        raise ManifestError(f"{name}, line 1: not valid TOML: it is nested too deeply") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ManifestError(f"{name} cannot be read: {error}") from error
    return _manifest(Section(table, name, text))


def _manifest(top: Section) -> Manifest:
    terms = top.inner("terms")
    manifest = Manifest(
        id=top.parsed("id", _id),
        version=top.text("version"),
        tier=_tier(top),
        base_url=top.parsed("base_url", base_address),
        ops=tuple(load_op(section) for section in top.inners("op")),
        about=_about(top, terms),
        keep=_keep(top.inner("cache"), terms),
        auth=load_auth(top.inner("auth")),
        limits=_limits(top.inner("limits")),
        check=load_check(top.inner("check")) if top.has("check") else None,
        on_request=top.ask("on_request", bool, "true or false", False),
        self_hosted=top.ask("self_hosted", bool, "true or false", False),
        contact=top.ask("contact", bool, "true or false", False),
    )
    terms.close()
    if not manifest.ops:
        top.refuse("op", "there is no `[[op]]`: say at least one thing that can be asked")
    _refuse_equal_needs(top, [op.needs for op in manifest.ops])
    top.close()
    return manifest


def _refuse_equal_needs(top: Section, needs: list[frozenset[Field]]) -> None:
    for number, wanted in enumerate(needs):
        for earlier in needs[:number]:
            if earlier <= wanted:
                names = ", ".join(sorted(earlier))
                sentence = f"it is never asked: an earlier `[[op]]` needs no more than {names}; put it first"
                top.inners("op")[number].refuse("needs", sentence)


def _id(text: str) -> str:
    if not ID.fullmatch(text):
        raise ValueError("an id is lower-case letters, digits, `-` and `_`, and begins with a letter")
    return text


def _tier(top: Section) -> Tier:
    tier = top.choice("tier", Tier)
    if tier is Tier.CACHE:
        top.refuse("tier", "`tier` cannot be `cache`: allowed are free, cheap, premium")
    return tier


def _about(top: Section, terms: Section) -> About:
    price = top.inner("price")
    about = About(
        title=top.text("title", ""),
        docs=top.text("docs", ""),
        license=terms.text("license", ""),
        attribution=terms.text("attribution", ""),
        terms=terms.text("note", ""),
        price=price.text("published", ""),
        priced=price.text("read", ""),
    )
    price.close()
    return about


def _keep(cache: Section, terms: Section) -> Keep:
    store = terms.ask("store", bool, "true or false", True)
    if not store and (cache.has("found") or cache.has("not_found")):
        cache.refuse(None, "[cache] has no meaning where `store` is false")
    usual = Keep()
    keep = Keep(_age(cache, "found", usual.hit_s), _age(cache, "not_found", usual.miss_s), store)
    cache.close()
    return keep


def _age(section: Section, key: str, usual: float) -> float:
    text = section.text(key, "")
    if not text:
        return usual
    parts = re.fullmatch(r"(\d+)(s|m|h|d)", text)
    if not parts:
        section.refuse(key, f'`{key}` has {text!r}: write a time such as "30d" or "12h"')
    return float(int(parts[1]) * _SECONDS[parts[2]])


def _limits(section: Section) -> Limits:
    windows = []
    for text in section.texts("windows", []):
        parts = _WINDOW.fullmatch(text)
        calls, span = (int(parts[1]), int(parts[2] or 1) * _SECONDS[parts[3]]) if parts else (0, 0)
        if not calls or not span:
            section.refuse(
                "windows", f'`windows` has {text!r}: write calls per time, such as "60/1m" or "10/s"'
            )
        windows.append(Window(calls, float(span)))
    concurrency = section.ask("concurrency", int, "a whole number, at least 1", 10)
    if concurrency < 1:
        section.refuse("concurrency", "`concurrency` must be a whole number, at least 1")
    section.close()
    return Limits(tuple(windows), concurrency)
