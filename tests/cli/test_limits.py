"""Limits and the cache, with real processes and a server that writes down what it got."""

from __future__ import annotations

import time
from bisect import bisect_left
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.loopback import Loopback, Say, Seen

SERVICE = """
id = "acme"
version = "1"
tier = "free"
base_url = "{url}"
limits = {{windows = {windows}, concurrency = {at_once}}}
[[op]]
id = "find"
needs = ["company"]
gives = ["domain", "industry", "city"]
request = {{path = "/companies", query = {{name = "{{company}}"}}}}
extract = {{domain = "body.domain", industry = "body.industry", city = "body.city"}}
idempotent = true
"""


class Log:
    """The server's own log: when each call arrived."""

    def __init__(self) -> None:
        self.moments: list[float] = []

    def __call__(self, seen: Seen) -> Say:
        self.moments.append(time.monotonic())
        name = seen.query["name"]
        return Say.json({"domain": f"{name}.example".lower(), "industry": "Steel", "city": "Ulm"})

    def most_within(self, seconds: float) -> int:
        """The most calls in any span of that length."""
        moments = sorted(self.moments)
        return max(bisect_left(moments, at + seconds) - number for number, at in enumerate(moments))


def service(glaze: Program, server: Loopback, windows: str = "[]", at_once: int = 200) -> None:
    """A manifest beside the sheet."""
    folder = glaze.folder / "glaze" / "providers"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "acme.toml").write_text(SERVICE.format(url=server.url, windows=windows, at_once=at_once))
    (glaze.folder / "glaze.toml").write_text("")


def companies(glaze: Program, name: str, rows: int, different: int) -> Path:
    """A sheet of so many rows with so many different companies and three empty columns."""
    lines = [f"{name[0]}{number % different},,," for number in range(rows)]
    return glaze.leads(f"{name}.csv", "\n".join(["Company,Domain,Industry,City", *lines, ""]))


def test_500_rows_of_20_companies_are_20_calls(glaze: Program) -> None:
    """Three columns from one provider: 20 calls in all; run again: none; with --refresh: 20."""
    log = Log()
    with Loopback(log) as server:
        service(glaze, server)
        path = companies(glaze, "leads", 500, 20)
        first = glaze("enrich", path, "--range", "B2:D501", "--provider", "acme", "--plain")
        assert (first.code, len(log.moments)) == (0, 20), first.err
        filled = path.read_bytes()
        for options, calls in (((), 20), (("--refresh",), 40), (("--max-age", "30d"), 40)):
            path = companies(glaze, "leads", 500, 20)
            again = glaze("enrich", path, "--range", "B2:D501", "--provider", "acme", "--plain", *options)
            assert (again.code, len(log.moments)) == (0, calls), again.err
            assert path.read_bytes() == filled


def test_a_limit_holds_in_every_window_with_two_jobs_at_once(glaze: Program) -> None:
    """50 calls a second, 200 cells at once, two processes on one store: no second sees more than 50."""
    log = Log()
    with Loopback(log) as server:
        service(glaze, server, '["50/1s"]')
        paths = [companies(glaze, name, 120, 120) for name in ("alpha", "beta")]
        options = ("--range", "B2:B121", "--provider", "acme", "--concurrency", "200", "--plain")
        running = [glaze.start("enrich", path, *options) for path in paths]
        codes = [process.wait(60) for process in running]
        for process in running:
            process.communicate()
    assert codes == [0, 0]
    assert len(log.moments) == 240
    assert log.most_within(1.0) <= 50
    assert max(log.moments) - min(log.moments) < 12  # and it is not held back far beyond what it may


def test_two_jobs_share_the_calls_that_a_service_takes_at_once(glaze: Program) -> None:
    """Never more than two at once, and a small job that comes later need not wait for a big one to end."""
    now, most = [0], [0]

    def answer(seen: Seen) -> Say:
        now[0] += 1
        most[0] = max(most[0], now[0])
        time.sleep(0.05)
        now[0] -= 1
        return Say.json({"domain": "a.example"})

    with Loopback(answer) as server:
        service(glaze, server, at_once=2)
        big, small = companies(glaze, "big", 300, 300), companies(glaze, "small", 8, 8)
        options = ("--provider", "acme", "--concurrency", "20", "--plain")
        first = glaze.start("enrich", big, "--range", "B2:B301", *options)
        while not most[0]:
            time.sleep(0.05)
        second = glaze.start("enrich", small, "--range", "B2:B9", *options)
        assert second.wait(60) == 0
        assert first.poll() is None, "the small job ended with the big one, or after it"
        first.terminate()
        for process in (first, second):
            process.communicate()
    assert most[0] == 2


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_says_wait_is_waited_for(glaze: Program, status: int) -> None:
    """Told to wait a second, all cells wait, and all are done in the end."""
    moments: list[float] = []

    def answer(seen: Seen) -> Say:
        moments.append(time.monotonic())
        first = len(moments) == 1
        return Say.json({}, status, retry_after="1") if first else Say.json({"domain": "a.example"})

    with Loopback(answer) as server:
        service(glaze, server)
        path = companies(glaze, "leads", 5, 5)
        ran = glaze("enrich", path, "--range", "B2:B6", "--provider", "acme", "--concurrency", "1", "--plain")
    assert ran.code == 0, ran.err
    assert moments[1] - moments[0] >= 1.0
    assert len(moments) == 6
