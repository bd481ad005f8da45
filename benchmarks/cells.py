"""Cells without a network: a local provider, and answers that are remembered.

    python benchmarks/cells.py [ROWS] [REPEATS]

Each measurement is a process of its own. The cells per second are those of the asking: from the first cell to
the last commit, without start-up, reading and writing the sheet, which `whole run` holds too.
"""

from __future__ import annotations

import contextlib
import csv
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WAYS = {
    "domain from e-mail, computed here": ["--columns", "Domain", "--provider", "email_domain"],
    "remembered answers": ["--columns", "Industry", "--provider", "loopback"],
}


def sheet_of(rows: int, path: Path) -> None:
    """People with an address each, and companies."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Email", "Company", "Domain", "Industry"])
        writer.writerows([f"ann.{n}@company{n}.example", f"Company {n} Ltd", "", ""] for n in range(rows))
