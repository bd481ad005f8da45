"""The page in a real browser, without a network."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.ui.pages.chromium import DESKTOP, PHONE, Tab, find, tab
from tests.ui.pages.jobs import finished, many, page, pay

pytest.importorskip("pygal")
pytest.importorskip("jinja2")
pytestmark = pytest.mark.skipif(
    find() is None, reason="no chromium is on this machine (apt-get install chromium)"
)

CELLS = 5_000
SECONDS = 2.0
COLUMN = "[...document.querySelectorAll('#rows tr')].map(row => row.children[{}].textContent)"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a job of 5,000 cells, hostile ones among them."""
    connection, job = finished(many(CELLS))
    pay(connection)
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_bytes(page(connection, job).encode())
    return path


def in_browser(
    report: Path, work: Callable[[Tab], Awaitable[None]], size: tuple[int, int] = DESKTOP, dark: bool = False
) -> None:
    """Open it, do that, and hear no complaint, fetch nothing, run nothing that is not ours."""

    async def run() -> None:
        async with tab(size, dark) as it:
            await it.open(report.as_uri())
            await work(it)
            assert it.complaints == []
            assert set(it.requests) == {report.as_uri()}
            assert await it.value("window.pwned === undefined")

    asyncio.run(run())


async def fill(it: Tab, name: str, value: str) -> None:
    """As a person does: the value, and the page hears of it."""
    events = "['input', 'change'].forEach(kind => each.dispatchEvent(new Event(kind)))"
    await it.value(f"(each => {{ each.value = '{value}'; {events} }})(document.getElementById('{name}'))")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_it_opens_at_once(report: Path, size: tuple[int, int], dark: bool) -> None:
    """5,000 cells in under 2 s, a page of rows, nothing wider than the window, in the colours asked for."""

    async def look(it: Tab) -> None:
        seconds = [await it.open(report.as_uri()) for _ in range(3)]  # other tests run beside this one
        assert min(seconds) < SECONDS
        assert await it.value("document.querySelectorAll('#rows tr').length") == 50
        assert await it.value("document.getElementById('where').textContent") == "1 to 50 of 5,000"
        assert await it.value("document.documentElement.scrollWidth <= innerWidth")
        paper = await it.value("getComputedStyle(document.body).backgroundColor")
        assert (paper == "rgb(18, 22, 29)") == dark
        assert len(await it.picture()) > 10_000

    in_browser(report, look, size, dark)


def test_cells_are_searched_sorted_and_turned(report: Path) -> None:
    """By words, by status, by column with what is empty last, page by page."""

    async def use(it: Tab) -> None:
        async def column(number: int) -> list[str]:
            return list(await it.value(COLUMN.format(number)))

        await it.value("document.getElementById('next').click()")
        assert (await column(0))[0] == "B27"
        for extreme in ("0.64", "0.96"):
            await it.value("document.querySelectorAll('.receipts thead button')[4].click()")
            assert (await column(4))[0] == extreme
        await fill(it, "search", "FAILED onerror")
        assert set(await column(2)) == {"failed"}
        assert all("<img src=x onerror=window.pwned=1>" in why for why in await column(8))
        await fill(it, "search", "")
        await fill(it, "status", "not_found")
        assert set(await column(2)) == {"not found"}

    in_browser(report, use)


def test_hostile_text_is_text(report: Path) -> None:
    """Shown in full table, it makes no element of its own."""

    async def look(it: Tab) -> None:
        await fill(it, "size", "1000")
        assert await it.value("document.querySelectorAll('#rows tr').length") == 1_000
        assert await it.value("document.querySelectorAll('#rows :not(tr, td, th, bdi)').length") == 0
        assert await it.value("document.querySelectorAll('script').length") == 2

    in_browser(report, look)


def test_it_can_be_printed(report: Path) -> None:
    """A printer gets a document of several pages."""

    async def look(it: Tab) -> None:
        assert (await it.printed()).startswith(b"%PDF")

    in_browser(report, look)


def test_the_policy_is_in_force(report: Path, tmp_path: Path) -> None:
    """A script that gets into the page in spite of all does not run, and the browser says so."""
    broken = tmp_path / "broken.html"
    broken.write_text(
        report.read_text("utf-8").replace("<main>", "<main><script>window.pwned = 1</script>"), "utf-8"
    )

    async def run() -> None:
        async with tab() as it:
            await it.open(broken.as_uri())
            assert await it.value("window.pwned === undefined")
            assert "Content Security Policy" in it.complaints[0]

    asyncio.run(run())
