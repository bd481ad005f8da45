"""A lookup: the unit that is asked, paid for and cached. Several cells may want the same one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from glaze_cli.model.field import Field

_ENCODER = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True)
class Lookup:
    """One question to one provider: its name and version, and the normalised inputs it reads."""

    provider: str
    version: str
    inputs: tuple[tuple[Field, str], ...]
    """Sorted by field; only what the provider reads, normalised, none of it empty."""
    wants: Field | None = None
    """The field asked for, where the provider can give any; None where one answer holds all it gives."""
    prompt: str = ""
    """The user's own question, where the provider answers such: `{name}` in it stands for an input."""

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
        return cls(provider, version, tuple(sorted(inputs.items())), wants, prompt)

    @cached_property
    def names(self) -> tuple[Field, ...]:
        """The fields of its inputs."""
        return tuple(field for field, _ in self.inputs)

    def __getitem__(self, field: Field | str) -> str:
        return dict(self.inputs)[Field(field)]

    def get(self, field: Field | str) -> str | None:
        """The input of that field, or None when the row had none."""
        return dict(self.inputs).get(Field(field))

    @cached_property
    def key(self) -> str:
        """The cache key: equal for equal questions, on every machine; keys and passwords are no inputs."""
        import hashlib  # it loads OpenSSL, which `glaze status` has no use for

        parts: list[object] = [self.provider, self.version, self.inputs, self.wants]
        if self.prompt:
            parts.append(self.prompt)
        text = _ENCODER.encode(parts)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
