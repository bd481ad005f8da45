"""Formula injection: what a spreadsheet would run, and what only looks a little like it."""

from __future__ import annotations

import pytest

from glaze_cli.sheets.csv.defuse import defused, runs


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("http://x","y")',
        "@SUM(A1)",
        "\t=1",  # Excel drops the tab
        "\r=1",
        "+SUM(A1)",
        "-A1",
        "-2+3+cmd|' /C calc'!A0",  # begins like a number
        "+1+cmd",
        "＝1+1",  # the full-width signs of East Asian keyboards
    ],
)
def test_runs(text: str) -> None:
    """Each of these is a formula to a spreadsheet."""
    assert runs(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "a=b",  # not at the start
        "'=1",  # defused already
        "-5",
        "+3.14",
        "-1,234.50",
        "-1.5e-7",
        "+12%",
        "+49 30 901820",
        "+1 (555) 010-0199",
        "+1-555-0100 ext. 12",
        "#N/A",
    ],
)
def test_does_not_run(text: str) -> None:
    """Numbers, phone numbers and ordinary text are left as they are."""
    assert not runs(text)


def test_defused_text_no_longer_runs() -> None:
    """The apostrophe is enough, and defusing is not needed twice."""
    assert defused("=1") == "'=1" and not runs(defused("=1"))
