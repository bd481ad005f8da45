"""This process's hold on a job, from its place in the queue until its values are written back."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from glaze_cli.cli.alive import is_alive, is_this_process, this_process
from glaze_cli.cli.sweep import sweep
from glaze_cli.errors import GlazeError, InputError, StoreError
from glaze_cli.store.connect import connect
from glaze_cli.store.jobs import get_job
from glaze_cli.store.leases import Pulse, break_off, claim, look, release, renew
from glaze_cli.store.transaction import transaction

_BEAT_S = 1.0
"""Between two looks whether the job is to be stopped."""

_RENEW_S = 5.0
"""Between two signs of life."""


class Lease:
    """A thread says now and then that we are there, also while a big file is written, and hears of a cancel.

    Set `code` to the exit code before the block ends. Raises InputError when another process has the job.
    """

    def __init__(self, store: Path, job_id: str, code_of: Callable[[BaseException], int]) -> None:
        """`code_of`: the exit code that an error leads to, for those who wait for the job."""
        self.owner = this_process()
        self.code = 0
        self.lost = False
        """Another process has taken the job over, since we were taken for dead."""
        self.cancelled = False
        self.on_stop: Callable[[], None] | None = None
        """Called once, from the thread, when the job is cancelled or lost."""
        self._store = store
        self._job_id = job_id
        self._code_of = code_of
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="glaze-lease", daemon=True)

    def __enter__(self) -> Self:
        connection = connect(self._store)
        with transaction(connection):
            job = get_job(connection, self._job_id)
            ours = job.owner is not None and is_this_process(job.owner)
            if is_alive(job) and not ours:
                raise InputError(
                    f"Job {job.id} is {job.status}, another process works on it; "
                    f"`glaze status {job.id} --watch` shows it."
                )
            claim(connection, job.id, self.owner, time.time(), job.owner)
        connection.close()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()
        if self.lost:
            return
        with contextlib.suppress(StoreError):  # the disk is full: the process is gone soon enough
            connection = connect(self._store)
            with transaction(connection):
                if error is None:
                    release(connection, self._job_id, self.owner, self.code)
                else:
                    words = str(error) if isinstance(error, GlazeError) else type(error).__name__
                    break_off(connection, self._job_id, self.owner, self._code_of(error), words)
            connection.close()

    def _beat(self) -> None:
        over = self._ended.wait(_BEAT_S)
        if over:  # so soon that no connection is needed
            return
        connection, due = connect(self._store), 0.0
        while not over:
            with contextlib.suppress(StoreError):  # busy or full: the next beat may get through
                self._hear(look(connection, self._job_id, self.owner))
                if time.monotonic() >= due and not self.lost:
                    with transaction(connection):
                        renew(connection, self._job_id, self.owner, time.time())
                    sweep(connection)
                    due = time.monotonic() + _RENEW_S
            over = self._ended.wait(_BEAT_S)
        connection.close()

    def _hear(self, pulse: Pulse) -> None:
        news = (pulse.lost and not self.lost) or (pulse.cancel and not self.cancelled)
        self.lost, self.cancelled = self.lost or pulse.lost, self.cancelled or pulse.cancel
        if news and self.on_stop is not None:
            self.on_stop()
