"""The summary in Markdown: all it says, and nothing in it acts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from glaze_cli.model import TaskStatus
from glaze_cli.ui.pages.markdown import MARK, quoted
from tests.ui.pages.jobs import HOSTILE, finished, many, markdown, pay, record, step

RENDERER = MarkdownIt("commonmark").enable("table")


def test_it_says_what_came_of_the_job() -> None:
    """Counts, money, columns, providers, and the failures with examples."""
    cells = [
        (TaskStatus.DONE, None, None, record("a", 0.9, step("hunter", "cheap", "hit"))),
        (TaskStatus.FAILED, "timeout", "too slow", record(None, None, step("hunter", "cheap", "failed"))),
    ]
    connection, job = finished(cells)
    pay(connection, calls=3)
    lines = markdown(connection, job).splitlines()
    assert lines[:2] == [MARK, "### Glaze: `leads.xlsx` `Leads` `B:C`"]
    for line in (
        "**1 done, 0 not found, 1 failed, 0 skipped** of 2 cells. Spent $0.04.",
        "| `Email` | 1 | 0 | 0 | 0 | 100.0% |",
        "| `Phone` | 0 | 0 | 1 | 0 | 0.0% |",
        "| `hunter` | `cheap` | 1 | 0 | 0 | 0 | 1 | $0.04 |",
        "- 1 × `timeout`: took longer than allowed",
        "  - `C2` `Phone`: `too slow`",
    ):
        assert line in lines


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_no_text_becomes_markup(text: str) -> None:
    """Whatever a sheet or a service says, the summary has our tables and lists, and code spans."""
    cell = (TaskStatus.FAILED, text[:9_000], text, record(None, None, step(text, text, "failed")))
    connection, job = finished([cell] * 4, headers=(text[:9_000], "Phone"), path=f"/x/{text[:200]}")
    tokens = [
        part
        for token in RENDERER.parse(markdown(connection, job))
        for part in [token, *(token.children or ())]
    ]
    kinds = {token.type for token in tokens}
    assert not kinds & {"link_open", "image", "html_inline", "hr", "fence", "code_block", "blockquote_open"}
    html = "".join(token.content for token in tokens if token.type == "html_block")
    assert re.sub(r"</?(details|summary)>|<!-- glaze report -->", "", html).strip() == "Failures: 4 cells"
    words = "".join(token.content for token in tokens if token.type == "text")
    assert "@" not in words and "evil" not in words and "octocat" not in words


@given(st.text())
def test_a_text_is_one_span_in_one_cell(text: str) -> None:
    """Backticks, pipes, backslashes and line ends stay inside the span, and the table keeps its cells."""
    table = RENDERER.parse(f"| a | b |\n| - | - |\n| {quoted(text)} | 2 |")
    cells = [token for token in table if token.type == "inline"]
    assert [cell.content for cell in cells[:2]] == ["a", "b"] and cells[3].content == "2"
    kinds = [child.type for child in cells[2].children or ()]
    assert kinds == ["code_inline"] or cells[2].content == "–"


@pytest.mark.parametrize("order", ["##[add-mask]x", "##vso[task.setvariable variable=a]b", "##teamcity[x]"])
def test_orders_to_ci_systems_are_none(order: str) -> None:
    """A job's log is read for them, wherever in a line they stand."""
    assert not re.search(r"##\w*\[", quoted(f"a {order}"))


def test_it_fits_into_a_comment() -> None:
    """GitHub takes 65,536 characters, however many columns and reasons there are."""
    long = "ü" * 500
    cells = [
        (TaskStatus.FAILED, f"{long}{n}", long, record(None, None, step(f"{n}{long}", long, "failed")))
        for n in range(600)
    ]
    connection, job = finished(cells, headers=[f"{n} {long}" for n in range(100)])
    assert len(markdown(connection, job)) < 65_536


def test_many_cells_are_as_short() -> None:
    """Its length does not grow with the job."""
    assert len(markdown(*finished(many(5_000)))) < 3_000
