"""What the three search services have in common: the shape of a hit, and which hits are answers."""

from __future__ import annotations

from typing import Any

from tests.loopback import Say

TOOLS = {"url": "https://www.acmetools.com/", "title": "Drills and saws"}
ABOUT = {"url": "https://acmetools.com/about?x=1", "title": "About us"}
ABROAD = {"url": "https://acmetools.co.uk/", "title": "Acme Tools UK"}
INITIALS = {"url": "https://atl.example/", "title": "Acme Tools | Everything that drills"}
INNER = {"url": "https://atl.example/blog/1", "title": "Acme Tools | Everything that drills"}
HELP = {"url": "https://acmetools.zendesk.com/", "title": "Acme Tools"}
FANS = {"url": "https://acmetools.blogspot.com/2020", "title": "Acme Tools"}
NEWS = {"url": "https://news.example/acme-tools", "title": "Acme Tools wins a prize"}
WIKI = {"url": "https://en.wikipedia.org/wiki/Acme_Tools", "title": "Acme Tools - Wikipedia"}
LINKED = {"url": "https://www.linkedin.com/company/acme-tools", "title": "Acme Tools | LinkedIn"}
JOBS = {"url": "https://de.linkedin.com/company/Acme-Tools/jobs/", "title": "Acme Tools: Jobs | LinkedIn"}
NUMBER = {"url": "https://www.linkedin.com/company/1042", "title": "Acme Tools | LinkedIn"}
PERSON = {"url": "https://www.linkedin.com/in/acme-tools", "title": "Acme Tools | LinkedIn"}
FAKE = {"url": "https://notlinkedin.com/company/acme-tools", "title": "Acme Tools | LinkedIn"}
OTHER = {"url": "https://www.linkedin.com/company/acme-holding", "title": "Acme Holding | LinkedIn"}
BROKEN: list[Any] = [None, "x", {}, {"url": None, "title": None}, {"url": "::", "title": 3}]

WEBSITES: list[tuple[str, list[Any], str | None]] = [
    ("the name in the domain", [NEWS, TOOLS, WIKI], "acmetools.com"),
    ("two pages of one site", [TOOLS, ABOUT], "acmetools.com"),
    ("two sites of that name", [TOOLS, ABROAD], None),
    ("a country's second level", [ABROAD], "acmetools.co.uk"),
    ("the name on the home page", [INITIALS, WIKI], "atl.example"),
    ("the name on some page", [INNER], None),
    ("sites of others", [HELP, FANS, NEWS, WIKI, LINKED], None),
    ("broken hits beside a good one", [*BROKEN, TOOLS], "acmetools.com"),
    ("no hit at all", [], None),
]
"""A case, the hits for Acme Tools Ltd, and the domain that is its own."""

PAGES: list[tuple[str, list[Any], str | None]] = [
    ("its page", [TOOLS, LINKED], "acme-tools"),
    ("several of its pages", [LINKED, JOBS], "acme-tools"),
    ("a page with a number", [NUMBER], "1042"),
    ("two pages of that name", [LINKED, NUMBER], None),
    ("a person, a fake, another", [PERSON, FAKE, OTHER], None),
    ("broken hits beside a good one", [*BROKEN, LINKED], "acme-tools"),
    ("no hit at all", [], None),
]
"""A case, the hits for Acme Tools Ltd, and what its page on LinkedIn is called."""


def tavily(hits: list[Any], **more: Any) -> Say:
    """An answer of Tavily."""
    return Say.json(
        {"query": "q", "answer": None, "images": [], "results": hits, "response_time": 1.0, **more}
    )


def exa(hits: list[Any], **more: Any) -> Say:
    """An answer of Exa."""
    return Say.json({"requestId": "r1", "resolvedSearchType": "neural", "results": hits, **more})


def brave(hits: list[Any], **more: Any) -> Say:
    """An answer of Brave, which leaves out the list where there is nothing."""
    web = {"web": {"type": "search", "results": hits}} if hits else {}
    return Say.json({"type": "search", "query": {"original": "q"}, **web, **more})
