"""A key that is refused: few calls, one sentence with the variable to set, exit code 5 if nobody is left."""

from __future__ import annotations

import time
from collections.abc import Callable

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
    _manifest(glaze, "acme", MANIFEST)
    for name in ("ACME_KEY", "OTHER_KEY"):
        monkeypatch.setenv(name, "id:wr0ng-k3y")
    return glaze


def _manifest(glaze: Program, name: str, text: str) -> None:
    folder = glaze.folder / "glaze" / "providers"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")


def settings(glaze: Program, text: str) -> None:
    """A glaze.toml with no long waits; whoever else could be asked is not."""
    waits = "[defaults]\nattempts = 2\nwait_min = 0\nwait_max = 0\n"
    names = sorted(path.stem for path in (glaze.folder / "glaze" / "providers").glob("*.toml"))
    column = f"[columns.Employees]\nwaterfall = {names!r}\n"
    (glaze.folder / "glaze.toml").write_text(waits + column + text)


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


def test_a_token_that_is_refused_is_asked_for_once(acme: Program) -> None:
    """With OAuth the id and secret are refused before any question; the variable of the user is named."""
    oauth = 'kind = "oauth_client_credentials"\ntoken_url = "/token"'
    _manifest(acme, "acme", MANIFEST.replace('kind = "bearer"', oauth))
    with Loopback(refuse) as server:
        settings(acme, f'[providers.acme]\nbase_url = "{server.url}"\nkey = "env:OTHER_KEY"\n')
        ran = acme("enrich", acme.leads(text=SHEET), "--columns", "Employees", "--concurrency", 10, "--plain")
        assert [seen.path for seen in server.seen] == ["/token"]
    assert ran.code == 5, ran.err
    assert "check OTHER_KEY" in ran.err


@pytest.mark.parametrize(
    ("second", "code", "filled"),
    [
        (lambda number: Say.json({"n": 3}), 0, ROWS),  # it fills them all
        (lambda number: Say.json({"n": 3} if number % 2 else {}), 3, ROWS // 2),  # some are left as failed
        (lambda number: Say.json({}, 500), 3, 0),  # it fails too, and not for its key
        (lambda number: Say.json({}), 5, 0),  # it has nothing: a key is all that is missing
    ],
)
def test_who_else_can_fill_the_cells_is_asked(
    acme: Program, second: Callable[[int], Say], code: int, filled: int
) -> None:
    """The next provider of the waterfall goes on; the drop is said, and what is left is never "not found"."""
    keyless = MANIFEST.replace('id = "acme"', 'id = "second"').replace('kind = "bearer"', 'kind = "none"')
    _manifest(acme, "second", keyless.replace('env = "ACME_KEY"\n', "").replace("concurrency = 50", ""))
    with Loopback(refuse) as bad, Loopback(lambda seen: second(_number(seen))) as good:
        settings(
            acme, f'[providers.acme]\nbase_url = "{bad.url}"\n[providers.second]\nbase_url = "{good.url}"\n'
        )
        ran = acme("enrich", acme.leads(text=SHEET), "--columns", "Employees", "--concurrency", 10, "--plain")
        assert 1 <= len(bad.seen) <= 10
        assert len(good.seen) == ROWS if filled else good.seen
    assert ran.code == code, ran.err
    assert "check ACME_KEY" in ran.err
    job = acme.last_job()
    assert (job["doneTasks"], job["failedTasks"]) == (filled, ROWS - filled)


def _number(seen: Seen) -> int:
    """Of the row that is asked about: `c7.example`."""
    return int(seen.query["d"].removeprefix("c").removesuffix(".example"))
