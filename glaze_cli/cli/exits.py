"""From an error or a job's end to a sentence and an exit code: the one table of both."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Sequence
from enum import IntEnum
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glaze_cli.cli.quick import quick
from glaze_cli.errors import (
    BudgetReached,
    GlazeError,
    InputError,
    NoProviderLeft,
    StoreError,
    WriteFailed,
)

if TYPE_CHECKING:
    from glaze_cli.model import JobStatus


class Exit(IntEnum):
    """What the exit code tells a script; docs/exit-codes.md says the same."""

    OK = 0
    DEFECT = 1
    USAGE = 2
    SOME_FAILED = 3
    PAUSED = 4
    NO_PROVIDER = 5
    NOT_PLACED = 6
    STILL_RUNNING = 124
    INTERRUPTED = 130
    TERMINATED = 143


_ERRORS: tuple[tuple[type[GlazeError], Exit], ...] = (
    (InputError, Exit.USAGE),
    (StoreError, Exit.USAGE),
    (WriteFailed, Exit.NOT_PLACED),
    (NoProviderLeft, Exit.NO_PROVIDER),
    (BudgetReached, Exit.PAUSED),
)


def run(arguments: Sequence[str]) -> int:
    """Run the command line; the exit code. Every sentence goes to stderr."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal without an – still gets the rest of the line
            stream.reconfigure(errors="replace")
    try:
        code = quick(arguments)
        if code is None:
            code = _by_typer(arguments)
        if sys.stdout is not None:  # None when it was closed by the one who started us
            sys.stdout.flush()
        return code
    except GlazeError as error:
        _say(f"Error: {error}")
        return code_of(error)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:  # `| head` has read enough; what was to be done is done
        _close_stdout()
        return Exit.OK
    except OSError as error:
        _say(f"Error: {error.strerror or error}{f': {error.filename}' if error.filename else ''}.")
        return Exit.USAGE
    except Exception as error:
        if words := _of_store(error, arguments):
            _say(f"Error: {words}")
            return Exit.USAGE
        import traceback

        traceback.print_exc()
        _say("Error: this is a defect in Glaze; nothing that was committed is lost. Please report it.")
        return Exit.DEFECT


def _by_typer(arguments: Sequence[str]) -> int:
    """Have Typer read the arguments and run the command; the exit code."""
    import typer

    usage_error = typer.BadParameter.__mro__[2]  # ClickException; where it lives varies with Typer's version
    try:
        return int(_command().main(list(arguments), standalone_mode=False, prog_name="glaze") or 0)
    except typer.Exit as end:
        return int(end.exit_code)
    except typer.Abort:
        return Exit.INTERRUPTED
    except Exception as error:
        if not isinstance(error, usage_error):
            raise
        error.show()  # type: ignore[attr-defined]
        return Exit.USAGE


@cache
def _command() -> Any:
    """The command line, put together once: it takes longer than many a command."""
    import typer.main

    from glaze_cli.cli.app import app

    return typer.main.get_command(app)


def code_of(error: BaseException) -> Exit:
    """The exit code that an error leads to."""
    if isinstance(error, KeyboardInterrupt):
        return Exit.INTERRUPTED
    if isinstance(error, OSError):
        return Exit.USAGE
    return next((code for kind, code in _ERRORS if isinstance(error, kind)), Exit.DEFECT)


def job_exit(status: JobStatus, failed: int, done: int, reasons: Sequence[str], terminated: bool) -> Exit:
    """The exit code of a job that ended. `reasons`: why its failed tasks failed, each once."""
    from glaze_cli.model import FailReason, JobStatus

    unusable = {str(reason) for reason in (FailReason.AUTH, FailReason.QUOTA, FailReason.CONFIG)}
    if status is JobStatus.PAUSED:
        return Exit.PAUSED
    if status in (JobStatus.INTERRUPTED, JobStatus.CANCELLED):
        return Exit.TERMINATED if terminated else Exit.INTERRUPTED
    if failed and not done and set(reasons) <= unusable:
        return Exit.NO_PROVIDER
    return Exit.SOME_FAILED if failed or status is JobStatus.FAILED else Exit.OK


def _of_store(error: Exception, arguments: Sequence[str]) -> str | None:
    """A sentence where a question to the store failed: it is damaged, locked, or on a full disk."""
    sqlite = sys.modules.get("sqlite3")
    if sqlite is None or not isinstance(error, sqlite.DatabaseError):
        return None
    from glaze_cli.config import store_path
    from glaze_cli.store.rescue import refusal

    named = [after for word, after in pairwise(arguments) if word == "--store"]
    return str(refusal(error, store_path(Path(named[-1]) if named else None)))


MOST_SAID = 4_000
"""Characters of a line of an error: texts of cells and services may be in it."""


def _say(sentence: str) -> None:
    from glaze_cli.ui.text import inert

    lines = [inert(line, MOST_SAID) for line in sentence.split("\n")]
    with contextlib.suppress(BrokenPipeError):
        print("\n".join(lines), file=sys.stderr)  # noqa: T201  (the one place that prints an error)


def _close_stdout() -> None:
    """Point stdout at nothing, so that the interpreter's last flush does not complain."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
