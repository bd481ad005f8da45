"""Settings from options, environment and glaze.toml. The only room that reads the environment.

What is imported from here is loaded with its first use: `glaze status` wants a path, and no settings.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glaze_cli.config.keys import Key, key_at
    from glaze_cli.config.places import find_settings, store_path, user_config_folder
    from glaze_cli.config.read import read_settings
    from glaze_cli.config.run import with_options
    from glaze_cli.config.values import (
        parse_amount,
        parse_contact,
        parse_duration,
        parse_fail_on,
        parse_share,
        parse_tiers,
    )

__all__ = [
    "Key",
    "find_settings",
    "key_at",
    "parse_amount",
    "parse_contact",
    "parse_duration",
    "parse_fail_on",
    "parse_share",
    "parse_tiers",
    "read_settings",
    "store_path",
    "user_config_folder",
    "with_options",
]

_FILES = {
    "keys": ("Key", "key_at"),
    "places": ("find_settings", "store_path", "user_config_folder"),
    "read": ("read_settings",),
    "run": ("with_options",),
}
"""Of this room, with the names that others want of them; the rest is in `values`."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    file = next((file for file, names in _FILES.items() if name in names), "values")
    return getattr(import_module(f"{__name__}.{file}"), name)
