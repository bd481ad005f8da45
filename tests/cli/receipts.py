"""A sheet that was filled once from a paid service, and its receipts as documents and as words."""

from __future__ import annotations

from typing import Any

from tests.chaos.server import Reply
from tests.cli.program import Program

DONE, MISSING, REFUSED, LOST = "B2", "B3", "B4", "B5"
"""Cells of the sheet, by what the service says about their companies."""
SHEET = "Company,Domain\nacme inc,\nnobody,\nbad,\nlost,\nfilled,here.example\n"


def reply(company: str, times: int) -> Reply:
    """The first reply about `lost` is lost."""
    if company == "lost" and times == 1:
        return Reply(cut=True)
    return Reply(status={"nobody": 404, "bad": 400}.get(company, 200))


def told(glaze: Program, *words: object) -> dict[str, Any]:
    """The document."""
    ran = glaze("why", *words, "--json")
    assert ran.code == 0, ran.err
    document: dict[str, Any] = ran.json
    return document


def shown(glaze: Program, *words: object) -> str:
    """The words, with one blank between them."""
    ran = glaze("why", *words)
    assert (ran.code, ran.err) == (0, "")
    return " ".join(ran.out.split())


def calls(document: dict[str, Any]) -> list[tuple[str, bool, str, str]]:
    """(cell, whether it was its own, status, outcome) of the calls of its only step."""
    (step,) = document["steps"]
    return [(call["cell"], call["own"], call["status"], call["outcome"]) for call in step["ledger"]]
