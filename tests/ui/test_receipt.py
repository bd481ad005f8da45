"""The receipt on a screen: readable at 80 columns, without colours, and nothing in it can act."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from glaze_cli.ui.receipt import print_receipt
from glaze_cli.ui.receipt_steps import SHOWN_CALLS

HOSTILE = "\x1b]8;;http://evil\x07click\x1b]8;;\x07 \x1b[31mred \u202egnp.exe <script>[bold] \u2028x\x85y"
CALL = {"id": 7, "status": "settled", "outcome": "hit", "billed": 0.01, "reserved": 0.01, "own": True}
STEP: dict[str, Any] = {
    "provider": "hunter",
    "tier": "cheap",
    "outcome": "hit",
    "confidence": 0.9,
    "calls": 1,
    "cost": 0.01,
    "inputs": {"company": "acme"},
    "answer": {"found": True, "values": {f"field{number}": HOSTILE for number in range(20)}},
    "ledger": [CALL],
}
DONE: dict[str, Any] = {
    "asked": True,
    "cell": "Leads!B2",
    "column": "Email",
    "file": "/x/leads.xlsx",
    "status": "done",
    "value": "a@b.c",
    "confidence": 0.9,
    "minConfidence": 0.5,
    "minConfidenceNoted": True,
    "source": "cheap",
    "provider": "hunter",
    "cost": 0.01,
    "timestamp": "2026-11-25T12:00:00.000Z",
    "ledger": {"calls": 1, "spent": 0.01},
    "steps": [STEP],
    "job": {"jobId": "3f2a", "status": "completed"},
}
WRITTEN: dict[str, Any] = {
    "job": {"jobId": "3f2a", "writtenTo": "l.csv", "writtenAt": "2026-11-25T12:00:01.000Z"}
}
FOUND: dict[str, Any] = {"header": "Domain", "text": "acme.com", "read": True} | {
    "found": {"cell": "B2", "provider": "hunter", "source": "cheap", "cost": 0.01, "jobId": "9e"}
    | {"earlierJob": True}
}


def lines(document: dict[str, Any], raw: bool = False, width: int = 80) -> list[str]:
    """What is printed, plain."""
    out = io.StringIO()
    print_receipt(Console(file=out, width=width, highlight=False, emoji=False), document, raw)
    return out.getvalue().split("\n")


def words(document: dict[str, Any], raw: bool = False) -> str:
    """With one blank between them."""
    return " ".join(" ".join(lines(document, raw)).split())


@pytest.mark.parametrize("raw", [False, True])
@pytest.mark.parametrize("hostile", [HOSTILE, "x" * 1_000_000, "漢字😀" * 500])
def test_whatever_a_sheet_or_an_answer_holds_is_inert(hostile: str, raw: bool) -> None:
    """No escape sequence, no change of direction, no line wider than the screen."""
    texts = dict.fromkeys(("cell", "column", "value", "error", "old", "source", "provider"), hostile)
    ledger = [CALL | {"status": "refused", "detail": hostile, "cell": hostile, "own": False}]
    step = STEP | {"provider": hostile, "detail": hostile, "value": hostile, "outcome": hostile}
    step |= {"inputs": {hostile: hostile}, "ledger": ledger, "from": hostile, "answeredAt": hostile}
    found = {"cell": hostile, "provider": hostile, "inputs": [{"read": True, "header": hostile}]}
    document = DONE | texts | {"steps": [step], "citations": [hostile]}
    document |= {"inputs": [{"header": hostile, "text": hostile, "read": True, "found": found}]}
    document |= {"inFile": {"file": hostile, "holds": False, "now": hostile}}
    printed = lines(document, raw)
    whole = "\n".join(printed)
    assert not {char for char in whole if ord(char) < 32 and char != "\n"}
    assert not set("\u202e\u2028\x85\x9b") & set(whole)
    assert max(map(len, printed)) <= 80
    unasked = {"asked": False, "cell": hostile, "because": hostile, "now": hostile}
    assert "\x1b" not in "\n".join(lines(unasked))


def test_an_answer_is_shortened_unless_it_is_asked_for_whole() -> None:
    """A few lines, and how many more there are; --raw has all."""
    short, whole = words(DONE), words(DONE, raw=True)
    assert "more lines; --raw shows them" in short
    assert "field19" not in short
    assert "field19" in whole
    assert "--raw" not in whole


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "why hunter: the first provider tried, confidence 0.90 of at least 0.50 source"),
        ({"minConfidenceNoted": False}, "confidence 0.90 of at least 0.50 by the settings of now"),
        ({"steps": [STEP, STEP]}, "hunter: the first acceptable answer, of 2 providers tried"),
        ({"minConfidence": None}, "the first provider tried, confidence 0.90 source"),
        ({"minConfidence": 0.95}, "the first provider tried, confidence 0.90 source"),
        ({"status": "failed", "reason": "timeout"}, "timeout: took longer than allowed"),
        ({"status": "skipped", "reason": "opted_out"}, "the person has opted out"),
        (
            {"status": "not_found", "steps": [STEP | {"outcome": "miss"}]},
            "every provider answered, none had a value",
        ),
        (
            {"status": "not_found", "steps": [STEP | {"outcome": "too_weak", "value": "a@b.c"}]},
            "every provider answered, none was sure enough of a value",
        ),
        ({"status": "queued", "job": {"error": "the cap"}}, "not asked yet (the job: the cap); what follows"),
        ({"status": "queued"}, "last try 2026-11-25 12:00:00, job 3f2a"),
        ({"ledger": {"calls": 0, "spent": 0}}, "cost $0.01 when"),
        ({"steps": [STEP | {"calls": 0}]}, "the answer to an earlier call was fetched, $0.01"),
        ({"steps": [STEP | {"calls": 0, "outcome": "dropped", "cost": 0}]}, "no call was made, no cost"),
        ({"ledger": {"calls": 2, "spent": 0.03}}, "$0.01; $0.03 for all calls that were made for it (2)"),
        ({"earlierJobs": ["a1", "b2"]}, "2 earlier jobs asked about it too: a1, b2"),
        ({"inFile": {"file": "l.csv", "holds": False, "now": None}}, "the cell is empty in l.csv"),
        ({"inFile": {"file": "l.csv", "holds": True}}, "file l.csv holds it"),
        (WRITTEN, "file the job's values were written to l.csv, 2026-11-25 12:00:01"),
        (WRITTEN | {"timestamp": "2026-11-25T13:00:00.000Z"}, "not written; `glaze apply 3f2a` writes it"),
        ({"inputs": [FOUND]}, "acme.com B2, found by hunter (cheap, $0.01) in job 9e"),
        ({"otherCalls": [CALL | {"provider": "gleif"}]}, "given up, or of an earlier try gleif: call 7"),
    ],
)
def test_what_became_of_the_cell_is_said_in_words(more: dict[str, Any], said: str) -> None:
    """Each ending has its sentence."""
    assert said in words(DONE | more)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ({"status": "settled", "outcome": "repeated"}, "the bill of the call after it stands for both"),
        (
            {"status": "unknown", "detail": "cut"},
            "its reply was lost (cut); up to $0.01 may have been billed",
        ),
        ({"status": "refused", "outcome": "bad_input", "billed": 0}, "refused, bad input; nothing billed"),
        ({"status": "open"}, "no outcome yet; $0.01 reserved"),
        ({"status": "open", "fetchable": True}, "`glaze resume` fetches it; $0.01 reserved"),
        ({"own": False, "jobId": "9e", "later": True}, "later, by job 9e: answered (hit), billed $0.01"),
        ({"repeats": 3}, "again after call 3: answered"),
        ({"earlier": True}, "in an earlier try: answered (hit)"),
    ],
)
def test_each_call_is_said_in_words(call: dict[str, Any], said: str) -> None:
    """How it ended, and what it cost or may have cost."""
    assert said in words(DONE | {"steps": [STEP | {"ledger": [CALL | call]}]})


@pytest.mark.parametrize(
    ("at", "age"),
    [
        ("2026-11-25T11:59:57.000Z", "3 s before"),
        ("2026-11-25T11:30:00.000Z", "30 minutes before"),
        ("2026-11-24T20:00:00.000Z", "16 hours before"),
        ("2026-11-01T12:00:00.000Z", "24 days before"),
    ],
)
def test_the_age_of_an_answer(at: str, age: str) -> None:
    """How old it was when the cell took it."""
    assert age in words(DONE | {"steps": [STEP | {"from": "cache", "answeredAt": at}]})


def test_many_calls_with_one_question_are_counted() -> None:
    """The cell's own and the latest of the others are shown."""
    others = [CALL | {"id": 100 + number, "own": False} for number in range(SHOWN_CALLS + 3)]
    printed = words(DONE | {"steps": [STEP | {"ledger": [*others, CALL]}]})
    assert "3 earlier calls with the same question" in printed
    assert "call 7," in printed
    assert "call 102," not in printed


def test_a_document_of_an_older_glaze_is_shown_as_far_as_it_goes() -> None:
    """Nothing in it is taken for granted."""
    print_receipt(Console(file=io.StringIO()), {})
    print_receipt(Console(file=io.StringIO()), {"steps": [{}], "inputs": [{}], "otherCalls": [{}]})


@pytest.mark.parametrize(
    ("reason", "own", "advised"),
    [("unknown_outcome", False, True), ("timeout", True, True), ("timeout", False, False)],
)
def test_asking_again_is_advised_where_it_would_be_done(reason: str, own: bool, advised: bool) -> None:
    """`--retry-unknown` asks about cells that ended so, or that a call without an outcome was made for."""
    lost = CALL | {"status": "unknown", "own": own}
    failed = DONE | {"status": "failed", "reason": reason, "steps": [STEP | {"ledger": [lost]}]}
    assert ("--retry-unknown` asks again" in words(failed)) is advised
    assert "1 call without a reply: up to $0.01 may have been billed" in words(failed)
