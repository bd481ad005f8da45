"""What a shell offers: jobs, sheets, headers, tabs, providers; never an error."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import xlsxwriter

from glaze_cli.cli.app import app
from tests.cli.program import Program

Offered = Callable[[str], list[str]]


@pytest.fixture
def offered(glaze: Program, monkeypatch: pytest.MonkeyPatch) -> Offered:
    """What bash is told when Tab is pressed at the end of the words."""

    def offer(words: str) -> list[str]:
        glaze.capture.readouterr()
        with monkeypatch.context() as shell, pytest.raises(SystemExit) as ended:
            shell.setenv("_GLAZE_COMPLETE", "complete_bash")
            shell.setenv("COMP_WORDS", words)
            shell.setenv("COMP_CWORD", str(len(words.split(" ")) - 1))
            app(prog_name="glaze")
        told = glaze.capture.readouterr()
        assert (ended.value.code, told.err) == (0, "")
        return told.out.split("\n")[:-1] if told.out.strip() else []

    monkeypatch.setenv("GLAZE_STORE", str(glaze.store))
    monkeypatch.chdir(glaze.folder)
    return offer


def test_jobs_sheets_and_providers_wherever_one_is_named(glaze: Program, offered: Offered) -> None:
    """Each command that takes a job's, a sheet's or a provider's name offers those there are."""
    glaze("enrich", glaze.leads(), "--range", "F2:H4", "--offline", "--quiet")
    job = glaze.last_job()["jobId"]
    cases = {
        **dict.fromkeys((f"{name} {job[:2]}" for name in ("status", "diff", "undo", "apply", "report")), job),
        **dict.fromkeys((f"{name} {job[:2]}" for name in ("wait", "cancel", "resume", "retry", "why")), job),
        **dict.fromkeys((f"{name} --job {job[:2]}" for name in ("cost", "purge", "why leads.csv C2")), job),
        "why lea": "leads.csv",
        **dict.fromkeys((f"providers {name} hun" for name in ("show", "check")), "hunter"),
    }
    told = {words: offered(f"glaze {words}") for words in cases}
    assert told == {words: [name] for words, name in cases.items()}


def test_headers_tabs_and_providers(glaze: Program, offered: Offered) -> None:
    """Of the sheet that is on the command line already."""
    glaze.leads()
    with xlsxwriter.Workbook(glaze.folder / "b.xlsx") as book:
        book.add_worksheet("Leads")
        book.add_worksheet("Pipeline")
    assert offered("glaze enrich leads.csv --columns Em") == ["Email"]
    assert offered("glaze enrich leads.csv --columns Email,Ph") == ["Email,Phone"]
    assert offered("glaze enrich b.xlsx --sheet ") == ["Leads", "Pipeline"]
    assert offered("glaze enrich leads.csv --provider hun") == ["hunter"]


@pytest.mark.parametrize(
    "words", ["glaze undo a", "glaze enrich no.csv --columns E", "glaze enrich - --sheet ", "glaze diff "]
)
def test_trouble_offers_nothing(glaze: Program, offered: Offered, words: str) -> None:
    """No store, no sheet, a store that is none: silence."""
    if words.startswith("glaze diff"):
        glaze.store.write_bytes(b"no store at all")
    assert offered(words) == []
