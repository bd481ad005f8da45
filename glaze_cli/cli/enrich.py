"""`glaze enrich`: select cells, run the waterfall, write the values back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from glaze_cli.cli import options as o


def enrich(
    sheet_path: o.SheetPath,
    range_: Annotated[
        str | None,
        typer.Option(
            "--range",
            "-r",
            help="Cells: B2:D40, B:D, B2:D, 2:40, 'Q3 leads'!B2:D40, Leads[Email], several with commas.",
            rich_help_panel=o.SELECTION,
        ),
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option(
            "--columns",
            "-c",
            help="Headers, with commas; one that the sheet lacks is added at the right.",
            rich_help_panel=o.SELECTION,
        ),
    ] = None,
    sheet: o.SheetName = None,
    header_row: o.HeaderRow = 1,
    where: Annotated[
        str | None,
        typer.Option(
            "--where",
            help="Only rows that meet this SQL condition over the headers: \"Country = 'US'\".",
            rich_help_panel=o.SELECTION,
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=1, help="Only the first so many rows.", rich_help_panel=o.SELECTION),
    ] = None,
    overwrite: Annotated[
        bool,
        typer.Option("--overwrite", help="Ask about filled cells too.", rich_help_panel=o.SELECTION),
    ] = False,
    provider: Annotated[
        list[str] | None,
        typer.Option("--provider", "-p", help="Ask only this provider; repeat for more, in order."),
    ] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask only providers that compute on this machine.")
    ] = False,
    concurrency: Annotated[
        int | None, typer.Option("--concurrency", help="Cells at once [default: 10].", rich_help_panel=o.RUN)
    ] = None,
    min_confidence: Annotated[
        float | None,
        typer.Option("--min-confidence", help="0 to 1: do not take a weaker answer.", rich_help_panel=o.RUN),
    ] = None,
    cell_timeout: Annotated[
        float | None, typer.Option(help="Seconds for one cell [default: 120].", rich_help_panel=o.RUN)
    ] = None,
    job_timeout: Annotated[
        float | None, typer.Option(help="Seconds for the run [default: 3600].", rich_help_panel=o.RUN)
    ] = None,
    max_cost: Annotated[
        str | None,
        typer.Option("--max-cost", help="Spend at most so many dollars.", rich_help_panel=o.MONEY),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Show what would be asked of whom; touch nothing."),
    ] = False,
    output: o.Output = None,
    no_write: Annotated[
        bool, typer.Option("--no-write", help="Leave the values in the store, for `glaze diff` and `apply`.")
    ] = False,
    delimiter: o.Delimiter = None,
    encoding: o.Encoding = None,
    overwrite_formulas: o.OverwriteFormulas = False,
    force: o.Force = False,
    raw: o.Raw = False,
    recalc: o.Recalculate = False,
    seed: Annotated[int, typer.Option("--seed", help="Repeatable values of the mock provider.")] = 0,
    mock_latency: Annotated[
        float | None,
        typer.Option("--mock-latency", help="Seconds the mock provider pretends [default: 0.3 to 0.8]."),
    ] = None,
    config: o.Config = None,
    store: o.Store = None,
    json_: o.Json = False,
    stream: Annotated[bool, typer.Option("--stream", help="Print one event a line, as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show nothing but errors.")] = False,
    plain: Annotated[bool, typer.Option("--plain", help="Plain lines instead of the live grid.")] = False,
) -> int:
    """Fill the empty cells of a range, or of columns, and write the values back into the file."""
    from glaze_cli.cli.dry import show_plan
    from glaze_cli.cli.launch import launch
    from glaze_cli.cli.prepare import prepare
    from glaze_cli.cli.request import EnrichRequest
    from glaze_cli.cli.show import View

    request = EnrichRequest(
        path=str(Path(sheet_path).absolute()),
        range=range_,
        columns=split_headers(columns),
        sheet=sheet,
        header_row=header_row,
        where=where,
        limit=limit,
        overwrite=overwrite,
        providers=tuple(provider or ()),
        offline=offline,
        seed=seed,
        mock_latency=mock_latency,
        output=None if output is None else str(output.absolute()),
        write=not no_write,
        config=None if config is None else str(config.absolute()),
        concurrency=concurrency,
        min_confidence=min_confidence,
        max_cost=max_cost,
        cell_timeout=cell_timeout,
        job_timeout=job_timeout,
        delimiter=delimiter,
        encoding=encoding,
        overwrite_formulas=overwrite_formulas,
        force=force,
        raw=raw,
        recalculate=recalc,
    )
    view = View(json=json_, stream=stream, quiet=quiet, plain=plain)
    prepared = prepare(request)
    if dry_run:
        return show_plan(prepared, view)
    return launch(prepared, store, view)


def split_headers(text: str | None) -> tuple[str, ...]:
    """`Email,"Name, first"` → the headers: a CSV record, since headers may hold commas."""
    import csv

    if not text:
        return ()
    return tuple(
        header.strip() for header in next(csv.reader([text], skipinitialspace=True)) if header.strip()
    )
