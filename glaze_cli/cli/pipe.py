"""`-`: a sheet that comes from stdin, or goes to stdout, as CSV in a pipe."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glaze_cli.errors import ConfigError, InputError

STDIO = Path("-")

_CLASHES = {
    "json": "--json prints its document to stdout",
    "stream": "--stream prints its events to stdout",
    "detach": "--detach leaves the run alone",
    "no_write": "--no-write writes no sheet",
}


@dataclass(frozen=True)
class Pipe:
    """Files that stand for the two ends: kept beside the store while the job is not done, so that
    `glaze resume` finds them."""

    sheet: Path
    output: Path
    spooled: bool
    """Whether the sheet came from stdin."""
    to_stdout: bool

    def give_out(self, code: int) -> None:
        """Copy the filled sheet, or the sheet as it came where nothing was written, to stdout, where that is
        its end."""
        if not self.to_stdout:
            return
        filled = self.output if self.output.exists() else self.sheet
        with filled.open("rb") as source:
            shutil.copyfileobj(source, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        if code == 0:  # nothing is left to go on with
            self.clear()

    def clear(self) -> None:
        """Nothing of what went through stays."""
        if self.to_stdout:
            self.output.unlink(missing_ok=True)
        if self.spooled:
            self.sheet.unlink(missing_ok=True)

    @contextlib.contextmanager
    def cleared_on_error(self) -> Iterator[None]:
        """Where the input cannot work, no job was made that could need the files."""
        try:
            yield
        except InputError:
            self.clear()
            raise


def open_pipe(given: Mapping[str, Any], store: Path) -> Pipe:
    """The pipe of a run that reads stdin or writes stdout.

    `given`: the options by name. Raises ConfigError where stdout, or the end of the run, is needed for
    something else.
    """
    sheet, output = given["sheet_path"], given["output"]
    reads = sheet == STDIO
    to_stdout = output in (None, STDIO)
    if to_stdout:
        for name, why in _CLASHES.items():
            if given[name]:
                raise ConfigError(f"The sheet goes to stdout, and {why}: name a file with -o.")
    place = store.absolute().parent / "piped"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"piped-{os.urandom(6).hex()}"
    out = place / f"{name}.out.csv" if to_stdout else output
    if not reads:
        return Pipe(sheet, place / f"{name}.out{sheet.suffix}", False, True)
    spool = place / f"{name}.csv"
    _read_in(spool)
    return Pipe(spool, out, True, to_stdout)


@contextlib.contextmanager
def readable(sheet: Path) -> Iterator[Path]:
    """The sheet's file; for `-` one that holds what stdin had, while the block lasts."""
    if sheet != STDIO:
        yield sheet
        return
    import tempfile

    with tempfile.TemporaryDirectory(prefix="glaze-") as folder:
        spool = Path(folder) / "stdin.csv"
        _read_in(spool)
        yield spool


def _read_in(spool: Path) -> None:
    if sys.stdin is None or sys.stdin.isatty():
        raise ConfigError("The sheet `-` is read from stdin, and nothing is piped into it.")
    spool.touch(mode=0o600)
    with spool.open("wb") as target:
        shutil.copyfileobj(sys.stdin.buffer, target)
