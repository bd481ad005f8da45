"""Reports of a job's document."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from glaze_cli.ui.document import Document, amount, moment, money, reason_caption
from glaze_cli.ui.job_line import job_line
from glaze_cli.ui.report import print_job, print_jobs, print_summary

JOB: dict[str, Any] = {
    "jobId": "3f2a9c",
    "status": "completed",
    "totalTasks": 60,
    "doneTasks": 40,
    "failedTasks": 12,
    "notFoundTasks": 5,
    "skippedTasks": 3,
    "progress": 100.0,
    "cost": {
        "cap": 5.0,
        "spent": "0.52",
        "reserved": 0,
        "unknown": 0.01,
        "unknownCalls": 2,
        "repeatedCalls": 1,
        "saved": 0.25,
    },
    "createdAt": "2026-11-23T23:40:02.5+00:00",
    "startedAt": "2026-11-23T23:40:03+00:00",
    "completedAt": None,
    "error": "12 tasks failed",
    "file": "[red]leads.xlsx",
    "sheet": "Q3",
    "range": "D2:F21",
    "reasons": {"failed": {"timeout": 10, "odd_one": 2}, "skipped": {"missing_input": 3}},
    "providers": [
        {
            "id": "gleif",
            "tier": "free",
            "calls": 40,
            "hits": 30,
            "misses": 9,
            "errors": 1,
            "cacheHits": 7,
            "cost": 0,
        }
    ],
    "nextSteps": ["glaze resume 3f2a9c", "glaze undo 3f2a9c"],
}


def console() -> Console:
    """80 columns, plain, into memory."""
    return Console(file=io.StringIO(), width=80, highlight=False)


def lines(to: Console) -> list[str]:
    """What was printed, without the blanks at the ends of lines."""
    assert isinstance(to.file, io.StringIO)
    return [line.rstrip() for line in to.file.getvalue().splitlines()]


def test_the_summary_tells_the_whole_end() -> None:
    """Each kind of end by its reasons, the cache, the money, the file, the providers, what to do next."""
    to = console()
    print_summary(to, JOB, "out.xlsx")
    assert lines(to) == [
        "Job 3f2a9c completed  [red]leads.xlsx Q3!D2:F21",
        "12 tasks failed",
        "      done  40",
        "            7 answers from cache",
        " not found  5",
        "    failed  12",
        "            10 timeout: took longer than allowed",
        "            2 odd one",
        "   skipped  3",
        "            3 missing input: the row lacks what any provider needs to be asked",
        "     spent  $0.52 of at most $5.00",
        "            2 calls without an outcome: up to $0.01 of what was spent may have",
        "            been billed",
        "            1 call was made again after a lost reply, and may have been billed",
        "            twice",
        "            $0.25 saved by remembered answers",
        "written to  out.xlsx",
        "",
        "Provider  Tier  Calls  Hits  Misses  Errors  From cache   Cost",
        "gleif     free     40    30       9       1           7  $0.00",
        "next: glaze resume 3f2a9c",
        "      glaze undo 3f2a9c",
    ]


def test_a_summary_without_a_file_says_so() -> None:
    """Nobody looks for values in a file that was not written."""
    to = console()
    print_summary(to, JOB, None)
    assert "written to  no file was written" in lines(to)


def test_a_job_shows_its_times_and_cells() -> None:
    """What is not known is a dash, never a made-up moment or amount."""
    to = console()
    cell = {
        "cell": "D2",
        "status": "done",
        "value": "a@b.c",
        "confidence": 0.9,
        "source": "free",
        "cost": "0.01",
    }
    print_job(to, JOB | {"cells": [cell, {"cell": "D3", "status": "failed", "reason": "timeout"}]})
    text = "\n".join(lines(to))
    assert " progress  100%: 60 of 60 cells ended" in text
    assert "  created  2026-11-23 23:40:02" in text
    assert "    ended  –" in text
    assert "D2    done             a@b.c         0.9  free    $0.01" in text
    assert "D3    failed  timeout                                 –" in text


def test_the_latest_jobs_are_a_table_with_whole_names() -> None:
    """A job's name can be copied from the table, however long the file's is."""
    to = console()
    print_jobs(to, [JOB | {"file": "long/" * 30}, JOB | {"jobId": "77aa01", "status": "paused"}])
    assert lines(to)[0] == "Job     Status     Done  Not found  Failed  Skipped  Spent  Sheet"
    assert lines(to)[1].startswith("3f2a9c  completed    40          5      12        3  $0.52  long/")
    assert lines(to)[-2].startswith("77aa01  paused       40          5      12        3  $0.52  [red]")


def test_one_line_for_watching() -> None:
    """The state, how far, and the money, in one plain line."""
    assert job_line(
        JOB | {"cost": {"spent": 0.5}, "status": "running", "totalTasks": 80, "progress": 75.0}
    ) == (
        "Job 3f2a9c running, 75%: 60 of 80 cells ended "
        "(40 done, 5 not found, 12 failed, 3 skipped); spent $0.50"
    )


@pytest.mark.parametrize("hostile", ["\x1b]0;x\x07\x1b[2J", "\u202egpj", "[/red]", "x" * 1_000_000, "a\nb"])
def test_hostile_documents_are_inert(hostile: str) -> None:
    """No text of a document acts on the terminal or breaks rich's markup."""
    document: Document = JOB | {
        "jobId": hostile,
        "status": hostile,
        "file": hostile,
        "error": hostile,
        "createdAt": hostile,
        "writtenTo": hostile,
        "reasons": {"failed": {hostile: 1}},
        "providers": [{"id": hostile}],
        "cells": [{"cell": "D2", "value": hostile}],
        "nextSteps": [hostile],
    }
    to = console()
    print_job(to, document)
    print_summary(to, document, hostile)
    print_jobs(to, [document])
    text = "".join(lines(to)) + job_line(document)
    assert not set("\x1b\x07\r\u202e\n") & set(text)
    assert len(text) < 100_000


def test_an_empty_document_is_no_crash() -> None:
    """A document of an older Glaze may lack anything."""
    to = console()
    print_job(to, {})
    assert lines(to)[0] == "Job – –"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0.12", "$0.12"),  # text
        ("$0.12", "$0.12"),
        (0.0015, "$0.0015"),  # a number
        (1e-06, "$0.000001"),  # as Python writes a millionth
        (0, "$0.00"),
        (None, "–"),  # not known is not zero
        ("much", "–"),
    ],
)
def test_dollars_as_text_or_number(value: object, shown: str) -> None:
    """Amounts of either kind read the same; what is no amount is a dash."""
    assert money(value) == shown
    assert (amount(value) is None) == (shown == "–")


def test_moments_and_reasons_for_people() -> None:
    """A known one is explained, an unknown one stands as it is."""
    assert moment("2026-11-23T23:40:02.123+00:00") == "2026-11-23 23:40:02"
    assert moment("yesterday") == "yesterday"
    assert moment(None) == "–"
    assert reason_caption("timeout") == "timeout: took longer than allowed"
    assert reason_caption("new_reason") == "new reason"
