"""Whether a question may be asked again."""

from __future__ import annotations

from glaze_cli.model import Lookup
from glaze_cli.providers.base import Provider


def may_repeat(provider: Provider, lookup: Lookup) -> bool:
    """Whether asking twice is no harm: it is free, or the service knows the call again and bills it once.

    A provider that breaks over it does not say so, and is not asked twice.
    """
    try:
        return provider.repeatable(lookup)
    except Exception:
        return False
