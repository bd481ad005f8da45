"""What the sub-commands of `glaze providers` share: where settings and manifests are, and how to answer."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from glaze_cli.cli.wiring import ProviderSet
    from glaze_cli.model.settings import Settings


@dataclass(frozen=True)
class Asked:
    """The options that stand before a sub-command or behind it."""

    config: Path | None
    folders: tuple[Path, ...]
    json: bool

    @classmethod
    def of(
        cls, context: typer.Context | None, config: Path | None, folders: list[Path] | None, json: bool
    ) -> Asked:
        """Those of a sub-command, over those that stood before it."""
        before = (
            context.obj if context is not None and isinstance(context.obj, Asked) else cls(None, (), False)
        )
        return cls(config or before.config, tuple(folders or before.folders), json or before.json)

    def settings(self) -> Settings:
        """glaze.toml with them over it. Raises ConfigError."""
        from glaze_cli.config import find_settings

        return dataclasses.replace(find_settings(None, self.config), manifests=self.folders)

    def provider_set(self) -> ProviderSet:
        """Every provider there is. Raises ConfigError, ManifestError."""
        from glaze_cli.cli.wiring import provider_set

        return provider_set(self.settings())
