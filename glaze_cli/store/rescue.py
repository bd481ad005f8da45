"""A store that cannot be used: why, in one sentence; a damaged one is copied first and left as it is."""

from __future__ import annotations

import errno
import hashlib
import os
import shlex
import shutil
import sqlite3
import tempfile
from pathlib import Path

from glaze_cli.errors import StoreError

HEADER = b"SQLite format 3\x00"
FIRST_PART = 1 << 20
"""Bytes that are looked at to know a store whose header is gone: the schema stands near a file's start."""

_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_CLOSED = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}
_NO_RIGHT = {errno.EACCES, errno.EPERM, errno.EROFS}


def is_damage(error: BaseException) -> bool:
    """Whether SQLite says that the file's content is wrong (not that it is locked, full or out of reach)."""
    # A garbled file format number has no code of its own.
    return _code(error) in _DAMAGE or "unsupported file format" in str(error)


def is_closed(error: BaseException) -> bool:
    """Whether the file may not be read or written, or its folder."""
    return _code(error) in _CLOSED or (isinstance(error, OSError) and error.errno in _NO_RIGHT)


def refusal(error: sqlite3.Error | OSError, path: Path) -> StoreError:
    """Why the store could not be opened. A damaged one is copied; what never was a store is not."""
    if is_closed(error):
        return StoreError(
            f"The store {path} or its folder may not be written, or is on a read-only file system; "
            "make it writable, or name another store with --store."
        )
    if is_damage(error) and was_store(path):
        return damaged(path, error)
    why = (isinstance(error, OSError) and error.strerror) or error
    return StoreError(
        f"The store {path} cannot be opened: {why}. Nothing was changed in it; "
        "name another store with --store."
    )


def damage_met(connection: sqlite3.Connection, error: sqlite3.Error) -> StoreError | None:
    """Damage that shows while a store is used: the same sentence and copy; None for any other error."""
    if not is_damage(error):
        return None
    name = next((row[2] for row in connection.execute("PRAGMA database_list") if row[1] == "main"), "")
    return damaged(Path(name), error) if name else None


def damaged(path: Path, why: object) -> StoreError:
    """Copy the store, and say that it is damaged, where the copy is and what to do."""
    try:
        kept = f"has a copy at {keep_copy(path)}"
    except OSError as error:
        kept = f"could not be copied ({error.strerror or error})"
    return StoreError(
        f"The store {path} is damaged ({why}); it was left as it is and {kept}: get back what can be "
        f"read with `sqlite3 {shlex.quote(str(path))} .recover | sqlite3 new.db`, "
        "or name another one with --store."
    )


def was_store(path: Path) -> bool:
    """Whether the file begins like SQLite's, or holds our schema although its beginning is garbled.

    Only for a file that SQLite has refused: closing it again drops the locks that this process has on it.
    """
    with path.open("rb") as file:
        start = file.read(FIRST_PART)
    # A schema in text, such as a dump, has no zero byte.
    return start.startswith(HEADER) or all(
        part in start for part in (b"\0", b"CREATE TABLE", b"enrichment_jobs")
    )


def keep_copy(path: Path) -> Path:
    """Copy the file and its write-ahead log beside it, once; the copy. Raises OSError."""
    path = path.resolve()
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    copy = path.with_name(f"{path.name}.corrupt-{digest[:8]}")
    if copy.exists():
        return copy
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:  # first, so that a copy of the file means that all was copied
        _copy(log, copy.with_name(f"{copy.name}-wal"))
    _copy(path, copy)
    return copy


def _copy(source: Path, target: Path) -> None:
    """Whole or not at all, and readable by its owner only, whatever the source's mode is."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f"{target.name}.")
    os.close(handle)
    part = Path(name)
    try:
        shutil.copyfile(source, part)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _code(error: BaseException) -> int:
    """SQLite's primary result code; 0 where there is none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
