"""What a start of Glaze costs beside a bare interpreter: CPU seconds, in turns, as a Markdown table.

    python benchmarks/startup.py [REPEATS]

The bare interpreter is `python -c pass`. Each command is a process of its own, started as `python -m
glaze_cli`; its CPU seconds, user and system, are what the system says of it when it has ended. One round runs
each once; the table has the medians over the rounds. A round before the first writes the compiled files, as
installing does.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from machine import machine
from process import cpu_seconds

REPEATS = 15
LEADS = """Company,Contact,Email,Country,First name,Domain,Country code
Brennholt Maschinen GmbH,Dr. Anna Berg,anna@brennholt-maschinen.de,Deutschland,,,
"Kestrel, Hay & Sons Ltd",Tom Hay,info@kestrelhay.co.uk,UK,,,
"""
GOALS = {"--help": 15, "status JOB": 10}
"""What issue "Fast, and proven side by side" asks for, as a multiple of the bare interpreter."""
GLAZE = ("-m", "glaze_cli")


def main(repeats: int) -> None:
    """Measure in turns, and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        runs = {
            "python -c pass": ("-c", "pass"),
            **{n: (*GLAZE, *words) for n, words in commands(Path(folder))},
        }
        seconds: dict[str, list[float]] = {name: [] for name in runs}
        for turn in range(repeats + 1):
            for name, arguments in runs.items():
                took = cpu_seconds(arguments, Path(folder))
                if turn:
                    seconds[name].append(took)
    print(table({name: statistics.median(took) for name, took in seconds.items()}))
    print(f"\n{conditions(repeats)}")


def commands(folder: Path) -> list[tuple[str, Sequence[str]]]:
    """Each with the words that are measured. Makes a job of a small sheet first, to look at."""
    sheet, store = folder / "leads.csv", str(folder / "glaze.db")
    sheet.write_text(LEADS, encoding="utf-8")
    fill = ("enrich", str(sheet), "--range", "E2:G3", "--offline", "--quiet", "--store", store)
    subprocess.run([sys.executable, *GLAZE, *fill], check=True, cwd=folder)
    listed = subprocess.run(
        [sys.executable, *GLAZE, "jobs", "--json", "--store", store],
        check=True,
        cwd=folder,
        capture_output=True,
        text=True,
    )
    job = listed.stdout.partition('"jobId": "')[2].partition('"')[0]
    return [
        ("--version", ["--version"]),
        ("--help", ["--help"]),
        ("enrich --help", ["enrich", "--help"]),
        ("status JOB", ["status", job, "--store", store]),
        ("status JOB --json", ["status", job, "--json", "--store", store]),
        ("jobs", ["jobs", "--store", store]),
        ("why SHEET CELL", ["why", str(sheet), "E2", "--store", store]),
        ("columns SHEET", ["columns", str(sheet)]),
        ("enrich SHEET, 6 cells on this machine", [*fill, "--overwrite"]),
    ]


def table(medians: dict[str, float]) -> str:
    """As Markdown, with the goals where there are some."""
    bare = next(iter(medians.values()))
    lines = ["| command | CPU ms | of a bare interpreter's | at most |", "|---|---|---|---|"]
    for name, median in medians.items():
        lines.append(f"| `{name}` | {median * 1000:.0f} | {median / bare:.1f} | {GOALS.get(name, '')} |")
    return "\n".join(lines)


def conditions(repeats: int) -> str:
    """What it was measured on and when."""
    return f"{machine('typer', 'rich')} Medians of {repeats} rounds, run in turns."


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else REPEATS)
