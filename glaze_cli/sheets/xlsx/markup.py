"""XML of a part, read as a stream by expat; a document type, and what cannot be streamed, is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, Protocol
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType

from glaze_cli.errors import SheetRefused

if TYPE_CHECKING:
    from glaze_cli.sheets.limits import Limits


class Source(Protocol):
    """Where parts come from: a Package."""

    limits: Limits

    def document(self, name: str) -> Iterator[bytes]:
        """A small part, chunk by chunk."""

    def refusal(self, why: str) -> SheetRefused:
        """An error that names the file."""


class PartParser:
    """Feeds one part to expat. Set the handlers on `.expat`; names come as `namespace local`."""

    def __init__(self, source: Source, part: str) -> None:
        self._source = source
        self._part = part
        self._fed = 0
        self.expat: XMLParserType = ParserCreate(namespace_separator=" ")
        self.expat.buffer_text = True
        self.expat.StartDoctypeDeclHandler = self._refuse_doctype

    def feed(self, chunk: bytes) -> None:
        """Parse one more chunk; b"" ends the part. Raises SheetRefused where the XML is not well-formed."""
        try:
            self.expat.Parse(chunk, not chunk)
        except (ExpatError, LookupError, UnicodeError, ValueError) as error:
            raise self._source.refusal(f"{self._part} is damaged ({error})") from error
        self._fed += len(chunk)
        if self._fed - self.expat.CurrentByteIndex > self._source.limits.markup:
            raise self._source.refusal(f"{self._part} has a tag over the limit limits.markup")

    def _refuse_doctype(self, *_: object) -> None:
        raise self._source.refusal(f"{self._part} has a document type (DTD), which can hide an entity bomb")


class LocalNames(dict[str, str]):
    """Expat's `namespace local` to the local name, in the namespace of the root; others stay as they are.

    A dict, because it is asked for every tag of a sheet. Ask it for the root first.
    """

    def __init__(self) -> None:
        self._root: str | None = None

    def __missing__(self, name: str) -> str:
        namespace, _, local = name.rpartition(" ")
        if self._root is None:
            self._root = namespace
        self[name] = local if namespace == self._root else name
        return self[name]


class Event(NamedTuple):
    """A start tag (`attributes` is not None) or an end tag (`text`: what came since the last tag)."""

    name: str
    """The local name in the root's namespace; `namespace local` in any other."""
    attributes: Mapping[str, str] | None
    text: str


def events(source: Source, part: str) -> Iterator[Event]:
    """The tags of a small document in order. Raises SheetRefused (see PartParser), also for too many tags."""
    found: list[Event] = []
    text: list[str] = []
    names = LocalNames()

    def start(name: str, attributes: dict[str, str]) -> None:
        text.clear()
        found.append(Event(names[name], attributes, ""))

    def end(name: str) -> None:
        found.append(Event(names[name], None, "".join(text)))
        text.clear()

    parser = PartParser(source, part)
    parser.expat.StartElementHandler = start
    parser.expat.EndElementHandler = end
    parser.expat.CharacterDataHandler = text.append
    tags = 0
    for chunk in chain(source.document(part), (b"",)):
        parser.feed(chunk)
        tags += len(found)
        if tags > 2 * source.limits.tags:
            raise source.refusal(f"{part} has more tags than the limit limits.tags allows")
        yield from found
        found.clear()


def related(attributes: Mapping[str, str]) -> str | None:
    """The `r:id` of a start tag, in transitional and strict files alike; None when it has none."""
    return next((value for name, value in attributes.items() if name.endswith("/relationships id")), None)
