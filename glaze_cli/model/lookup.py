"""A lookup: the unit that is asked, paid for and cached. Several cells may want the same one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from json.encoder import encode_basestring as _quoted
from typing import Any

from glaze_cli.model.field import Field
from glaze_cli.model.once import once

_ENCODER = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True, init=False)
class Lookup:
    """One question to one provider: its name and version, and the normalised inputs it reads."""

    provider: str
    version: str
    inputs: tuple[tuple[Field, str], ...]
    """Sorted by field, each field once; only what the provider reads, normalised, none of it empty."""
    wants: Field | None = None
    """The field asked for, where the provider can give any; None where one answer holds all it gives."""
    prompt: str = ""
    """The user's own question, where the provider answers such: `{name}` in it stands for an input."""

    def __init__(
        self,
        provider: str,
        version: str,
        inputs: tuple[tuple[Field, str], ...],
        wants: Field | None = None,
        prompt: str = "",
    ) -> None:
        # A frozen dataclass asks `object.__setattr__` for each, at twice the cost: there is one of these
        # for every cell.
        own = self.__dict__
        own["provider"], own["version"], own["inputs"] = provider, version, inputs
        own["wants"], own["prompt"] = wants, prompt

    @classmethod
    def about(
        cls,
        provider: str,
        version: str,
        inputs: Mapping[Field, str],
        wants: Field | None = None,
        prompt: str = "",
    ) -> Lookup:
        """Build a lookup from inputs in any order."""
        read = tuple(inputs.items())
        return cls(provider, version, read if len(read) < 2 else tuple(sorted(read)), wants, prompt)

    @once
    def names(self) -> tuple[Field, ...]:
        """The fields of its inputs."""
        return tuple([field for field, _ in self.inputs])

    def __getitem__(self, field: Field | str) -> str:
        for name, text in self.inputs:
            if name == field:
                return text
        raise KeyError(field)

    def get(self, field: Field | str) -> str | None:
        """The input of that field, or None when the row had none."""
        for name, text in self.inputs:
            if name == field:
                return text
        return None

    @once
    def key(self) -> str:
        """The cache key: equal for equal questions, on every machine; keys and passwords are no inputs."""
        text = _json(self.provider, self.version, self.inputs, self.wants, self.prompt)
        digest: str = _sha256()(text.encode("utf-8", "surrogatepass")).hexdigest()
        return digest


def _json(
    provider: str, version: str, inputs: tuple[tuple[Field, str], ...], wants: Field | None, prompt: str
) -> str:
    """`["email", "1", [["email", "a@b.c"]], null]`, to the letter what json writes: stored keys hang on it.

    json sets up an encoder for every document, which costs more than these few texts; its own function
    quotes them here too. What is no text (a plug-in with `version = 1`) goes the long way.
    """
    try:
        pairs = ", ".join([f"[{_quoted(field)}, {_quoted(text)}]" for field, text in inputs])
        wanted = "null" if wants is None else _quoted(wants)
        asked = f", {_quoted(prompt)}" if prompt else ""
        return f"[{_quoted(provider)}, {_quoted(version)}, [{pairs}], {wanted}{asked}]"
    except TypeError:
        parts: list[object] = [provider, version, inputs, wants]
        return _ENCODER.encode([*parts, prompt] if prompt else parts)


@cache
def _sha256() -> Callable[[bytes], Any]:
    import hashlib  # it loads OpenSSL, which `glaze status` has no use for

    return hashlib.sha256
