"""robots.txt: whether a page may be asked for. Read once for each host."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable

from glaze_cli.errors import ProviderError
from glaze_cli.providers.http import Reply

AGENT = "glaze"
_MOST = 2_000


class Robots:
    """The rules of the hosts asked so far, the latest so many."""

    def __init__(self, fetch: Callable[[str], Awaitable[Reply]]) -> None:
        self._fetch = fetch
        self._known: OrderedDict[str, bool] = OrderedDict()

    async def allow(self, origin: str) -> bool:
        """Whether the root page of `https://host` may be read by us.

        A site without rules (4xx) allows everything. Where its rules cannot be had, RFC 9309 has it that a
        crawler stays away; we are none, and read one page that a person asked for: only a refusal counts.
        """
        if origin not in self._known:
            self._known[origin] = await self._ask(origin)
            if len(self._known) > _MOST:
                self._known.popitem(last=False)
        return self._known[origin]

    async def _ask(self, origin: str) -> bool:
        from protego import Protego

        try:
            reply = await self._fetch(f"{origin}/robots.txt")
        except ProviderError:
            return True
        if reply.status != 200 or "<html" in reply.text[:500].lower():
            return True
        try:
            return bool(Protego.parse(reply.text).can_fetch(f"{origin}/", AGENT))
        except Exception:  # whatever a stranger wrote there
            return True
