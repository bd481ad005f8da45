"""What the services that need code share: hosts, keys, and the same reading of statuses as manifests."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import quote, urlencode, urlsplit

from glaze_cli.providers.base import ProviderBase
from glaze_cli.providers.http import NO_SECRET, Call, Secret
from glaze_cli.providers.manifest.document import Document, read
from glaze_cli.providers.manifest.failure import failure, first_wait
from glaze_cli.providers.manifest.load_op import USUAL_WAITS
from glaze_cli.providers.manifest.rules import judge
from glaze_cli.providers.manifest.schema import Expect, Outcome, Rule
from glaze_cli.providers.setup import Setup


class Service(ProviderBase):
    """A provider of the network, in Python. Made with a Setup; see providers.base for what it has to do."""

    local = False
    env: ClassVar[str] = ""
    """The variable that holds its key; "": it needs none."""
    contact: ClassVar[bool] = False
    """Whether the service asks its callers to say whom to write to."""

    def __init__(self, setup: Setup, now: Callable[[], float] = time.time) -> None:
        """`now` is epoch seconds."""
        self._setup = setup
        self._now = now
        if self.env and not setup.key:
            self.lacks = f"set {setup.key_name or self.env}"
        elif self.contact and not setup.contact:
            self.lacks = 'set whom to write to in glaze.toml: [defaults] contact = "you@example.com"'

    def address(self, base: str, path: str = "", query: Mapping[str, str] | None = None) -> str:
        """A complete address: `path` is encoded already (see `segment`), `query` is not.

        A base_url of the user's takes the place of whatever host the service has.
        """
        root = (self._setup.base_url or base).rstrip("/")
        if self._setup.base_url:
            root += urlsplit(base).path.rstrip("/")
        return root + path + (f"?{urlencode(query, quote_via=quote)}" if query else "")

    async def fetch(
        self,
        url: str,
        *,
        rules: Sequence[Rule] = (),
        expect: Expect = Expect.JSON,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        secret: Secret = NO_SECRET,
        free: bool = True,
        max_bytes: int | None = None,
    ) -> Document | None:
        """The answer where it is a hit, None where it is a miss; else the error that its status means.

        `body` is sent as JSON, by POST. `rules` speak before the table of statuses, as in a manifest.
        """
        named = list((headers or {}).items())
        content = None
        if body is not None:
            content = json.dumps(body, ensure_ascii=False).encode()
            named.append(("content-type", "application/json"))
        method = "GET" if body is None else "POST"
        call = Call(method, url, tuple(named), content, secret, free, max_bytes=max_bytes)
        document = read(await self._setup.door.send(call), expect)
        verdict = judge(rules, document)
        if verdict.outcome is Outcome.HIT:
            return document
        if verdict.outcome is Outcome.MISS:
            return None
        wait = first_wait(USUAL_WAITS, document, self._now())
        raise failure(self.name, self._setup.key_name or self.env, call, verdict, document, wait)


def segment(text: str) -> str:
    """One segment of a path, encoded so that it stays one."""
    return quote(text, safe="")
