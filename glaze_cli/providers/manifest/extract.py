"""Values out of an answer: only what fits in a cell, never what was made to fit."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from glaze_cli.model import Field, Scalar
from glaze_cli.providers.manifest.expr import Expr
from glaze_cli.providers.manifest.schema import Confidence

# U+FFFD: bytes nobody could read. A lone surrogate cannot be stored at all.
_UNSOUND = re.compile("[\ufffd\ud800-\udfff]")


def extract(paths: Mapping[Field, Expr], document: Mapping[str, Any]) -> dict[Field, Scalar]:
    """The fields the answer has a value for; a field it has none for is absent."""
    found = {}
    for field, path in paths.items():
        value = as_scalar(path.of(document))
        if value is not None:
            found[field] = value
    return found


def as_scalar(value: object) -> Scalar | None:
    """A value for a cell, text trimmed; None for null, blank, lists, objects, NaN and broken text."""
    if isinstance(value, str):
        text = value.strip()
        return text if text and (text.isascii() or not _UNSOUND.search(text)) else None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, bool | int | float) else None


def confidence_of(confidence: Confidence | None, document: Mapping[str, Any]) -> float:
    """0..1. Without a rule for it 1; where the rule finds no number 0: the service did not say."""
    if confidence is None:
        return 1.0
    value = confidence.path.of(document)
    try:
        share = 0.0 if isinstance(value, bool) else float(value) / confidence.scale
    except (TypeError, ValueError, OverflowError):  # a whole number of 400 digits
        return 0.0
    if 0.0 < share <= 1.0:
        return share
    return 1.0 if 1.0 < share < math.inf else 0.0


def texts(value: object) -> tuple[str, ...]:
    """The texts in a text or a list of texts; of anything else none."""
    parts = value if isinstance(value, list) else [value]
    return tuple(part for part in parts if isinstance(part, str) and part.strip())
