"""Making a job of what was prepared, and running it here or in a process of its own."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from glaze_cli.cli.confirm import confirm
from glaze_cli.cli.ending import short_of_fill
from glaze_cli.cli.exits import Exit
from glaze_cli.cli.found import FoundJob
from glaze_cli.cli.prepared import Prepared
from glaze_cli.cli.running import RunOptions, run_to_end
from glaze_cli.cli.show import View
from glaze_cli.cli.turns import refuse_to_wait
from glaze_cli.errors import WriteFailed
from glaze_cli.fields.headers import recognise
from glaze_cli.sheets.patch_json import file_sha256
from glaze_cli.sheets.save import refuse_busy
from glaze_cli.store.connect import connect
from glaze_cli.store.create import create_job
from glaze_cli.store.progress import fill

NOTHING: dict[str, Any] = {
    "jobId": None,
    "status": "completed",
    **dict.fromkeys(("totalTasks", "doneTasks", "failedTasks", "notFoundTasks", "skippedTasks"), 0),
    "progress": 100.0,
    "cost": {
        "cap": None,
        **dict.fromkeys(("spent", "reserved", "unknown", "unknownCalls", "repeatedCalls", "saved"), 0),
    },
    "reasons": {},
    "providers": [],
}
"""The document of a run that had nothing to do: what scripts read is there all the same."""


@dataclass(frozen=True)
class Launch:
    """How a new job is started: not part of what `resume` goes on with."""

    yes: bool = False
    """Do not ask before money is spent."""
    detach: bool = False
    run: RunOptions = field(default_factory=RunOptions)


def launch(prepared: Prepared, path: Path, view: View, how: Launch) -> int:
    """Make the job in the store at `path` and run it; the exit code."""
    announce(prepared, view)
    if not prepared.counts.asked:
        return _nothing_to_do(prepared, view)
    if not how.run.wait:
        refuse_to_wait(path, prepared)
    if not confirm(prepared, path, view, how.yes):
        view.say("Nothing was asked, and nothing was changed.")
        return Exit.INTERRUPTED
    connection = connect(path)
    sha256 = file_sha256(Path(prepared.request.path))
    job = create_job(connection, prepared.new_job(os.urandom(4).hex(), sha256))
    found = FoundJob(job, prepared.kept, connection, path)
    if not how.detach:
        return run_to_end(found, view, how.run, prepared.providers)
    from glaze_cli.cli.detach import detach

    return detach(found, view, how.run)


def _nothing_to_do(prepared: Prepared, view: View) -> int:
    """All is filled: no job is made, and nothing is spent. --min-fill counts all the same, and the file of
    --output is made, since what comes after the run may need it."""
    counts = prepared.counts
    filled = fill(counts.selected, counts.filled)
    view.say("Nothing to do.")
    request = prepared.request
    if request.output and request.write:
        prepared.book.write((), Path(request.output), request.write_options())
        view.say(f"Written to {request.output}, as it is.")
    least = request.min_fill
    short = [] if least is None else short_of_fill(least, filled)
    for sentence in short:
        view.warn(sentence)
    code = Exit.SOME_FAILED if short else Exit.OK
    if view.json:
        view.print_json(NOTHING | {"file": request.path, "fill": filled, "exitCode": code})
    return code


def announce(prepared: Prepared, view: View) -> None:
    """Say what was selected before anything is asked."""
    counts, selection = prepared.counts, prepared.selection
    for notice in prepared.book.notices:
        view.say(f"Note: {notice}")
    where = f" of {selection.sheet}" if selection.sheet else ""
    anew = "".join(
        f"{number:,} {what}, "
        for number, what in ((counts.stale, "stale"), (counts.changed, "changed since"))
        if number
    )
    view.say(
        f"Selected {number_of(counts.selected, 'cell')} in {selection.range_text}{where}: "
        f"{counts.filled:,} filled already, {anew}{counts.asked:,} to be asked in "
        f"{number_of(counts.rows, 'row')}."
    )
    busy = _busy(prepared)
    if busy:
        view.say(f"Note: {busy} If that is still so at the end, the values stay in the store.")
    for target in selection.targets:
        close = selection.headers.close_to(target.header) if target.added else []
        if close and recognise(target.header) is None:
            view.say(f'Note: column "{target.header}" is new; if you meant "{close[0]}", say so.')
    for column in prepared.left_out:
        view.say(f'Left out: nobody can fill column "{column.header}".')
    for problem in [*prepared.problems.values(), *prepared.warnings][:5]:
        view.say(f"Note: {problem.sentence}")


def number_of(count: int, noun: str) -> str:
    """`1 cell`, `2,000 cells`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _busy(prepared: Prepared) -> str | None:
    """Why the file could not be written just now, in a sentence."""
    try:
        refuse_busy(Path(prepared.request.path))
    except WriteFailed as error:
        return None if prepared.request.output or not prepared.request.write else str(error)
    return None
