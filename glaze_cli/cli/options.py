"""Options that commands share, each with its help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from glaze_cli.cli.named import ASKED as ASKED
from glaze_cli.cli.named import SELECTION as SELECTION
from glaze_cli.cli.named import Columns as Columns
from glaze_cli.cli.named import JobName as JobName
from glaze_cli.cli.named import Providers as Providers
from glaze_cli.cli.named import SheetName as SheetName

RUN = "How it runs"
MONEY, FILE, SHOWN = "Money", "The file", "What is shown"

SheetPath = Annotated[
    Path,
    typer.Argument(
        metavar="SHEET",
        help="The sheet: .csv, .tsv, .xlsx or .xlsm; - for a CSV in a pipe.",
        show_default=False,
    ),
]

Store = Annotated[
    Path | None,
    typer.Option(
        "--store",
        help="The store's file (default: GLAZE_STORE, else the user's data folder).",
        show_default=False,
    ),
]
Config = Annotated[
    Path | None, typer.Option("--config", help="A glaze.toml to use instead of the one beside the sheet.")
]
Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON document to stdout.", rich_help_panel=SHOWN)
]
HeaderRow = Annotated[
    int, typer.Option("--header-row", help="The row that holds the headers.", rich_help_panel=SELECTION)
]
Delimiter = Annotated[
    str | None,
    typer.Option(
        "--delimiter", help="The CSV's delimiter, where the detection is wrong.", rich_help_panel=FILE
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        "--encoding", help="The CSV's encoding, where the detection is wrong.", rich_help_panel=FILE
    ),
]
Force = Annotated[
    bool, typer.Option("--force", help="Write into locked cells of a protected sheet.", rich_help_panel=FILE)
]
OverwriteFormulas = Annotated[
    bool, typer.Option("--overwrite-formulas", help="Let a value replace a formula.", rich_help_panel=FILE)
]
Raw = Annotated[
    bool,
    typer.Option(
        "--raw",
        help="CSV: write values a spreadsheet would run as they are, not defused.",
        rich_help_panel=FILE,
    ),
]
Annotate = Annotated[
    bool,
    typer.Option(
        "--annotate",
        help="Add columns with source, confidence and date of each value.",
        rich_help_panel=FILE,
    ),
]
LogSheet = Annotated[
    bool,
    typer.Option(
        "--log-sheet",
        help='XLSX: list the values with source, confidence, cost and date in a sheet "Glaze log".',
        rich_help_panel=FILE,
    ),
]
Recalculate = Annotated[
    bool,
    typer.Option(
        "--recalc",
        help="XLSX: ask the spreadsheet to recalculate when it opens the file.",
        rich_help_panel=FILE,
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        help="Write to this file (- for stdout), and leave the sheet as it is.",
        rich_help_panel=FILE,
    ),
]


Range = Annotated[
    str | None,
    typer.Option(
        "--range",
        "-r",
        help="Cells: B2:D40, B:D, B2:D, 2:40, 'Q3 leads'!B2:D40, Leads[Email], several with commas.",
        rich_help_panel=SELECTION,
    ),
]
Where = Annotated[
    str | None,
    typer.Option(
        "--where",
        help="Only rows that meet this SQL condition over the headers: \"Country = 'US'\".",
        rich_help_panel=SELECTION,
    ),
]
Limit = Annotated[
    int | None, typer.Option("--limit", min=1, help="Only the first so many rows.", rich_help_panel=SELECTION)
]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Ask about filled cells too.", rich_help_panel=SELECTION)
]
Tiers = Annotated[
    list[str] | None,
    typer.Option(
        "--tier",
        help="Ask only providers of these tiers: free, cheap, premium, with commas.",
        show_default=False,
        rich_help_panel=ASKED,
    ),
]
ProvidersDir = Annotated[
    list[Path] | None,
    typer.Option(
        "--providers-dir", help="A folder with manifests of your own; repeat for more.", show_default=False
    ),
]
Prompt = Annotated[
    str | None,
    typer.Option(
        "--prompt",
        help='Ask a language model, for the one column selected: "In a line, what does {Company} do?"',
        show_default=False,
        rich_help_panel=ASKED,
    ),
]
Refresh = Annotated[
    bool, typer.Option("--refresh", help="Ask anew, whatever is remembered.", rich_help_panel=ASKED)
]
MaxAge = Annotated[
    str | None,
    typer.Option(
        "--max-age",
        help='Ask anew what is remembered for longer: "30d", "12h".',
        show_default=False,
        rich_help_panel=ASKED,
    ),
]
Contact = Annotated[
    str | None,
    typer.Option(
        "--contact",
        help="Where services can reach you: you@example.com (default: GLAZE_CONTACT, else glaze.toml).",
        show_default=False,
        rich_help_panel=ASKED,
    ),
]
Offline = Annotated[
    bool,
    typer.Option("--offline", help="Ask only providers that compute on this machine.", rich_help_panel=ASKED),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be asked of whom; touch nothing.")]
Concurrency = Annotated[
    int | None, typer.Option("--concurrency", help="Cells at once (default: 10).", rich_help_panel=RUN)
]
MinConfidence = Annotated[
    float | None,
    typer.Option("--min-confidence", help="0 to 1: do not take a weaker answer.", rich_help_panel=RUN),
]
CellTimeout = Annotated[
    float | None,
    typer.Option("--cell-timeout", help="Seconds for one cell (default: 120).", rich_help_panel=RUN),
]
JobTimeout = Annotated[
    float | None,
    typer.Option("--job-timeout", help="Seconds for the run (default: 3600).", rich_help_panel=RUN),
]
MaxCost = Annotated[
    str | None,
    typer.Option("--max-cost", help="Spend at most so many dollars on the job.", rich_help_panel=MONEY),
]
MaxCostInAll = Annotated[
    str | None,
    typer.Option(
        "--max-cost",
        help="Spend at most so many dollars in all, what the job has spent before included.",
        rich_help_panel=MONEY,
    ),
]
MaxCellCost = Annotated[
    str | None,
    typer.Option("--max-cell-cost", help="Spend at most so many dollars on one cell.", rich_help_panel=MONEY),
]
ExpectCost = Annotated[
    str | None,
    typer.Option(
        "--expect-cost", help="Do not start if it may cost more than so many dollars.", rich_help_panel=MONEY
    ),
]
Yes = Annotated[
    bool, typer.Option("--yes", "-y", help="Do not ask before money is spent.", rich_help_panel=MONEY)
]
RetryUnknown = Annotated[
    bool,
    typer.Option(
        "--retry-unknown",
        help="Ask again where a reply was lost, also for cells that failed so; it may be billed twice.",
        rich_help_panel=MONEY,
    ),
]
Changed = Annotated[
    bool,
    typer.Option(
        "--changed",
        help="Ask anew about cells filled by Glaze whose row's inputs have changed since.",
        rich_help_panel=SELECTION,
    ),
]
Detach = Annotated[
    bool,
    typer.Option(
        "--detach", help="Run on in a process of its own; prints the job's id.", rich_help_panel=RUN
    ),
]
NoWait = Annotated[
    bool,
    typer.Option(
        "--no-wait", help="Refuse, rather than wait for other jobs to end first.", rich_help_panel=RUN
    ),
]
FailOn = Annotated[
    list[str] | None,
    typer.Option(
        "--fail-on",
        help="Exit with 3 if a cell ends so: not-found, skipped, failed (which does anyway).",
        rich_help_panel=SHOWN,
    ),
]
MinFill = Annotated[
    str | None,
    typer.Option(
        "--min-fill",
        help="Exit with 3 if less of the selection holds a value at the end: 0.9 or 90%.",
        rich_help_panel=SHOWN,
    ),
]
NoWrite = Annotated[
    bool,
    typer.Option(
        "--no-write",
        help="Leave the values in the store, for `glaze diff` and `glaze apply`.",
        rich_help_panel=FILE,
    ),
]
Seed = Annotated[int, typer.Option("--seed", help="Repeatable values of the mock provider.")]
MockLatency = Annotated[
    float | None,
    typer.Option("--mock-latency", min=0, help="Seconds the mock provider pretends (default: 0.3 to 0.8)."),
]
Stream = Annotated[
    bool, typer.Option("--stream", help="Print one event a line, as JSON.", rich_help_panel=SHOWN)
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show nothing but errors.", rich_help_panel=SHOWN)]
Plain = Annotated[
    bool, typer.Option("--plain", help="Plain lines instead of the live grid.", rich_help_panel=SHOWN)
]
