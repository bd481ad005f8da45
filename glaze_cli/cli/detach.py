"""`--detach`: the job runs on in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from glaze_cli.cli.alive import owner_of
from glaze_cli.cli.exits import Exit
from glaze_cli.cli.found import FoundJob
from glaze_cli.cli.running import RunOptions
from glaze_cli.cli.show import View
from glaze_cli.errors import InputError
from glaze_cli.store.leases import claim, keep_log
from glaze_cli.store.progress import job_document
from glaze_cli.store.transaction import transaction


def detach(found: FoundJob, view: View, options: RunOptions) -> int:
    """Start the job's process and return at once; the job's id goes to stdout. Raises InputError."""
    job = found.job
    log = _log_of(found.store, job.id)
    try:
        # One transaction: the process is known as the owner before it can say its first word, so that one
        # that dies without a word is seen to be gone.
        with transaction(found.connection):
            process = _start(found, log, options)
            keep_log(found.connection, job.id, str(log))
            claim(found.connection, job.id, owner_of(process.pid), time.time(), job.owner)
    except OSError as error:
        raise InputError(
            f"Job {job.id} was made, but its process could not be started: {error}. "
            f"`glaze resume {job.id}` runs it here."
        ) from error
    view.say(f"Job {job.id} runs by itself; its words are in {log}.")
    view.say(f"`glaze status {job.id} --watch` shows it, `glaze wait {job.id}` ends when it does.")
    if view.json:
        view.print_json(job_document(found.connection, found.again().job))
    else:
        sys.stdout.write(f"{job.id}\n")
    return Exit.OK


def _start(found: FoundJob, log: Path, options: RunOptions) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "glaze_cli", "resume", found.job.id, "--plain"]
    command += ["--store", str(found.store.absolute())]
    if options.retry_unknown:
        command.append("--retry-unknown")
    if options.misses_since:
        command += ["--misses-since", options.misses_since]
    if not options.wait:
        command.append("--no-wait")
    log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as words:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            start_new_session=True,  # a closed terminal does not end it
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )


def _log_of(store: Path, job_id: str) -> Path:
    """Beside the store, and as private."""
    return store.absolute().parent / "logs" / f"{job_id}.log"
