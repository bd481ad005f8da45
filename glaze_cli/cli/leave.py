"""The end of the process, without the putting away that the system does better."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from typing import NoReturn


def leave(code: int) -> NoReturn:
    """End with that exit code, at once where nothing but memory is left to give back.

    Taking apart all that was imported, object by object, is a seventh of the time of `glaze --help`, and
    30 ms after a run. Beside another thread, and where the last words cannot be written, the interpreter ends
    as ever.
    """
    if threading.active_count() > 1:
        sys.exit(code)
    atexit._run_exitfuncs()
    if "asyncio" in sys.modules and "glaze_cli.store.connect" in sys.modules:  # after a run
        from glaze_cli.store.connect import close_all

        close_all()
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:  # None when it was closed by the one who started us
                stream.flush()
    except (OSError, ValueError):
        sys.exit(code)
    os._exit(code)
