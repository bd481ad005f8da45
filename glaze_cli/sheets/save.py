"""Replace a file in one step: a temporary file beside it, fsync, rename. Never a half-written file."""

from __future__ import annotations

import contextlib
import glob
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from glaze_cli.errors import WriteFailed

try:
    import fcntl
except ImportError:  # Windows, where a file that is open cannot be removed anyway
    fcntl = None  # type: ignore[assignment]

SUFFIX = ".glaze"
"""Of temporary files."""


@contextlib.contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """A file to write into, which becomes `target` when the block ends without an error.

    A symlink stays a symlink (what it points at is replaced); mode and owner of an existing target are
    kept. Raises WriteFailed with a sentence for every operating-system error; then `target` is as it was.
    """
    place = Path(os.path.realpath(target))
    try:
        refuse_busy(place)
        with _temporary(place) as (handle, temporary):
            yield handle
            handle.flush()
            _inherit(handle, place)
            os.fsync(handle.fileno())
            handle.close()  # Windows renames no open file
            temporary.replace(place)
        _sync_folder(place.parent)
    except OSError as error:
        raise WriteFailed(f"{target} was not written: {error.strerror or error}.") from error


@contextlib.contextmanager
def unchanged(path: Path) -> Iterator[BinaryIO]:
    """The file, open for reading. Raises WriteFailed at the end of the block when another program changed
    or replaced it meanwhile: what was read is then a mixture, or not the file any more."""
    with path.open("rb") as source:
        before = os.fstat(source.fileno())
        yield source
        try:
            after = path.stat()
        except FileNotFoundError:
            after = None
    if after is None or _identity(before) != _identity(after):
        raise WriteFailed(f"{path} was changed by another program meanwhile; nothing was written.")


def _identity(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_ino, found.st_size, found.st_mtime_ns


def refuse_busy(place: Path) -> None:
    """Raise WriteFailed when the file is a folder, read-only (for root too), or open in a spreadsheet
    program."""
    if place.is_dir():
        raise WriteFailed(f"{place} is a folder; name a file.")
    if not place.parent.is_dir():
        raise WriteFailed(f"The folder {place.parent} does not exist; make it first.")
    if place.exists() and not place.is_file():
        raise WriteFailed(f"{place} is not an ordinary file; name another with --output.")
    if place.exists() and not (place.stat().st_mode & 0o222 and os.access(place, os.W_OK)):
        raise WriteFailed(f"{place} is read-only; make it writable, or name another file with --output.")
    for lock in (f"~${place.name}", f"~${place.name[2:]}", f".~lock.{place.name}#"):
        if (place.parent / lock).exists():
            raise WriteFailed(f"{place} is open in a spreadsheet program ({lock} is there); close it first.")


@contextlib.contextmanager
def _temporary(place: Path) -> Iterator[tuple[BinaryIO, Path]]:
    prefix = f".{place.name[:40]}."
    _sweep(place.parent, prefix)
    number, name = tempfile.mkstemp(prefix=prefix, suffix=SUFFIX, dir=place.parent)
    temporary = Path(name)
    try:
        with os.fdopen(number, "wb") as handle:
            if fcntl:
                fcntl.flock(handle, fcntl.LOCK_EX)  # tells a sweep that somebody is at it
            yield handle, temporary
    finally:
        temporary.unlink(missing_ok=True)  # gone already when the replace went well


def _sweep(folder: Path, prefix: str) -> None:
    """Remove what killed writes of the same file left behind; one that is being written is locked."""
    for left in folder.glob(f"{glob.escape(prefix)}*{SUFFIX}"):
        with contextlib.suppress(OSError):  # locked, or gone, or not ours: then it stays
            if fcntl:
                with left.open("rb") as handle:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()


def _inherit(handle: BinaryIO, place: Path) -> None:
    """Give the new file the old one's mode and owner; a new file gets what the umask gives."""
    if os.name == "nt":  # rights come from the folder there
        return
    try:
        old = place.stat()
    except FileNotFoundError:
        umask = os.umask(0)
        os.umask(umask)
        os.fchmod(handle.fileno(), 0o666 & ~umask)
        return
    with contextlib.suppress(PermissionError):  # only root may give a file away
        os.fchown(handle.fileno(), old.st_uid, old.st_gid)
    os.fchmod(handle.fileno(), stat.S_IMODE(old.st_mode))


def _sync_folder(folder: Path) -> None:
    """Make the rename itself survive a power cut."""
    if os.name == "nt":  # no folder can be opened there
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
