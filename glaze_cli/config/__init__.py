"""Settings from options, environment and glaze.toml. The only room that reads the environment."""

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
