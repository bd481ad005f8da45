"""A key goes to its service and nowhere else: not to the screen, the store, a document, another host."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.loopback import Loopback, Say, Seen

SECRET = "sk-v3ry/s3cr3t+k3y"
SHEET = "Company,Domain,Employees,Summary\nAcme,acme.example,,\n"
MANIFEST = """id = "{kind}"
version = "1"
tier = "cheap"
base_url = "https://api.acme.example"
[auth]
kind = "{kind}"
env = "{env}"
{more}
[check]
request = {{path = "/me"}}
[[op]]
id = "by_domain"
needs = ["domain"]
gives = ["employee_count"]
request = {{path = "/c", query = {{d = "{{domain}}"}}}}
extract = {{employee_count = "body.n"}}
"""
KINDS = {
    "bearer": "",
    "basic": "",
    "header": 'name = "X-Key"',
    "query": 'name = "api_key"',
    "oauth_client_credentials": 'token_url = "/token"',
}
SPELLINGS = (SECRET, "sk-v3ry%2Fs3cr3t%2Bk3y", "c2stdjNyeS9zM2NyM3Qra", "s3cr3t")
"""As it is, in an address, in Basic (base64), and its heart."""


def echo(status: int) -> Say:
    """A service that is loose with keys: it says what it was sent."""

    def answer(seen: Seen) -> Say:
        said = {
            "error": {"message": f"bad key {SECRET}", "headers": dict(seen.headers)},
            "target": seen.target,
            "access_token": f"token-of-{SECRET}",
        }
        return Say.json(said, status)

    return answer  # type: ignore[return-value]


@pytest.fixture
def keyed(glaze: Program, monkeypatch: pytest.MonkeyPatch, key_names: frozenset[str]) -> Program:
    """Every key that there is is set, and there is a provider of each kind of key."""
    monkeypatch.chdir(glaze.folder)
    folder = glaze.folder / "glaze" / "providers"
    folder.mkdir(parents=True)
    for kind, more in KINDS.items():
        env = "PAIR" if kind.startswith("oauth") else "ACME_KEY"
        (folder / f"{kind}.toml").write_text(MANIFEST.format(kind=kind, env=env, more=more))
    for name in (*key_names, "ACME_KEY"):
        monkeypatch.setenv(name, SECRET)
    monkeypatch.setenv("PAIR", f"id:{SECRET}")
    return glaze


def settings(glaze: Program, url: str) -> None:
    """Everybody on loopback, so that no test reaches a service."""
    names = [found["id"] for found in glaze("providers", "--json").json if found["group"] != "machine"]
    text = '[defaults]\nattempts = 1\n[columns.Summary]\nprompt = "What does {Company} do?"\n'
    text += "".join(f'[providers.{name}]\nbase_url = "{url}"\n' for name in names)
    (glaze.folder / "glaze.toml").write_text(text)


def runs(glaze: Program) -> Iterator[tuple[str, ...]]:
    """All the commands that know of providers."""
    sheet = str(glaze.folder / "leads.csv")
    yield from [
        ("providers",),
        ("providers", "--json"),
        ("providers", "check"),
        ("providers", "check", "--json"),
    ]
    for kind in (*KINDS, "hunter", "openai", "gemini"):
        yield from [
            ("providers", "show", kind),
            ("providers", "show", kind, "--json"),
            ("providers", "check", kind),
        ]
    yield ("columns", sheet)
    both = ("--columns", "Employees,Summary")
    yield from [("enrich", sheet, *both, "--dry-run"), ("enrich", sheet, *both, "--dry-run", "--json")]
    for kind in (*KINDS, "openai", "anthropic", "gemini"):
        column = "Employees" if kind in KINDS else "Summary"
        chosen = ("--columns", column, "--provider", kind, "--refresh")
        yield ("enrich", sheet, *chosen, "--plain", "--stream")
    yield ("enrich", sheet, *both, "--refresh", "--json")
    yield from [("status",), ("status", "--json")]


@pytest.mark.parametrize("status", [200, 401, 500])
def test_no_key_is_ever_shown_or_kept(keyed: Program, status: int) -> None:
    """Whatever a service answers, and even where its answer repeats the key."""
    with Loopback(echo(status)) as server:
        settings(keyed, server.url)
        said = ""
        for arguments in runs(keyed):
            keyed.leads(text=SHEET)
            ran = keyed(*arguments)
            assert ran.code in (0, 2, 3, 5), ran.err
            said += ran.out + ran.err
        assert any(SECRET in seen.headers.get("authorization", "") for seen in server.seen)
    kept = b"".join(path.read_bytes() for path in keyed.folder.rglob("*") if path.is_file())
    for spelling in SPELLINGS:
        assert spelling not in said
        assert spelling.encode() not in kept


def test_a_key_does_not_follow_a_redirect(keyed: Program) -> None:
    """Another host gets the call without it, or not at all."""
    with Loopback(Say.json({"n": 1})) as other, Loopback(Say.redirect(f"{other.url}/elsewhere")) as server:
        settings(keyed, server.url)
        for kind in KINDS:
            keyed.leads(text=SHEET)
            keyed("enrich", Path("leads.csv"), "--columns", "Employees", "--provider", kind, "--plain")
            keyed("providers", "check", kind)
        assert len(server.seen) >= 2 * len(KINDS)
        for seen in other.seen:
            assert not any(spelling in f"{seen.target}{dict(seen.headers)}" for spelling in SPELLINGS)
