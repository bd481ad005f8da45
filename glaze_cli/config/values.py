"""Single values, as a user wrote them: amounts, times, tiers, whom to write to."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from glaze_cli.errors import ConfigError
from glaze_cli.model import Micros, TaskStatus, Tier, to_micros

_DURATION = re.compile(r"(\d{1,9})\s*(s|m|h|d|w)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_ASKED = tuple(tier for tier in Tier if tier is not Tier.CACHE)
_UNWANTED = (TaskStatus.NOT_FOUND, TaskStatus.SKIPPED, TaskStatus.FAILED)
_CONTACT = re.compile(r"(https?://[^\s@()]+|[^\s@()<>,;:]+@[^\s@()<>,;:]+)", re.ASCII | re.IGNORECASE)


def parse_amount(name: str, value: object) -> Micros:
    """An amount in dollars, as a user gave it under that name. Raises ConfigError."""
    try:
        amount = to_micros(str(value))
    except ValueError:
        amount = Micros(-1)
    if amount < 0:
        raise ConfigError(f"{name} must be an amount in dollars such as 2.50, not {value!r}.")
    return amount


def parse_duration(name: str, value: object) -> float:
    """`30d`, `12h`, `90m`, `45s` or `2w` in seconds. Raises ConfigError."""
    parts = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if parts is None:
        raise ConfigError(f'{name} must be a time such as "30d", "12h", "15m" or "45s", not {value!r}.')
    return float(int(parts[1]) * _SECONDS[parts[2]])


def parse_contact(name: str, value: object) -> str:
    """A mail box or a web address: it goes into a header of every call. Raises ConfigError."""
    text = value.strip() if isinstance(value, str) else ""
    if not (_CONTACT.fullmatch(text) and text.isascii() and text.isprintable()):
        raise ConfigError(
            f"{name} must be a mail or web address such as you@example.com, where a service can reach you, "
            f"not {value!r}."
        )
    return text


def parse_tiers(name: str, texts: Iterable[str]) -> tuple[Tier, ...]:
    """`free,cheap`, or one a text, in the order they are asked. Raises ConfigError."""
    wanted = [part.strip().lower() for text in texts for part in text.split(",") if part.strip()]
    for word in wanted:
        if word not in _ASKED:
            close = difflib.get_close_matches(word, _ASKED, 1) if word != Tier.CACHE else []
            hint = f"did you mean {close[0]}?" if close else "remembered answers are used anyway."
            raise ConfigError(f"{name} takes free, cheap and premium, with commas, not {word}; {hint}")
    return tuple(tier for tier in _ASKED if tier in wanted)


def parse_fail_on(name: str, texts: Iterable[str]) -> tuple[TaskStatus, ...]:
    """`not-found,skipped`: how a cell must not end. Raises ConfigError."""
    words = [part.strip().lower().replace("_", "-") for text in texts for part in text.split(",")]
    known = {str(status).replace("_", "-"): status for status in _UNWANTED}
    for word in words:
        if word and word not in known:
            raise ConfigError(f"{name} takes {', '.join(known)}, with commas, not {word!r}.")
    return tuple(known[word] for word in words if word)


def parse_share(name: str, value: object) -> float:
    """`0.9` or `90%`: a share of the selected cells, from 0 to 1. Raises ConfigError."""
    text = str(value).strip()
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise ConfigError(f"{name} must be a share such as 0.9 or 90%, not {value!r}.")
    return share
