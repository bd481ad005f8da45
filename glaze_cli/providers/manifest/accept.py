"""Is the answer about the row that was asked? Refuses namesakes, before a value may enter the sheet."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from glaze_cli.providers.manifest.extract import texts
from glaze_cli.providers.manifest.schema import Accept

_MOST = 100  # names of one candidate that are compared
_LONGEST = 300  # of a name; comparing every word with every other of a page would stop everything else


def acceptance(
    rules: Sequence[Accept], inputs: Mapping[str, str], document: Mapping[str, Any]
) -> float | None:
    """How well the answer fits the row, 0..1: its weakest rule; 1 without rules. None: it does not fit."""
    weakest = 1.0
    for rule in rules:
        asked = inputs[rule.field]
        scores = [_score(rule, asked, text) for text in texts(rule.path.of(document))[:_MOST]]
        best = max(scores, default=0.0)
        if best < (1.0 if rule.min is None else rule.min):
            return None
        weakest = min(weakest, best)
    return weakest


def _score(rule: Accept, asked: str, answered: str) -> float:
    if rule.min is None:
        return float(_plain(asked) == _plain(answered))
    return similarity(asked, answered)


def similarity(one: str, other: str) -> float:
    """How alike two names are, 0..1, whatever the case, accents, punctuation and order of words.

    A legal form that only one of them has does not count; two different ones do: Shell PLC and
    Shell AG are two companies. No word is lost in a long name: the least alike one bounds the whole, and
    a short one or one with a digit (UK, II, Fund 3) has to be the same.
    """
    if max(len(one), len(other)) > _LONGEST:
        return float(one == other)
    from rigour.names import extract_org_types, remove_org_types

    names = [_plain(one), _plain(other)]
    forms = [{form for _, form in extract_org_types(name)} for name in (one, other)]
    if not (forms[0] and forms[1]) or forms[0] == forms[1]:
        bare = [_plain(remove_org_types(name)) for name in (one, other)]
        names = bare if all(bare) else names
    return _alike(*names)


def _alike(one: str, other: str) -> float:
    from rapidfuzz import fuzz

    if one.replace(" ", "") == other.replace(" ", ""):
        return float(bool(one.strip()))
    words, others = ([word for word in name.split() if word != "and"] for name in (one, other))
    if not words or not others:
        return 0.0
    least = min(
        *(max(_word_alike(word, twin) for twin in others) for word in words),
        *(max(_word_alike(word, twin) for twin in words) for word in others),
    )
    return min(least, fuzz.token_sort_ratio(" ".join(words), " ".join(others)) / 100)


def _word_alike(one: str, other: str) -> float:
    from rapidfuzz import fuzz

    if one == other:
        return 1.0
    exact = min(len(one), len(other)) <= 3 or any(letter.isdigit() for letter in one + other)
    return 0.0 if exact else fuzz.ratio(one, other) / 100


def _plain(text: str) -> str:
    """Letters and digits of any script, folded, without Latin accents; everything else is one space."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = (letter for letter in letters if not "\u0300" <= letter <= "\u036f")
    return " ".join("".join(letter if _counts(letter) else " " for letter in kept).split())


def _counts(letter: str) -> bool:
    return letter.isalnum() or unicodedata.category(letter).startswith("M")  # vowel signs are marks
