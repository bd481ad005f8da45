"""Providers that are made when they are looked at: a run asks a few, and reading all takes a while."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from glaze_cli.model import Field
from glaze_cli.providers.base import Provider


@dataclass(frozen=True)
class Late:
    """What makes a provider, and what is known of it before."""

    make: Callable[[], Provider]
    local: bool = False
    prompted: bool = False
    """Whether it answers prompts, and nothing else."""
    text: str | None = None
    """Of a manifest that ships, in which the fields that it gives stand in double quotes; a test holds that.
    None: what it gives is known when it is made."""

    def may_give(self, fields: Collection[Field]) -> bool:
        """False where it is sure that it gives none of them."""
        return self.text is None or any(f'"{field}"' in self.text for field in fields)


class LateProviders(Mapping[str, Provider]):
    """All there are, by name and in their order; looking at one makes it, once."""

    def __init__(self, late: Mapping[str, Late]) -> None:
        self._late = late
        self._made: dict[str, Provider] = {}

    def __getitem__(self, name: str) -> Provider:
        if name not in self._made:
            self._made[name] = self._late[name].make()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._late)

    def __len__(self) -> int:
        return len(self._late)

    def __contains__(self, name: object) -> bool:
        return name in self._late  # Mapping's own would make it

    @property
    def made(self) -> tuple[Provider, ...]:
        """Those that somebody has looked at."""
        return tuple(self._made.values())

    def late(self) -> Iterator[tuple[str, Late]]:
        """Each name with what is known without making it."""
        yield from self._late.items()
