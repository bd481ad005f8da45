"""The way out through proxies, where a machine has one."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from glaze_cli.providers.addresses import literal


@dataclass(frozen=True, slots=True)
class Proxies:
    """`by_scheme` is http, https or all to the proxy's address, as urllib.request.getproxies() gives it.

    `bypass` says of a `host:port` that it is asked without a proxy, as urllib.request.proxy_bypass does.
    """

    by_scheme: Mapping[str, str] = field(default_factory=dict, repr=False)  # may hold a password
    bypass: Callable[[str], bool] = field(default=lambda host: False, repr=False)

    def towards(self, scheme: str, host: str, port: int) -> str | None:
        """The proxy's address for a host; None: straight there. This machine itself needs none, ever."""
        proxy = self.by_scheme.get(scheme) or self.by_scheme.get("all")
        if not proxy or _is_here(host) or self.bypass(f"{host}:{port}"):
            return None
        return proxy if "://" in proxy else f"http://{proxy}"


def _is_here(host: str) -> bool:
    address = literal(host)
    if address is None:
        return host.rstrip(".").lower() == "localhost"
    return ipaddress.ip_address(address).is_loopback


NO_PROXIES = Proxies()
