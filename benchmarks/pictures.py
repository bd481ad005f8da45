"""Draws the tables of RESULTS.md for the docs, and says them in sentences: `python benchmarks/pictures.py`.

It writes docs/speed-*.svg, and in docs/speed.md what stands between the comments that name a picture.
tests/test_speed.py compares both with RESULTS.md, so that they never lag behind. pygal (of the extra
`report`) draws.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import fill

from drawing import Picture, svg
from results import RESULTS, Missing, Table, table

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "speed.md"


def pictures(text: str) -> list[Picture]:
    """All of them, from RESULTS.md. Raises Missing."""
    return [cells(text), workbook(text), client(text)]


def cells(text: str) -> Picture:
    """Cells a second of a service that answers at once."""
    asked = table(text, "pipeline.py", ", 0 ms a call")
    ways = {
        "a script, 32 threads": "pandas + requests, 32 threads",
        "glaze enrich": "glaze enrich",
        (paid := "glaze enrich, calls that cost"): paid,
        "bare client of Glaze": "bare client of Glaze",
        "bare aiohttp": "bare aiohttp + uvloop",
    }
    if not asked.has(paid):  # the row is younger than the others
        del ways[paid]
    rates = {label: asked.number("cells/s", row) for label, row in ways.items()}
    ours, script = rates["glaze enrich"], rates["a script, 32 threads"]
    words = (
        f"Of a service on the same machine that answers at once, `glaze enrich` fills {ours:,.0f} cells "
        f"a second: {ours / script:.1f} times what a script with pandas, requests and 32 threads fills "
        f"({script:,.0f})."
    )
    if paid in rates:
        words += f" Where each call may cost something, it is {rates[paid]:,.0f}."
    words += (
        f" A bare loop over aiohttp, which keeps nothing, comes to {rates['bare aiohttp']:,.0f}, "
        f"and one over the client of Glaze to {rates['bare client of Glaze']:,.0f}. {_waiting(text)}"
    )
    colours = ["ours" if label.startswith("glaze") else "theirs" for label in rates]
    title = "Cells a second, from a service that answers at once"
    return Picture("cells", title, list(rates), {"cells": [*rates.values()]}, [colours], "{:,.0f}", words)


def _waiting(text: str) -> str:
    """What is left of that where the service is what takes time."""
    slow = [table(text, "pipeline.py", words) for words in (", 50 ms a call", "10% of them 2000 ms")]
    ours, bare = (
        [f"{one.number('of N x L / C', way):.1f}" for one in slow]
        for way in ("glaze enrich", "bare aiohttp + uvloop")
    )
    return (
        f"With 100 calls at once that take 50 ms each, `glaze enrich` takes {ours[0]} times the time that "
        f"the service needs at least (bare aiohttp {bare[0]}); where every tenth takes 2 s, {ours[1]} times "
        f"({bare[1]})."
    )


def workbook(text: str) -> Picture:
    """CPU time and memory of Glaze for a big workbook, as shares of openpyxl's."""
    wrote, read = table(text, "xlsx_write.py"), table(text, "xlsx_read.py")
    work = {
        "write one cell": (wrote, ("1", "check and write"), ("1", "openpyxl")),
        "write 200,000 cells": (wrote, ("200,000", "check and write"), ("200,000", "openpyxl")),
        "read 40 cells": (read, ("40 cells", "glaze"), ("40 cells", "openpyxl")),
        "read one column": (read, ("one column", "glaze"), ("one column", "openpyxl")),
        "read all": (read, ("all", "glaze"), ("all", "openpyxl")),
    }
    cpu = [_share(*one, "CPU s") for one in work.values()]
    memory = [_share(*one, "peak MB") for one in work.values()]
    share = {label: f"{one:.0%} and {two:.0%}" for label, one, two in zip(work, cpu, memory, strict=True)}
    quicker = _share(read, ("all", "calamine"), ("all", "glaze"), "CPU s")
    whole, part = (read.number("peak MB", "all", reader) for reader in ("calamine", "glaze"))
    words = (
        f"Of openpyxl's CPU time and memory, Glaze takes {share['write one cell']} to write one cell into a "
        f"workbook of 200,000 x 10 cells, {share['write 200,000 cells']} to write 200,000, and "
        f"{share['read all']} to read all. calamine, which cannot write and holds the whole sheet "
        f"in memory ({whole:.0f} MB, Glaze {part:.0f}), reads all in {quicker:.2f} of Glaze's time."
    )
    series = {"CPU time": cpu, "memory": memory}
    colours = [["ours"] * len(work), ["second"] * len(work)]
    title = "A workbook of 200,000 x 10: what Glaze takes of openpyxl's"
    return Picture("workbook", title, [*work], series, colours, "{:.0%}", words, (1.0, "openpyxl = 100%"))


def client(text: str) -> Picture:
    """CPU time of a call by how many are made at once."""
    calls = table(text, "http_client.py")
    at_once = ("10", "50", "200")
    theirs = [calls.number("httpx", n) for n in at_once]
    door = next((name for name in calls.columns if name.startswith("our door")), "door")  # as it is printed
    ours = [calls.number(door, n) for n in at_once]
    our_ms, their_ms = (_listed(f"{ms:.2f}" for ms in taken) for taken in (ours, theirs))
    words = (
        f"With {_listed(at_once)} calls at once, a call costs {our_ms} ms of CPU time through the client of "
        f"Glaze, and {their_ms} ms with httpx as it comes."
    )
    series = {"client of Glaze": ours, "httpx as it comes": theirs}
    colours = [["ours"] * len(at_once), ["theirs"] * len(at_once)]
    labels = [f"{n} at once" for n in at_once]
    return Picture("client", "CPU time of an HTTP call, ms", labels, series, colours, "{:.2f}", words)


def _share(of: Table, ours: Sequence[str], theirs: Sequence[str], column: str) -> float:
    return of.number(column, *ours) / of.number(column, *theirs)


def _listed(words: Sequence[str] | Iterator[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}"


def page(kept: str, drawn: Sequence[Picture]) -> str:
    """The page with each picture and its sentence between `<!-- NAME -->` and `<!-- /NAME -->`."""
    for picture in drawn:
        begin, end = f"<!-- {picture.name} -->", f"<!-- /{picture.name} -->"
        before, found, rest = kept.partition(begin)
        _, closed, after = rest.partition(end)
        if not found or not closed:
            raise Missing(f"docs/{PAGE.name} has no place for the picture: {begin} ... {end}.")
        shown = f"![{picture.alt}](speed-{picture.name}.svg)\n\n{fill(picture.words, 120)}"
        kept = f"{before}{begin}\n{shown}\n{end}{after}"
    return kept


def main() -> None:
    """Write them all, or nothing."""
    drawn = pictures(RESULTS.read_text(encoding="utf-8"))
    text = page(PAGE.read_text(encoding="utf-8"), drawn)
    for picture in drawn:
        (DOCS / f"speed-{picture.name}.svg").write_text(svg(picture), encoding="utf-8")
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except Missing as missing:
        sys.exit(str(missing))
