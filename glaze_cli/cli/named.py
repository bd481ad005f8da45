"""Options whose values have names that a shell can complete: jobs, worksheets, columns, providers."""

from __future__ import annotations

from typing import Annotated

import typer

from glaze_cli.cli import completion

SELECTION, ASKED = "Which cells", "Who is asked"

JobName = Annotated[
    str,
    typer.Argument(
        metavar="JOB",
        help="The job's id, or the beginning of it.",
        show_default=False,
        autocompletion=completion.jobs,
    ),
]
SheetName = Annotated[
    str | None,
    typer.Option(
        "--sheet",
        help="The worksheet (default: the first).",
        show_default=False,
        rich_help_panel=SELECTION,
        autocompletion=completion.tabs,
    ),
]
Columns = Annotated[
    str | None,
    typer.Option(
        "--columns",
        "-c",
        help="Headers, with commas; one that the sheet lacks is added at the right.",
        rich_help_panel=SELECTION,
        autocompletion=completion.headers,
    ),
]
Providers = Annotated[
    list[str] | None,
    typer.Option(
        "--provider",
        "-p",
        help="Ask only this provider; repeat for more, in order.",
        rich_help_panel=ASKED,
        autocompletion=completion.providers,
    ),
]
