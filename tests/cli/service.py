"""A paid service on loopback for tests of the program: it keeps a log of every call that it received."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.cli.program import Program
from tests.loopback import Say, Seen

MANIFEST = """
id = "{name}"
version = "1"
tier = "cheap"
base_url = "{url}"
limits = {{concurrency = 200}}
[[op]]
id = "find"
needs = ["company"]
gives = ["domain"]
request = {{path = "/companies", query = {{name = "{{company}}"}}}}
rules = [{{when = "status==`404`", then = "miss"}}]
extract = {{domain = "body.domain"}}
cost = {{usd = "{usd}", charge_on = ["hit", "miss"]}}
{more}
"""


class Log:
    """What the service was asked, in order; it knows every company but those named `Nobody …`."""

    def __init__(self, seconds: float = 0.0, answer: Callable[[Seen], Say | None] | None = None) -> None:
        """`seconds`: how long an answer takes; `answer`: what it says instead, where that is something."""
        self.asked: list[str] = []
        self._seconds = seconds
        self._answer = answer
        self._lock = threading.Lock()

    def __call__(self, seen: Seen) -> Say:
        name = seen.query["name"]
        with self._lock:
            self.asked.append(name)
        time.sleep(self._seconds)
        said = self._answer(seen) if self._answer is not None else None
        if said is not None:
            return said
        if name.startswith("Nobody"):
            return Say.json({}, 404)
        return Say.json({"domain": f"{name}.example".lower().replace(" ", "-")})

    @property
    def repeated(self) -> dict[str, int]:
        """Companies that it was asked about more than once."""
        return {name: times for name, times in Counter(self.asked).items() if times > 1}


def paid_service(glaze: Program, url: str, name: str = "acme", usd: str = "0.01", more: str = "") -> None:
    """Its manifest beside the sheet, and a glaze.toml so that it is looked for there."""
    folder = glaze.folder / "glaze" / "providers"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.toml").write_text(MANIFEST.format(name=name, url=url, usd=usd, more=more))
    if not (glaze.folder / "glaze.toml").exists():
        (glaze.folder / "glaze.toml").write_text("")


def companies(glaze: Program, names: Sequence[str], sheet: str = "leads.csv") -> Path:
    """A sheet of companies without domains."""
    return glaze.leads(sheet, "\n".join(["Company,Domain", *(f"{name}," for name in names), ""]))


def numbered(count: int, first: int = 1) -> list[str]:
    """So many different companies."""
    return [f"Firm {number}" for number in range(first, first + count)]
