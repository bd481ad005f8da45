"""One provider in a column's waterfall, with what is the same for all rows worked out once."""

from __future__ import annotations

from collections.abc import Mapping

from glaze_cli.engine.prompt import Prompt
from glaze_cli.model import ANY, Field, Lookup
from glaze_cli.providers.base import Provider


class Step:
    """Plain attributes: each of them is read once a cell."""

    def __init__(self, provider: Provider, field: Field, prompt: Prompt | None) -> None:
        """`field`: what the column holds. `prompt`: what a language model is asked, where it has one."""
        self.provider = provider
        self.name = provider.name
        self.version = provider.version
        self.tier = provider.tier
        self.local = provider.local
        self.prompted = provider.prompted
        self.label = {"provider": provider.name, "tier": str(provider.tier)}
        """How a receipt names it."""
        self._prompt = prompt
        if prompt is not None:
            self._wants: Field | None = field
            self._needs: tuple[tuple[Field, ...], ...] = ()
        else:
            self._wants = field if ANY in provider.gives else None
            self._needs = tuple(tuple(sorted(need)) for need in provider.needs_for(field))

    def lookup(self, inputs: Mapping[Field, str], texts: Mapping[Field, str]) -> Lookup | None:
        """What to ask about a row: only the inputs the provider reads. None when the row lacks them.

        `inputs`: normalised, no empty ones. `texts`: by `custom_field` of their headers, for prompts.
        """
        if self._prompt is not None:
            read = self._prompt.inputs(texts)
            if read is None:
                return None
            return Lookup.about(self.name, self.version, read, self._wants, self._prompt.template)
        for need in self._needs:
            if ANY in need:
                if inputs:
                    return Lookup.about(self.name, self.version, inputs, self._wants)
                continue
            found = [(field, inputs[field]) for field in need if field in inputs]
            if len(found) == len(need):  # they are in the order of their names, as a lookup has them
                return Lookup(self.name, self.version, tuple(found), self._wants)
        return None
