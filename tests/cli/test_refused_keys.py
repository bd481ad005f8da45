"""A key that is refused: few calls, one sentence with the variable to set, exit code 5."""

from __future__ import annotations

import time

import pytest

from tests.cli.program import Program
from tests.loopback import Loopback, Say, Seen

ROWS = 200
SHEET = "Company,Domain,Employees,Summary\n" + "".join(f"C{n},c{n}.example,,\n" for n in range(ROWS))
MANIFEST = """id = "acme"
version = "1"
tier = "cheap"
base_url = "https://api.acme.example"
[auth]
kind = "bearer"
env = "ACME_KEY"
[limits]
concurrency = 50
[[op]]
id = "by_domain"
needs = ["domain"]
gives = ["employee_count"]
request = {path = "/c", query = {d = "{domain}"}}
extract = {employee_count = "body.n"}
cost = {usd = "0.01"}
"""


def refuse(seen: Seen) -> Say:
    """Not at once, so that others are under way when the first is refused."""
    time.sleep(0.05)
    return Say.json({"error": {"message": "Incorrect API key"}}, 401)


@pytest.fixture
def acme(glaze: Program, monkeypatch: pytest.MonkeyPatch) -> Program:
    """With a manifest whose service costs a cent, and a wrong key."""
    folder = glaze.folder / "glaze" / "providers"
    folder.mkdir(parents=True)
    (folder / "acme.toml").write_text(MANIFEST, encoding="utf-8")
    for name in ("ACME_KEY", "OTHER_KEY"):
        monkeypatch.setenv(name, "wr0ng-k3y")
    return glaze


def settings(glaze: Program, text: str) -> None:
    """A glaze.toml with no long waits."""
    (glaze.folder / "glaze.toml").write_text(f"[defaults]\nwait_min = 0\nwait_max = 0\n{text}")


@pytest.mark.parametrize("concurrency", [1, 10, 40])
@pytest.mark.parametrize(
    ("own", "variable"),
    [
        ("", "ACME_KEY"),  # the manifest's
        ('key = "env:OTHER_KEY"\n', "OTHER_KEY"),  # the user's choice
    ],
)
def test_a_401_on_the_first_call(acme: Program, concurrency: int, own: str, variable: str) -> None:
    """At most as many calls as cells at once; then nobody is asked any more."""
    with Loopback(refuse) as server:
        settings(acme, f'[providers.acme]\nbase_url = "{server.url}"\n{own}')
        sheet = acme.leads(text=SHEET)
        ran = acme("enrich", sheet, "--columns", "Employees", "--concurrency", concurrency, "--plain")
        assert 1 <= len(server.seen) <= concurrency
    assert ran.code == 5, ran.err
    assert f"check {variable}" in ran.err
    assert "wr0ng-k3y" not in ran.out + ran.err
    assert sheet.read_text() == SHEET
    job = acme.last_job()
    assert (job["failedTasks"], job["cost"]["spent"]) == (ROWS, 0)


def test_a_language_model_is_dropped_alike(acme: Program) -> None:
    """The key of a server of the user's own."""
    with Loopback(refuse) as server:
        settings(
            acme,
            f'[providers.lab]\napi = "openai"\nbase_url = "{server.url}"\nmodel = "m"\n'
            'key = "env:OTHER_KEY"\ninput_usd_per_million = 1\noutput_usd_per_million = 1\n'
            '[columns.Summary]\nprompt = "What does {Company} do?"\n',
        )
        ran = acme("enrich", acme.leads(text=SHEET), "--columns", "Summary", "--concurrency", 10, "--plain")
        assert 1 <= len(server.seen) <= 10
    assert ran.code == 5, ran.err
    assert "check OTHER_KEY" in ran.err
    assert "wr0ng-k3y" not in ran.out + ran.err


def test_who_else_can_fill_the_cells_is_asked(acme: Program) -> None:
    """The next provider of the waterfall fills them: exit code 0, and the drop is still said."""
    second = MANIFEST.replace('id = "acme"', 'id = "second"').replace('"cheap"', '"premium"')
    second = second.replace('kind = "bearer"', 'kind = "none"').replace('env = "ACME_KEY"\n', "")
    (acme.folder / "glaze" / "providers" / "second.toml").write_text(second)
    with Loopback(refuse) as bad, Loopback(Say.json({"n": 3})) as good:
        settings(
            acme, f'[providers.acme]\nbase_url = "{bad.url}"\n[providers.second]\nbase_url = "{good.url}"\n'
        )
        sheet = acme.leads(text=SHEET)
        ran = acme("enrich", sheet, "--columns", "Employees", "--concurrency", 10, "--plain")
        assert len(bad.seen) <= 10
        assert len(good.seen) == ROWS
    assert ran.code == 0, ran.err
    assert "check ACME_KEY" in ran.err
    assert sheet.read_text() == SHEET.replace(".example,,", ".example,3,")
