"""A headless Chromium for tests, without a network, spoken to by its own protocol over a WebSocket."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PHONE = (390, 844)
DESKTOP = (1280, 900)
_COMPLAINTS = ("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled")


def find() -> str | None:
    """The browser of this machine, if it has one."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Tab:
    """One page in the browser, and what it complained of and asked for."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._loaded = asyncio.Event()
        self._reader = asyncio.create_task(self._read())
        self.complaints: list[str] = []
        """Errors, warnings and refusals by the page's policy."""
        self.requests: list[str] = []
        """Addresses of all that was fetched, the page itself included."""

    async def call(self, method: str, **parameters: Any) -> Any:
        """One command; its result."""
        self._number += 1
        answer = self._answers[self._number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": self._number, "method": method, "params": parameters})
        return await asyncio.wait_for(answer, 30)

    async def prepare(self, size: tuple[int, int], dark: bool) -> None:
        """Width, height, colours; no network; every complaint is heard."""
        for domain in ("Page", "Runtime", "Log", "Network"):
            await self.call(f"{domain}.enable")
        await self.call(
            "Network.emulateNetworkConditions",
            offline=True,
            latency=0,
            downloadThroughput=-1,
            uploadThroughput=-1,
        )
        phone = size[0] < 600
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            width=size[0],
            height=size[1],
            deviceScaleFactor=1,
            mobile=phone,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.call("Emulation.setEmulatedMedia", features=[scheme])

    async def open(self, address: str) -> float:
        """Load a page; the seconds until it has loaded and drawn a frame."""
        self._loaded.clear()
        began = time.perf_counter()
        await self.call("Page.navigate", url=address)
        await asyncio.wait_for(self._loaded.wait(), 30)
        await self.value("new Promise(done => requestAnimationFrame(() => setTimeout(() => done(1))))")
        return time.perf_counter() - began

    async def value(self, script: str) -> Any:
        """What a script in the page comes to."""
        found = await self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    async def picture(self, whole: bool = False) -> bytes:
        """A PNG of the window, or of the whole page."""
        found = await self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        return base64.b64decode(found["data"])

    async def printed(self) -> bytes:
        """The page as it comes out of a printer: a PDF."""
        found = await self.call("Page.printToPDF", printBackground=True)
        return base64.b64decode(found["data"])

    async def close(self) -> None:
        """Hear no more."""
        self._reader.cancel()

    async def _read(self) -> None:
        async for message in self._socket:
            said = message.json()
            if "id" in said:
                self._answers.pop(said["id"]).set_result(said.get("result", said))
            elif said["method"] == "Page.loadEventFired":
                self._loaded.set()
            elif said["method"] == "Network.requestWillBeSent":
                self.requests.append(said["params"]["request"]["url"])
            elif said["method"] in _COMPLAINTS:
                self.complaints.append(str(said["params"]))


@contextlib.asynccontextmanager
async def tab(size: tuple[int, int] = DESKTOP, dark: bool = False) -> AsyncIterator[Tab]:
    """An empty tab of a browser of its own."""
    browser = find()
    assert browser is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            browser,
            *("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"),
            *("--disable-background-networking", "--disable-component-update", "--remote-debugging-port=0"),
            *(f"--user-data-dir={profile}", "about:blank"),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            port = await _port(Path(profile) / "DevToolsActivePort")
            async with aiohttp.ClientSession() as session:
                async with session.get(f"http://127.0.0.1:{port}/json/list") as reply:
                    pages = [page for page in await reply.json() if page["type"] == "page"]
                address = pages[0]["webSocketDebuggerUrl"]
                async with session.ws_connect(address, max_msg_size=0) as socket:
                    it = Tab(socket)
                    await it.prepare(size, dark)
                    yield it
                    await it.close()
        finally:
            process.terminate()
            await process.wait()


async def _port(file: Path) -> str:
    """The browser writes it once it listens."""
    for _ in range(300):
        if lines := _lines(file):
            return lines[0]
        await asyncio.sleep(0.1)
    raise TimeoutError("Chromium did not start.")


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []
