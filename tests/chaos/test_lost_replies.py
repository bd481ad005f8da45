"""A reply lost after the service took the call: it may have been billed, so nobody asks again in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from glaze_cli.providers.http import HttpDoor
from tests.chaos.scene import QUICK, Ledger, enrich, filled, names, paid_service, sheet_of
from tests.chaos.server import Behaviour, Reply, Shop
from tests.cli.program import Program

LOSER = names(3)[1]

LOST = {
    "cut": Reply(cut=True),
    "502": Reply(status=502),
    "504": Reply(status=504),
    "silence": Reply(after=600),
}


def losing(first: Reply) -> Behaviour:
    """The first reply about one company is lost, all others are well."""
    return lambda company, times: first if (company, times) == (LOSER, 1) else Reply()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence is long after half a second; it is a minute, which is not a setting."""
    defaults = HttpDoor.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "reply_s", 0.5)


def ready(glaze: Program, shop: Shop, more: str = "") -> Path:
    """Three companies and the service."""
    paid_service(glaze.folder, shop.url, more, QUICK)
    return sheet_of(glaze.folder, 3)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("lost", LOST.values(), ids=LOST)
def test_a_lost_reply_is_unknown_and_said_so(glaze: Program, lost: Reply) -> None:
    """Asked once; the cell failed: unknown_outcome; words and JSON say so; --retry-unknown asks again."""
    with Shop(losing(lost)) as shop:
        path = ready(glaze, shop)
        ran = glaze(*enrich(path, "--json"))
        assert (ran.code, shop.counted[LOSER], len(shop.calls)) == (3, 1, 3), ran.err
        assert Ledger(glaze.store).word_of[LOSER] == "unknown_outcome"
        assert ran.json["reasons"] == {"failed": {"unknown_outcome": 1}}
        cost = ran.json["cost"]
        assert (cost["spent"], cost["unknown"], cost["unknownCalls"], cost["repeatedCalls"]) == (
            0.03,
            0.01,
            1,
            0,
        )
        assert "unknown outcome" in ran.err
        assert "may have been billed" in ran.err
        assert "--retry-unknown" in ran.err
        assert filled(path) == {*names(3)} - {LOSER}

        again = glaze(*enrich(path, "--json"))
        assert (again.code, shop.counted[LOSER]) == (3, 1), again.err
        assert again.json["reasons"] == {"failed": {"unknown_outcome": 1}}
        assert again.json["cost"]["spent"] == 0

        told = glaze("resume", again.json["jobId"], "--retry-unknown", "--json")
        assert (told.code, shop.counted[LOSER], len(shop.calls)) == (0, 2, 4), told.err
        assert (told.json["cost"]["repeatedCalls"], told.json["cost"]["spent"]) == (1, 0.01)
        assert filled(path) == {*names(3)}


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("lost", LOST.values(), ids=LOST)
def test_what_the_service_knows_again_is_asked_again(glaze: Program, lost: Reply) -> None:
    """`idempotent = true`: asked again in the same run, done, billed once, and nothing is unknown."""
    with Shop(losing(lost)) as shop:
        path = ready(glaze, shop, "idempotent = true")
        ran = glaze(*enrich(path, "--json"))
    assert (ran.code, shop.counted[LOSER], len(shop.calls)) == (0, 2, 4), ran.err
    cost = ran.json["cost"]
    assert (cost["spent"], cost["unknown"], cost["unknownCalls"], cost["repeatedCalls"]) == (0.03, 0, 0, 0)
    assert filled(path) == {*names(3)}


def test_a_cell_that_cannot_wait_leaves_its_call_unknown(glaze: Program) -> None:
    """A cell's time ends before the reply comes: the call is unknown, and made again only with leave."""
    with Shop(losing(LOST["silence"])) as shop:
        path = ready(glaze, shop)
        (glaze.folder / "glaze.toml").write_text(f"{QUICK}cell_timeout = 1\ngrace = 0\n")
        ran = glaze(*enrich(path, "--json"))
        assert (ran.code, shop.counted[LOSER]) == (3, 1), ran.err
        assert ran.json["cost"]["unknownCalls"] == 1
        assert "--retry-unknown" in ran.err
        again = glaze(*enrich(path, "--json"))
        assert (again.code, shop.counted[LOSER]) == (3, 1), again.err
        assert again.json["reasons"] == {"failed": {"unknown_outcome": 1}}
        told = glaze("resume", ran.json["jobId"], "--retry-unknown", "--json")
        assert (told.code, shop.counted[LOSER]) == (0, 2), told.err
        assert told.json["cost"]["repeatedCalls"] == 1
        assert filled(path) == {*names(3)}
