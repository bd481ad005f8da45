"""Records docs/session.svg from the real program: `python docs/record.py`, a minute. Needs pyte, bash, a pty.

A shell in a terminal of 100 x 28 gets the keys of SESSION; what the terminal shows, and when, becomes one
picture that moves (docs/film.py). Two things are not as they would be elsewhere: OrgBook, the invented
register of examples/glaze/providers, answers on this machine; the temporary folder is shown as /home/ada.
"""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import struct
import sys
import tempfile
import termios
import threading
import time
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from film import Camera, svg

DOCS = Path(__file__).parent
PICTURE = DOCS / "session.svg"
EXAMPLES = DOCS.parent / "examples"
COLUMNS, LINES = 100, 28
HOME = b"/home/ada"
KEY_S, THINK_S, PATIENCE_S = 0.035, 0.7, 120.0

ENRICH = 'glaze enrich leads.csv -c "First name,Domain,Currency,Industry,Employees" --limit 16'
SESSION = (
    ("# What would be asked of whom, and for how much? (OrgBook is invented.)", 0.5),
    (f"{ENRICH} --dry-run", 5.0),
    ("# The same for real, for a dollar at most.", 0.5),
    (f"{ENRICH} --max-cost 1", 5.0),
    ("# Where does a value come from?", 0.5),
    ("glaze why leads.csv X5", 7.0),
    ("# And back again.", 0.5),
    ("glaze undo JOB", 4.0),
)
"""What is typed, and seconds to read what came of it. JOB stands for the job that ran."""

SETTINGS = """\
[providers.orgbook]
base_url = "{url}"
[columns."First name"]
waterfall = ["person_name"]
[columns."Domain"]
waterfall = ["email"]
[columns."Industry"]
waterfall = ["orgbook"]
[columns."Employees"]
waterfall = ["orgbook"]
"""


class OrgBook(BaseHTTPRequestHandler):
    """The invented register of docs/your-own-provider.md: slow as services are, it knows three in four."""

    def do_GET(self) -> None:
        """What it knows of a domain follows from the domain's name alone."""
        domain = parse_qs(urlsplit(self.path).query).get("domain", [""])[0]
        dice = sha256(domain.encode()).digest()
        time.sleep(0.3 + dice[0] / 255)
        sectors = ("Machinery", "Software", "Logistics", "Textiles", "Food", "Optics")
        company = {
            "domain": domain,
            "people": 5 + 5 * dice[1],
            "sector": sectors[dice[2] % len(sectors)],
            "score": 0.85 + dice[3] / 2550,
            "page": f"https://orgbook.example/{domain}",
            "address": {"town": "Exampletown"},
        }
        known = dice[4] % 4 > 0
        body = json.dumps({"company": company} if known else {"error": "unknown domain"}).encode()
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is said about it."""


class Renamed:
    """Bytes with one name in the place of another, however they are cut into pieces."""

    def __init__(self, name: bytes, shown: bytes) -> None:
        """`shown` is as long as `name`, so that no column of a terminal moves."""
        if len(name) != len(shown):
            raise ValueError(f"{name!r} and {shown!r} are not of one length")
        self._name, self._shown = name, shown
        self._held = b""

    def __call__(self, data: bytes) -> bytes:
        """What may be shown by now; what could be the beginning of the name waits for the next piece."""
        data = (self._held + data).replace(self._name, self._shown)
        held = next((n for n in range(len(self._name) - 1, 0, -1) if data.endswith(self._name[:n])), 0)
        data, self._held = data[: len(data) - held], data[len(data) - held :]
        return data


class Terminal:
    """A shell in a terminal of its own, filmed."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.camera = Camera(COLUMNS, LINES)
        self._renamed = Renamed(os.fsencode(folder), HOME)
        self._began = time.monotonic()
        self.process, self._terminal = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            os.execvpe("bash", ["bash", "--norc", "--noprofile", "--noediting"], environment)
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("4H", LINES, COLUMNS, 0, 0))

    @property
    def seconds(self) -> float:
        """Since it was opened."""
        return time.monotonic() - self._began

    def type(self, line: str) -> None:
        """Key by key, then Enter."""
        self.watch(THINK_S)
        for key in f"{line}\r":
            os.write(self._terminal, key.encode())
            self.watch(KEY_S if key != "\r" else 0.0)

    def watch(self, seconds: float) -> None:
        """Film for so long."""
        until = self.seconds + seconds
        while (left := until - self.seconds) > 0:
            if select.select([self._terminal], [], [], left)[0]:
                self.camera.see(self._renamed(os.read(self._terminal, 65536)), self.seconds)

    def wait_for_prompt(self) -> None:
        """Film until the shell waits for a command, or the program for an answer: that is yes."""
        until = self.seconds + PATIENCE_S
        while self.seconds < until:
            self.watch(0.1)
            cursor = self.camera.screen.cursor
            line = self.camera.screen.display[cursor.y][: cursor.x]
            if line == "$ ":
                return
            if line.rstrip().endswith("[y/N]:"):
                self.type("y")
        sys.exit(f"Nothing came of it in {PATIENCE_S:.0f} s:\n{self.camera.frames[-1].text}")


def record(folder: Path, url: str) -> str:
    """The session, played in that folder with OrgBook at that address, as SVG."""
    shutil.copy(EXAMPLES / "leads.csv", folder)
    shutil.copytree(EXAMPLES / "glaze", folder / "glaze")
    (folder / "glaze.toml").write_text(SETTINGS.format(url=url))
    terminal = Terminal(folder, _environment(folder))
    terminal.wait_for_prompt()
    for line, reading in SESSION:
        jobs = re.findall(r"\b[0-9a-f]{8}\b", terminal.camera.frames[-1].text)
        terminal.type(line.replace("JOB", jobs[-1] if jobs else "JOB"))
        terminal.wait_for_prompt()
        terminal.watch(reading)
    end = terminal.seconds
    os.kill(terminal.process, signal.SIGHUP)
    frames = terminal.camera.frames
    running = [number for number, frame in enumerate(frames) if "▰" in frame.text]
    still = running[len(running) * 2 // 3]
    return svg(frames, end, still, "Glaze fills in sixteen leads, explains a cell, and takes all back")


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of whoever records."""
    return {
        "HOME": str(folder),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.defpath]),
        "PS1": "$ ",
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "GLAZE_STORE": str(folder / "glaze.db"),
        "ORGBOOK_API_KEY": "an-invented-key",
    }


def main() -> None:
    """Write the picture."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), OrgBook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    folder = Path(tempfile.gettempdir()) / os.urandom(2).hex()  # /tmp/3f2a: as long as HOME
    folder.mkdir(mode=0o700)
    try:
        PICTURE.write_text(record(folder, f"http://127.0.0.1:{server.server_port}/v1"), encoding="utf-8")
    finally:
        server.shutdown()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
