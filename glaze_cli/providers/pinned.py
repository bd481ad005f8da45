"""Connecting to the addresses that were decided on, whatever a name server says by now."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from contextvars import ContextVar

from aiohttp.abc import AbstractResolver, ResolveResult

PINNED: ContextVar[Sequence[str]] = ContextVar("PINNED")
"""The addresses of the request that the running task sends."""


class PinnedResolver(AbstractResolver):
    """Knows the addresses that were decided on for the request under way, and no others."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Raises OSError where there is none."""
        addresses = PINNED.get(())
        if not addresses:
            raise OSError("no such host is known")
        numeric = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=numeric,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing is open."""
