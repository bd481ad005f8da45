"""Options that commands share, each with its help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SELECTION, RUN, MONEY, FILE, OUTPUT = "Which cells", "How", "Money", "The file", "What is shown"

SheetPath = Annotated[Path, typer.Argument(help="The sheet: .csv, .tsv, .xlsx or .xlsm.", show_default=False)]
JobName = Annotated[str, typer.Argument(help="The job's id, or the beginning of it.", show_default=False)]

Store = Annotated[
    Path | None,
    typer.Option(
        "--store",
        help="The store's file [default: GLAZE_STORE, else the user's data folder].",
        show_default=False,
    ),
]
Config = Annotated[
    Path | None, typer.Option("--config", help="A glaze.toml to use instead of the one beside the sheet.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document to stdout.")]
SheetName = Annotated[
    str | None, typer.Option("--sheet", help="The worksheet [default: the first].", show_default=False)
]
HeaderRow = Annotated[int, typer.Option("--header-row", help="The row that holds the headers.")]
Delimiter = Annotated[
    str | None, typer.Option("--delimiter", help="The CSV's delimiter, where the detection is wrong.")
]
Encoding = Annotated[
    str | None, typer.Option("--encoding", help="The CSV's encoding, where the detection is wrong.")
]
Force = Annotated[bool, typer.Option("--force", help="Write into locked cells of a protected sheet.")]
OverwriteFormulas = Annotated[
    bool, typer.Option("--overwrite-formulas", help="Let a value replace a formula.")
]
Raw = Annotated[
    bool, typer.Option("--raw", help="CSV: write values a spreadsheet would run as they are, not defused.")
]
Recalculate = Annotated[
    bool, typer.Option("--recalc", help="XLSX: ask the spreadsheet to recalculate when it opens the file.")
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Write to this file, and leave the sheet as it is."),
]
