"""The machine's own proxies, looked up when a first call goes out: what knows them takes a while to import,
and a run whose answers are remembered has no use for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from glaze_cli.providers.proxies import Proxies


def machine_proxies() -> Proxies:
    """As the environment, or the system's settings, say."""
    return Proxies(_ByScheme(), _bypass)


class _ByScheme(Mapping[str, str]):
    @cached_property
    def _found(self) -> Mapping[str, str]:
        from urllib.request import getproxies

        return getproxies()

    def __getitem__(self, scheme: str) -> str:
        return self._found[scheme]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def _bypass(host: str) -> bool:
    from urllib.request import proxy_bypass

    return bool(proxy_bypass(host))
