"""robots.txt: whether a page may be asked for. Read once for each site."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from glaze_cli.errors import LookupFailed
from glaze_cli.providers.http import Reply

if TYPE_CHECKING:
    from protego import Protego

AGENT = "glaze"
_MOST = 1_000


class Robots:
    """The rules of the sites asked so far, the latest so many."""

    def __init__(self, fetch: Callable[[str], Awaitable[Reply]]) -> None:
        """`fetch` gets an address, with redirects; it raises Throttled where nobody is there."""
        self._fetch = fetch
        self._known: OrderedDict[str, Protego] = OrderedDict()

    async def check(self, url: str) -> None:
        """Raises LookupFailed where the rules of its site forbid this address to us, or cannot be had.

        As RFC 9309 has it: a site without rules (4xx) allows everything, one that fails (5xx) nothing.
        """
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        rules = self._known.get(origin) or await self._ask(origin)
        if not rules.can_fetch(url, AGENT):
            raise LookupFailed(f"the robots.txt of {parts.hostname} asks not to read this page")

    async def _ask(self, origin: str) -> Protego:
        from protego import Protego

        reply = await self._fetch(f"{origin}/robots.txt")
        if reply.status >= 500:
            raise LookupFailed(
                f"{origin}/robots.txt cannot be read (status {reply.status}), so the page is not"
            )
        text = reply.text.removeprefix("\ufeff") if 200 <= reply.status < 300 else ""
        rules = Protego.parse(text)
        there = urlsplit(reply.url)
        self._remember(origin, rules)
        if there.path == "/robots.txt":  # the same file, as `www.` has it: not to be asked for again
            self._remember(f"{there.scheme}://{there.netloc}", rules)
        return rules

    def _remember(self, origin: str, rules: Protego) -> None:
        self._known[origin] = rules
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
