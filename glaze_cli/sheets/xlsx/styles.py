"""The styles part: the number format of each cell style."""

from __future__ import annotations

from glaze_cli.sheets.xlsx.markup import events
from glaze_cli.sheets.xlsx.numfmt import BUILT_IN, GENERAL, Format, parse_format
from glaze_cli.sheets.xlsx.package import Package


def read_formats(package: Package, part: str | None) -> tuple[Format, ...]:
    """The format of style 0, 1, ... as the cells' `s` counts them; empty when the file has no styles."""
    codes: dict[str, str] = {str(number): code for number, code in BUILT_IN.items()}
    used: list[str] = []
    in_cell_formats = False
    for name, attributes, _ in events(package, part) if part else ():
        if name == "cellXfs":
            in_cell_formats = attributes is not None
        elif attributes is None:
            continue
        elif name == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "xf" and in_cell_formats:
            used.append(attributes.get("numFmtId", "0"))
    formats = {number: parse_format(codes[number]) if number in codes else GENERAL for number in set(used)}
    return tuple(formats[number] for number in used)
