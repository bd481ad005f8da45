"""The quick way to `glaze status JOB` says what the long way says, and leaves the rest to it."""

from __future__ import annotations

import pytest

from glaze_cli.cli.exits import run
from glaze_cli.cli.quick import quick
from tests.cli.program import Program


@pytest.fixture
def job(glaze: Program) -> str:
    """A finished one."""
    glaze("enrich", glaze.leads(), "--range", "F2:H4", "--offline", "--quiet")
    return str(glaze.last_job()["jobId"])


def test_it_says_the_same(glaze: Program, job: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """For people and for programs, by the whole id and by its beginning, wherever the store is named."""
    store = str(glaze.store)
    table = (
        ([job, "--store", store], ["--store", store, "--timeout=1", job]),
        ([job[:4], "--json", "--store", store], [job[:4], "--json", "--limit=20", "--store", store]),
    )
    for plain, long in table:
        glaze.capture.readouterr()
        assert quick(["status", *plain]) == 0
        short_way = glaze.capture.readouterr()
        assert quick(["status", *long]) is None
        assert run(["status", *long]) == 0
        assert glaze.capture.readouterr() == short_way
    monkeypatch.setenv("GLAZE_STORE", store)
    assert quick(["status", job]) == 0


@pytest.mark.parametrize(
    "words",
    [
        *(
            "",
            "status",
            "jobs x",
            "status --json",
            "status a b",
            "status -h",
            "status a --cells",
            "status a -w",
        ),
        *("status a --store", "status --store a", "status a --store=x", "status a --store -x", "status -- a"),
    ],
)
def test_what_is_not_plain_is_left_alone(
    words: str, glaze: Program, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is said or done."""
    assert quick(words.split()) is None
    assert quick(["status", "a", "--store", ""]) is None
    assert quick(["status", ""]) is None
    assert capsys.readouterr() == ("", "")


def test_errors_are_those_of_the_command(glaze: Program, job: str) -> None:
    """No such job, and no store: the same sentence and exit code either way."""
    for store in (glaze.store, glaze.folder / "none.db"):
        short_way = glaze.run("status", "zzzz", "--store", store)
        long_way = glaze.run("status", "zzzz", "--timeout=1", "--store", store)
        assert short_way == long_way
        assert short_way.code == 2 and "zzzz" in short_way.err
