"""The styles part: the number format of each cell style."""

from __future__ import annotations

from glaze_cli.sheets.xlsx.markup import events
from glaze_cli.sheets.xlsx.numfmt import BUILT_IN, GENERAL, Format, parse_format
from glaze_cli.sheets.xlsx.package import Package


def read_formats(package: Package, part: str | None) -> tuple[Format, ...]:
    """The format of style 0, 1, ... as the cells' `s` counts them; empty when the file has no styles."""
    codes: dict[str, str] = {str(number): code for number, code in BUILT_IN.items()}
    used: list[str] = []
    group = ""  # differential formats reuse the same tags for something else
    for name, attributes, _ in events(package, part) if part else ():
        if name in ("numFmts", "cellXfs"):
            group = name if attributes is not None else ""
        elif attributes is None:
            continue
        elif name == "numFmt" and group == "numFmts":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "xf" and group == "cellXfs":
            used.append(attributes.get("numFmtId", "0"))
    formats = {number: parse_format(codes[number]) if number in codes else GENERAL for number in set(used)}
    return tuple(formats[number] for number in used)
