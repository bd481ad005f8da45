"""Opening the store: pragmas, version, file mode."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import time
import weakref
from pathlib import Path

from glaze_cli.errors import StoreError
from glaze_cli.store.fresh import make_tables

VERSION = 3
"""How many migrations this Glaze knows; kept here so that an up-to-date store opens without importing
them. A test holds it equal to their number."""

BUSY_SECONDS = 30.0
TRIES = 100
CACHE_KIB = 16_000
"""Answers are found by keys that are as good as random: with SQLite's 2 MB of pages, each look reads anew."""

# In one statement, so that another process that is just making the store is seen before it or after it.
# The schema is read whole: a garbled one shows here.
LOOK_AT = """
SELECT (SELECT user_version FROM pragma_user_version), count(*), total(name = 'enrichment_jobs')
FROM sqlite_master
"""


class _Connection(sqlite3.Connection):
    """One that can be found again while it is in use; sqlite3's own takes no weak reference."""


_CONNECTIONS: weakref.WeakSet[_Connection] = weakref.WeakSet()


def close_all() -> None:
    """Close every connection of this process, as the interpreter's end would: what is left open leaves its
    write-ahead log beside the store. Nobody must be at work with one."""
    for connection in list(_CONNECTIONS):
        with contextlib.suppress(sqlite3.Error):  # what was committed is safe in the log
            connection.close()


def connect(path: Path | str) -> sqlite3.Connection:
    """Open the store, making or upgrading it where needed. Rows come as sqlite3.Row.

    The file is readable by its owner only: it holds what people's sheets hold. Transactions are explicit
    (isolation_level None). `synchronous` is FULL: a committed answer was paid for, and group commit makes
    surviving a power cut cost next to nothing. Raises StoreError: a newer store, another program's file, and
    a damaged store, which is copied and left as it is.
    """
    if path == ":memory:":
        return _open(path)
    place = Path(path)
    try:
        _make_room(place)
        _inspect(place)
        return _open(place)
    except (sqlite3.Error, OSError) as error:
        from glaze_cli.store.rescue import refusal

        raise refusal(error, place) from error


def _make_room(place: Path) -> None:
    """The file and its folders, where they are missing. Raises OSError."""
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        place.touch(mode=0o600)
    effective = os.access in os.supports_effective_ids
    # SQLite would open it for reading only, and fail at the first write.
    if not os.access(place, os.R_OK | os.W_OK, effective_ids=effective):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(place))


def _inspect(place: Path) -> None:
    """Look at it with a connection that cannot write; one that can would, when it is closed, fold the
    write-ahead log into a damaged file and delete it.
    """
    log = place.resolve().with_name(f"{place.resolve().name}-wal")
    if log.exists() and log.stat().st_size and not place.stat().st_size:
        from glaze_cli.store.rescue import damaged

        raise damaged(place, f"it is empty, but {log.name} beside it is not")  # SQLite would delete the log
    address = f"{place.absolute().as_uri()}?mode=ro"
    with contextlib.closing(sqlite3.connect(address, timeout=BUSY_SECONDS, uri=True)) as connection:
        try:
            _version(connection, place)
        except sqlite3.OperationalError as error:
            from glaze_cli.store.rescue import is_closed

            if not is_closed(error):  # what only a writer can mend, such as a crash while the store was made
                raise


def _open(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, factory=_Connection
    )
    _CONNECTIONS.add(connection)
    connection.row_factory = sqlite3.Row
    try:
        version = _version(connection, path)
        _log_ahead(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        if version == 0:
            make_tables(connection)
        elif version < VERSION:
            from glaze_cli.store.migrations import migrate

            migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Switching a fresh store to write-ahead logging needs it alone for a moment, for which SQLite does not
    wait: others may be opening it at the same time.
    """
    for left in reversed(range(TRIES)):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or not left:
                raise
            time.sleep(0.02)


def _version(connection: sqlite3.Connection, path: Path | str) -> int:
    """The store's version; 0 for a fresh one. Raises StoreError for what is not ours or not yet known."""
    version, tables, ours = connection.execute(LOOK_AT).fetchone()
    if version > VERSION:
        raise StoreError(
            f"The store {path} was made by a newer Glaze (version {version}, this one knows {VERSION}); "
            "upgrade Glaze, or name another store with --store."
        )
    if (tables or version) and not ours:
        raise StoreError(
            f"{path} is a database, but not a store of Glaze; nothing was changed in it. "
            "Name another store with --store."
        )
    return int(version)
