"""All providers are down: that is no success, and the file is as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import xlsxwriter

from tests.chaos.scene import enrich, names, paid_service, sheet_of
from tests.chaos.server import Reply, Shop
from tests.cli.program import Program
from tests.loopback import dead_url

ONCE = "[defaults]\nattempts = 1\nwait_min = 0\nwait_max = 0\n"


def workbook_of(folder: Path, count: int) -> Path:
    """The same companies as a workbook."""
    path = folder / "leads.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Leads")
        sheet.write_row(0, 0, ["Company", "Domain"])
        sheet.write_column(1, 0, names(count))
    return path


@contextmanager
def down(how: str) -> Iterator[str]:
    """The address of a service that is down in that way."""
    if how in ("500", "503"):
        with Shop(lambda company, times: Reply(status=int(how))) as shop:
            yield shop.url
    else:
        yield dead_url() if how == "refused" else "http://no-such-host.invalid"


@pytest.mark.parametrize("make", [sheet_of, workbook_of], ids=["csv", "xlsx"])
@pytest.mark.parametrize("how", ["refused", "500", "503", "no such host"])
def test_the_file_is_as_it_was(glaze: Program, how: str, make: Callable[[Path, int], Path]) -> None:
    """A free service and a paid one, both down: exit code 3, every cell failed, the bytes unchanged."""
    with down(how) as url:
        paid_service(glaze.folder, url, settings=ONCE)
        acme = glaze.folder / "glaze" / "providers" / "acme.toml"
        free = acme.read_text().replace('"acme"', '"brim"').replace('"cheap"', '"free"').replace("0.01", "0")
        acme.with_name("brim.toml").write_text(free)
        path = make(glaze.folder, 3)
        before, stamp = path.read_bytes(), path.stat().st_mtime_ns
        ran = glaze(*enrich(path, "--provider", "brim", "--json"))
    assert ran.code == 3, ran.err
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (before, stamp)
    assert (ran.json["status"], ran.json["failedTasks"]) == ("failed", 3)
    assert (ran.json["cost"]["spent"], ran.json["cost"]["unknownCalls"]) == (0, 0)
    assert [entry.name for entry in path.parent.glob(f"*{path.name}*")] == [path.name]
    assert "No file was written" in ran.err
