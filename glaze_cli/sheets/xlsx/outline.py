"""What a worksheet says around its rows: column styles, merged cells, validation, protection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.parsers.expat import ExpatError, ParserCreate

from glaze_cli.errors import SheetRefused
from glaze_cli.model import CellRange
from glaze_cli.sheets.xlsx.ranges import area

_PASSWORDS = ("password", "hashValue", "securityDescriptor")


class Outline:
    """Fed with a worksheet part, UTF-8, its rows left out; complete at the end of the part."""

    def __init__(self, sheet: str) -> None:
        self.merged: list[CellRange] = []
        self.validated: list[CellRange] = []
        self.unlocked: list[CellRange] = []
        """Ranges of a protected sheet that anyone may edit."""
        self.protected = False
        self._sheet = sheet
        self._column_styles: list[tuple[int, int, int]] = []
        self._text: list[str] = []
        self._rule = False
        self._parser = ParserCreate("utf-8", " ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def feed(self, data: bytes, final: bool = False) -> None:
        """The next piece. Raises SheetRefused when it is not well-formed XML."""
        try:
            self._parser.Parse(data, final)
        except (ExpatError, ValueError) as error:
            raise damaged(self._sheet, error) from None

    def column_style(self, column: int) -> int:
        """The style index that a new cell of that column begins with; 0 is the workbook's own."""
        return next((style for first, last, style in self._column_styles if first <= column <= last), 0)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._text.clear()
        match name.rpartition(" ")[2]:
            case "col":
                style = int(attributes.get("style", 0))
                if style:
                    span = int(attributes.get("min", 0)), int(attributes.get("max", 0))
                    self._column_styles.append((*span, style))
            case "mergeCell":
                self.merged += self._areas(attributes.get("ref", ""))
            case "dataValidation":
                self._rule = True  # a newer one says in an element of its own where it holds
                self.validated += self._areas(attributes.get("sqref", ""))
            case "sheetProtection":
                self.protected = attributes.get("sheet") in ("1", "true")
            case "protectedRange" if not any(key in attributes for key in _PASSWORDS):
                self.unlocked += self._areas(attributes.get("sqref", ""))

    def _characters(self, text: str) -> None:
        if self._rule:  # no other text is of interest, and there may be any amount of it
            self._text.append(text)

    def _end(self, name: str) -> None:
        match name.rpartition(" ")[2]:
            case "sqref" if self._rule:
                self.validated += self._areas("".join(self._text))
            case "dataValidation":
                self._rule = False

    def _areas(self, written: str) -> Iterator[CellRange]:
        for one in written.split():
            found = area(self._sheet, one)
            if found is not None:
                yield found


def guarded(chunks: Iterable[bytes], sheet: str) -> Iterator[bytes]:
    """The same chunks, each once it is known to be well-formed XML without a document type."""
    parser = ParserCreate("utf-8")

    def refuse(*_: object) -> None:
        raise SheetRefused(
            f"The sheet {sheet} declares a document type (DTD), which no spreadsheet program writes and which"
            " can hide a bomb; it is left alone."
        )

    parser.StartDoctypeDeclHandler = refuse
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            yield chunk
        parser.Parse(b"", True)
    except ExpatError as error:
        raise damaged(sheet, error) from None


def damaged(sheet: str, error: Exception) -> SheetRefused:
    """The refusal of a part that is not XML."""
    return SheetRefused(
        f"The sheet {sheet} is damaged ({error}); open it in a spreadsheet program, save again."
    )
