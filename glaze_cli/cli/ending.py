"""The end of a run: the values go into the file, the summary to people, the exit code to scripts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from glaze_cli.cli.exits import Exit, job_exit
from glaze_cli.cli.found import FoundJob
from glaze_cli.cli.patching import Outcome, not_written
from glaze_cli.cli.show import View
from glaze_cli.cli.writeback import write_back
from glaze_cli.config import parse_fail_on, parse_share
from glaze_cli.errors import SheetError, WriteFailed
from glaze_cli.model import FailReason, TaskStatus
from glaze_cli.store.progress import job_document


def finish(found: FoundJob) -> tuple[str | None, Outcome]:
    """Write the values into the file; (the file that holds them, what became of them).

    When that cannot be, the values stay in the store, and the outcome says why.
    """
    job, options = found.job, found.kept.options
    wanted = job.done_tasks or (options.output and not job.failed_tasks)
    if not options.write or not wanted:
        return None, Outcome()
    target = Path(options.output or job.path)
    try:
        outcome = write_back(found, options.open(), target, options.write_options())
    except (WriteFailed, SheetError) as error:
        kept = f"{error} The values are safe in the store: `glaze apply {job.id}` writes them."
        return None, Outcome(notices=[kept], failed=True)
    if outcome.written or outcome.already:  # else no value of the job is in that file
        found.mark_written(target)
    return str(target), outcome


def end(found: FoundJob, written: str | None, outcome: Outcome, view: View, terminated: bool) -> int:
    """Show the summary and the document; the exit code."""
    job = found.job
    document = job_document(found.connection, job)
    for sentence in outcome.sentences():
        (view.warn if outcome.left or outcome.failed else view.say)(sentence)
    code = exit_code(found, document, outcome, terminated)
    view.end(document | {"nextSteps": next_steps(document, written, outcome)}, written)
    for sentence in short_of(found, document):
        view.warn(sentence)
    if view.quiet and code:  # not silent where something is not as it was asked for
        from glaze_cli.ui.job_line import job_line

        view.warn(f"{job_line(document)}. `glaze status {job.id}` tells more.")
    if view.json:
        view.print_json(document | {"exitCode": code, "notWritten": not_written(outcome)})
    return code


def exit_code(found: FoundJob, document: Mapping[str, Any], outcome: Outcome, terminated: bool) -> int:
    """What a script is told. A job that came short of --fail-on or --min-fill has failed cells, so to say."""
    job = found.job
    reasons = list(document["reasons"].get("failed", {}))
    code = job_exit(job.status, job.failed_tasks, job.done_tasks, reasons, terminated)
    if code is Exit.OK and any(short_of(found, document)):
        code = Exit.SOME_FAILED
    return Exit.NOT_PLACED if code is Exit.OK and (outcome.left or outcome.failed) else code


def short_of(found: FoundJob, document: Mapping[str, Any]) -> list[str]:
    """What the run was to reach and did not, in sentences."""
    options, counts = found.kept.options, document
    sentences = []
    for status in parse_fail_on("--fail-on", options.fail_on):
        number = counts[_COUNTERS[status]]
        if number:
            sentences.append(f"--fail-on {status.replace('_', '-')}: {number:,} cells ended so.")
    if options.min_fill is not None:
        sentences += short_of_fill(options.min_fill, counts["fill"])
    return sentences


def short_of_fill(least: str, fill: Mapping[str, Any]) -> list[str]:
    """A sentence where less of the selection holds a value than was asked for."""
    share = parse_share("--min-fill", least)
    if fill["rate"] >= share:
        return []
    return [
        f"--min-fill {least}: {fill['filled']:,} of {fill['selected']:,} selected cells hold a value "
        f"({fill['rate']:.1%})."
    ]


_COUNTERS = {
    TaskStatus.NOT_FOUND: "notFoundTasks",
    TaskStatus.SKIPPED: "skippedTasks",
    TaskStatus.FAILED: "failedTasks",
}


def next_steps(document: Mapping[str, Any], written: str | None, outcome: Outcome) -> list[str]:
    """Commands that make sense now."""
    job = document["jobId"]
    ended = document["doneTasks"] + document["failedTasks"] + document["notFoundTasks"]
    steps = []
    if ended + document["skippedTasks"] < document["totalTasks"]:
        own = "[providers." in (document["error"] or "")  # a cap that only glaze.toml can raise
        more = " --max-cost N" if document["status"] == "paused" and not own else ""
        steps.append(f"glaze resume {job}{more}")
    elif document["failedTasks"] > document["reasons"].get("failed", {}).get(FailReason.BUDGET, 0):
        lost = document["cost"]["unknownCalls"]
        steps.append(f"glaze retry {job}{' --retry-unknown' if lost else ''}")
    if document["doneTasks"] and (written is None or outcome.left):
        steps += [f"glaze diff {job}", f"glaze apply {job}"]
    if written == document["file"]:
        steps.append(f"glaze undo {job}")
    return steps
