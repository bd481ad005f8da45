"""From one page of a list to the next: never to another host, never to the same page twice."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, unquote_plus, urljoin, urlsplit

from glaze_cli.errors import LookupFailed
from glaze_cli.model import Scalar
from glaze_cli.providers.manifest.document import Document
from glaze_cli.providers.manifest.extract import as_scalar

if TYPE_CHECKING:
    from glaze_cli.providers.manifest.ways import Pages

_PORTS = {"http": 80, "https": 443}


class Trail:
    """The pages of one list that were asked for.

    `url` is the first one's address, `base_url` where the service is asked, `home` the address it knows
    itself by (another one when the user has a `base_url` of their own), `key_name` the parameter of a key.
    """

    def __init__(self, pages: Pages, url: str, base_url: str, home: str, key_name: str = "") -> None:
        self._pages = pages
        self._base_url = base_url
        self._home = home
        self._key_name = key_name
        self._first = url
        self._url = url
        self._seen = [url]

    def onward(self, document: Document) -> str | None:
        """The address of the page after this one; None after the last.

        Raises LookupFailed when the answer sends us to another host.
        """
        if len(self._seen) >= self._pages.max:
            return None
        url = self._by_cursor(document) if self._pages.next is None else self._by_address(document)
        if url is None or url in self._seen:
            return None
        self._seen.append(url)
        self._url = url
        return url

    def _by_cursor(self, document: Document) -> str | None:
        assert self._pages.cursor is not None
        cursor = as_scalar(self._pages.cursor.of(document.values))
        if cursor is None or isinstance(cursor, bool):
            return None
        return _with_parameter(self._first, self._pages.query, cursor)

    def _by_address(self, document: Document) -> str | None:
        assert self._pages.next is not None
        link = as_scalar(self._pages.next.of(document.values))
        if not isinstance(link, str):
            return None
        url = self._at_home(link)
        return _without_parameter(url, self._key_name) if self._key_name else url

    def _at_home(self, link: str) -> str:
        """The link as an address of the service; its host is written by us, whatever the link says."""
        if "\\" not in link and " " not in link and link.isprintable():
            # The service knows itself by its home address, and may write links from there.
            after = _after_base(self._home + self._url[len(self._base_url) :], link, self._home)
            if after is not None:
                return self._base_url + after
            after = _after_host(self._url, link, self._base_url)
            if after is not None:
                here = urlsplit(self._base_url)
                return f"{here.scheme}://{here.netloc}{after}"
        host = urlsplit(self._base_url).hostname
        raise LookupFailed(f"{host} names a next page that is not on its own host")


def _after_base(url: str, link: str, base: str) -> str | None:
    """What follows the base in the address that a link at `url` leads to; None where it is not below it."""
    after, path = _after_host(url, link, base), urlsplit(base).path
    return after[len(path) :] if after is not None and after.startswith(path + "/") else None


def _after_host(url: str, link: str, base: str) -> str | None:
    """Path and query of that address; None where scheme, host and port are not those of the base."""
    try:
        parts = urlsplit(urljoin(url, link))
        if "@" in parts.netloc or _party(parts) != _party(urlsplit(base)):
            return None
    except ValueError:
        return None
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _party(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


def _without_parameter(url: str, name: str) -> str:
    path, _, query = url.partition("?")
    kept = [part for part in query.split("&") if part and unquote_plus(part.partition("=")[0]) != name]
    return path + ("?" + "&".join(kept) if kept else "")


def _with_parameter(url: str, name: str, value: Scalar) -> str:
    url = _without_parameter(url, name)
    return f"{url}{'&' if '?' in url else '?'}{quote(name, safe='')}={quote(str(value), safe='')}"
