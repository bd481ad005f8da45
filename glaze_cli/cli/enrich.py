"""`glaze enrich`: select cells, run the waterfall, write the values back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glaze_cli.cli import options as o

if TYPE_CHECKING:
    from pathlib import Path

    from glaze_cli.cli.show import View


def enrich(
    sheet_path: o.SheetPath,
    range_: o.Range = None,
    columns: o.Columns = None,
    sheet: o.SheetName = None,
    header_row: o.HeaderRow = 1,
    where: o.Where = None,
    limit: o.Limit = None,
    overwrite: o.Overwrite = False,
    changed: o.Changed = False,
    provider: o.Providers = None,
    tier: o.Tiers = None,
    prompt: o.Prompt = None,
    offline: o.Offline = False,
    refresh: o.Refresh = False,
    max_age: o.MaxAge = None,
    concurrency: o.Concurrency = None,
    min_confidence: o.MinConfidence = None,
    cell_timeout: o.CellTimeout = None,
    job_timeout: o.JobTimeout = None,
    detach: o.Detach = False,
    no_wait: o.NoWait = False,
    max_cost: o.MaxCost = None,
    max_cell_cost: o.MaxCellCost = None,
    expect_cost: o.ExpectCost = None,
    yes: o.Yes = False,
    retry_unknown: o.RetryUnknown = False,
    dry_run: o.DryRun = False,
    output: o.Output = None,
    no_write: o.NoWrite = False,
    delimiter: o.Delimiter = None,
    encoding: o.Encoding = None,
    overwrite_formulas: o.OverwriteFormulas = False,
    force: o.Force = False,
    raw: o.Raw = False,
    annotate: o.Annotate = False,
    log_sheet: o.LogSheet = False,
    recalculate: o.Recalculate = False,
    seed: o.Seed = 0,
    mock_latency: o.MockLatency = None,
    config: o.Config = None,
    providers_dir: o.ProvidersDir = None,
    contact: o.Contact = None,
    store: o.Store = None,
    fail_on: o.FailOn = None,
    min_fill: o.MinFill = None,
    json: o.Json = False,
    stream: o.Stream = False,
    quiet: o.Quiet = False,
    plain: o.Plain = False,
) -> int:
    """Fill the empty cells of a range, or of columns, and write the values back into the file."""
    given = dict(locals())  # the options as typed, before anything else has a name here
    from glaze_cli.cli.show import View
    from glaze_cli.config import store_path
    from glaze_cli.errors import ConfigError

    if json and stream:
        raise ConfigError("--json prints one document and --stream many lines; choose one of them.")
    if detach and stream:
        raise ConfigError("--stream shows a run, and --detach leaves it alone; choose one of them.")
    view = View(json=json, stream=stream, quiet=quiet, plain=plain)
    path = store_path(store)
    if "-" not in (str(sheet_path), str(output)):
        return _fill(given, path, view)
    from glaze_cli.cli.pipe import open_pipe

    pipe = open_pipe(given, path)
    with pipe.cleared_on_error():
        code = _fill(given | {"sheet_path": pipe.sheet, "output": pipe.output}, path, view)
    pipe.clear() if dry_run else pipe.give_out(code)
    return code


def _fill(given: dict[str, Any], path: Path, view: View) -> int:
    from glaze_cli.cli.launch import Launch, launch
    from glaze_cli.cli.prepare import prepare
    from glaze_cli.cli.request import EnrichRequest
    from glaze_cli.cli.running import RunOptions

    prepared = prepare(EnrichRequest.from_options(given), path)
    for note in prepared.notes:
        view.say(f"Note: {note}")
    if given["dry_run"]:
        from glaze_cli.cli.dry import show_plan

        return show_plan(prepared, path, view)
    how = Launch(given["yes"], given["detach"], RunOptions(wait=not given["no_wait"]))
    return launch(prepared, path, view, how)
