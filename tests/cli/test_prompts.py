"""Columns with a prompt: asked of a language model, from the command line and from glaze.toml."""

from __future__ import annotations

import pytest

from tests.cli.openai import lab, question, reply
from tests.cli.program import Program
from tests.loopback import Loopback, Seen

SHEET = """Company,Country,Summary,Size
Acme,DE,,
Brightwater,UK,,
,FR,,
"""
PROMPT = "In one line, what does {Company} do?"


def test_a_prompt_fills_the_one_column_selected(glaze: Program) -> None:
    """Each row with the cells that the prompt names is asked; a row without them is skipped."""

    def answer(seen: Seen) -> object:
        return reply("Makes steel" if "Acme" in question(seen) else "Sells water")

    with Loopback(answer) as server:  # type: ignore[arg-type]
        lab(glaze, server)
        sheet = glaze.leads(text=SHEET)
        ran = glaze("enrich", sheet, "--columns", "Summary", "--prompt", PROMPT, "--plain")
        assert ran.code == 0, ran.err
        assert len(server.seen) == 2
        assert all("DE" not in question(seen) and "UK" not in question(seen) for seen in server.seen)
    assert sheet.read_text("utf-8") == (
        "Company,Country,Summary,Size\nAcme,DE,Makes steel,\nBrightwater,UK,Sells water,\n,FR,,\n"
    )
    cells = {cell["cell"]: (cell["status"], cell["source"]) for cell in glaze.last_job()["cells"]}
    assert cells["C4"][0] == "skipped"


def test_a_prompt_of_the_settings(glaze: Program) -> None:
    """`prompt` of a column, with others in the same run; the cost is what was used."""
    with Loopback(reply("Makes steel")) as server:
        lab(glaze, server, f'[columns.Summary]\nprompt = "{PROMPT}"\n')
        ran = glaze("enrich", glaze.leads(text=SHEET), "--columns", "Summary,Currency", "--plain")
        assert ran.code == 0, ran.err
    job = glaze.last_job()
    assert job["cost"]["spent"] == pytest.approx(2 * 110 / 1_000_000)
    assert {cell["value"] for cell in job["cells"] if cell["cell"].startswith("C")} == {"Makes steel", None}


def test_resume_asks_the_same_prompt(glaze: Program) -> None:
    """The option is kept with the job: what was left at the cap is asked the same question."""
    with Loopback(reply("Makes steel")) as server:
        lab(glaze, server)
        options = ("--columns", "Summary", "--prompt", PROMPT, "--max-cost", "0.0000001", "--plain")
        ran = glaze("enrich", glaze.leads(text=SHEET), *options)
        assert (ran.code, server.seen) == (4, []), ran.err
        job = glaze("status", "--json").json[0]["jobId"]
        ran = glaze("resume", job, "--max-cost", "1", "--plain")
        assert ran.code == 0, ran.err
        assert len(server.seen) == 2
        assert "what does <company> do?" in question(server.seen[0])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--columns", "Summary,Size", "--prompt", PROMPT), "one column, and Summary, Size has 2"),
        (("--columns", "Summary", "--prompt", "What does {Compny} do?"), 'did you mean "Company"?'),
        (("--columns", "Summary", "--prompt", "What is the time?"), "reads no cell"),
        (("--columns", "Summary", "--prompt", " "), "--prompt must be a question"),
    ],
)
def test_a_prompt_that_cannot_be_asked(glaze: Program, arguments: tuple[str, ...], words: str) -> None:
    """One sentence, before anything is asked."""
    with Loopback(reply("x")) as server:
        lab(glaze, server)
        ran = glaze("enrich", glaze.leads(text=SHEET), *arguments, "--plain")
        assert (ran.code, server.seen) == (2, [])
    assert words in ran.err


def test_without_a_model_it_is_said_what_to_set(glaze: Program) -> None:
    """The variables of the models that there are."""
    ran = glaze("enrich", glaze.leads(text=SHEET), "--columns", "Summary", "--prompt", PROMPT)
    assert ran.code == 2
    assert "openai (set OPENAI_API_KEY)" in ran.err


def test_a_column_with_a_prompt_is_one_for_models(glaze: Program) -> None:
    """`glaze columns` says so, and names those that are ready."""
    with Loopback(reply("x")) as server:
        lab(glaze, server, f'[columns.Size]\nprompt = "{PROMPT}"\n')
        found = {c["header"]: c for c in glaze("columns", glaze.leads(text=SHEET), "--json").json["columns"]}
    assert (found["Size"]["prompt"], found["Size"]["providers"]) == (True, ["lab"])
    assert (found["Summary"]["prompt"], found["Summary"]["providers"]) == (False, [])


def test_a_dry_run_shows_what_a_prompt_sends(glaze: Program) -> None:
    """The headers in the prompt leave, no other; a price for a typical row."""
    with Loopback(reply("x")) as server:
        lab(glaze, server)
        sheet = glaze.leads(text=SHEET)
        options = ("--columns", "Summary", "--prompt", PROMPT, "--dry-run")
        (column,) = glaze("enrich", sheet, *options, "--json").json["columns"]
        (step,) = column["waterfall"]
        assert (step["provider"], step["reads"], step["leaves"]) == ("lab", ["Company"], ["Company"])
        assert 0 < step["mostUsd"] < 0.01
        assert "prompt" in glaze("enrich", sheet, *options).out
        assert server.seen == []
