"""Where a job stands: as the store has it, and as its process bears it out."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path
from typing import Any

from glaze_cli.cli.alive import truthful
from glaze_cli.config import store_path
from glaze_cli.errors import InputError
from glaze_cli.store.connect import connect
from glaze_cli.store.jobs import get_job
from glaze_cli.store.progress import job_document


def store_of(option: Path | None, job: str) -> sqlite3.Connection:
    """The store that the job is looked for in. Raises InputError: there is none, and looking makes none."""
    path = store_path(option)
    if not path.exists():
        raise InputError(f"There is no job {job}: there is no store at {path} yet.")
    return connect(path)


def standing(connection: sqlite3.Connection, name: str, cells: bool = False) -> dict[str, Any]:
    """The job's document. Raises InputError: there is no such job."""
    return job_document(connection, truthful(get_job(connection, name)), cells)


def print_standing(document: dict[str, Any], as_json: bool) -> None:
    """To stdout: for a program, or for people."""
    if as_json:
        from glaze_cli.ui.json_text import document_text

        sys.stdout.write(document_text(document))
        return
    from rich.console import Console

    from glaze_cli.ui.report import print_job

    print_job(Console(highlight=False, emoji=False), document)  # as in cli/show, which knows of runs too
