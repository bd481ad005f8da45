"""`glaze providers`: list, show, check and new."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.keyrings import FakeKeyring, keyring_of
from tests.loopback import Loopback, Say

MANIFEST = """id = "acme"
title = "Acme Data"
version = "1"
tier = "cheap"
base_url = "https://api.acme.example/v1"
[auth]
kind = "bearer"
env = "ACME_KEY"
[price]
published = "$1 per 1,000 calls"
read = "2026-08"
[check]
request = {path = "/me"}
[[op]]
id = "by_domain"
needs = ["domain"]
gives = ["employee_count"]
request = {path = "/c", query = {d = "{domain}"}}
extract = {employee_count = "body.n"}
"""


@pytest.fixture
def own(glaze: Program, monkeypatch: pytest.MonkeyPatch) -> Program:
    """In a folder with a provider of its own, and no key."""
    monkeypatch.chdir(glaze.folder)
    monkeypatch.delenv("ACME_KEY", raising=False)
    folder = glaze.folder / "glaze" / "providers"
    folder.mkdir(parents=True)
    (folder / "acme.toml").write_text(MANIFEST, encoding="utf-8")
    return glaze


def served(own: Program, server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a key, and its service on loopback."""
    monkeypatch.setenv("ACME_KEY", "s3cr3t")
    (own.folder / "glaze.toml").write_text(f'[providers.acme]\nbase_url = "{server.url}"\n')


def test_the_list_says_what_each_gives_and_lacks(own: Program) -> None:
    """Id, tier, key state, fields and price; in three groups."""
    ran = own("providers")
    assert ran.code == 0, ran.err
    assert re.search(r"^  acme +cheap +set ACME_KEY$", ran.out, re.MULTILINE)
    assert "    $1 per 1,000 calls\n" in ran.out
    assert re.search(r"^  mock +free +only by name$", ran.out, re.MULTILINE)
    groups = [ran.out.index(f"{title}") for title in ("This machine", "Network", "Prompts")]
    assert groups == sorted(groups)


@pytest.mark.parametrize("width", [44, 80, 120])
@pytest.mark.parametrize("arguments", [(), ("show", "acme"), ("show", "phone")])
def test_nothing_is_wider_than_the_terminal(
    own: Program, width: int, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No line is cut or folded by the terminal, down to 44 columns."""
    monkeypatch.setenv("COLUMNS", str(width))
    ran = own("providers", *arguments)
    assert ran.code == 0, ran.err
    assert max(map(len, ran.out.splitlines())) <= width


def test_the_list_as_json_says_everything(own: Program) -> None:
    """For scripts: the whole contract of each, and never a key."""
    (acme,) = (found for found in own("providers", "--json").json if found["id"] == "acme")
    assert acme["title"] == "Acme Data"
    assert (acme["tier"], acme["local"], acme["onRequest"]) == ("cheap", False, False)
    assert (acme["prompted"], acme["group"]) == (False, "network")
    assert (acme["needs"], acme["gives"]) == ([["domain"]], ["employee_count"])
    assert acme["lacks"] == "set ACME_KEY"
    assert (acme["price"], acme["priced"]) == ("$1 per 1,000 calls", "2026-08")
    assert acme["key"] == {"from": "ACME_KEY", "set": False}
    assert acme["limits"] == {"windows": [], "concurrency": 10}
    assert acme["cache"] == {"store": True, "foundSeconds": 90 * 86_400, "notFoundSeconds": 30 * 86_400}
    assert "license" in acme


def test_the_contract_of_one(own: Program) -> None:
    """Needs and gives of each alternative, terms, limits and address."""
    out = own("providers", "show", "acme").out
    for words in (
        "acme: Acme Data",
        "Needs           domain",
        "  and gives     employee_count",
        "$1 per 1,000 calls (as published, read 2026-08)",
        "ACME_KEY, not set",
        "https://api.acme.example/v1",
        "found 90 days, not found 30 days",
    ):
        assert words in out


@pytest.mark.parametrize("command", ["show", "check"])
def test_a_typing_error_in_an_id(own: Program, command: str) -> None:
    """What may have been meant is said."""
    ran = own("providers", command, "acmee")
    assert (ran.code, ran.out) == (2, "")
    assert "There is no provider acmee; did you mean acme?" in ran.err


def test_a_service_that_answers(own: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """One harmless question, with the key; exit code 0."""
    with Loopback(Say.json({"id": 1})) as server:
        served(own, server, monkeypatch)
        ran = own("providers", "check", "acme")
        assert (ran.code, ran.out) == (0, "ok     acme: answers; the key is accepted\n")
        assert [seen.path for seen in server.seen] == ["/me"]
        assert server.seen[0].headers["authorization"] == "Bearer s3cr3t"


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        (Say(status=401), 5, "check ACME_KEY"),  # the key is refused
        (Say(status=402), 5, "402"),  # no credit
        (Say(status=500), 3, "500"),  # the service is ill
        (Say(cut=-1), 3, "acme"),  # it hangs up
        (Say.html_as_json(), 3, "acme"),  # somebody else answers
    ],
)
def test_a_service_that_does_not(
    own: Program, monkeypatch: pytest.MonkeyPatch, answer: Say, code: int, words: str
) -> None:
    """5 where the key is the matter, else 3; said in a line without the key."""
    with Loopback(answer) as server:
        served(own, server, monkeypatch)
        ran = own("providers", "check", "acme")
    assert ran.code == code, ran.out + ran.err
    assert ran.out.startswith("failed acme: ")
    assert words in ran.out
    assert "s3cr3t" not in ran.out + ran.err


def test_a_missing_key_is_named(own: Program) -> None:
    """Nobody is asked; exit code 5 and the variable to set."""
    ran = own("providers", "check", "acme")
    assert (ran.code, ran.out) == (5, "")
    assert "acme cannot be asked yet: set ACME_KEY." in ran.err


def test_all_that_are_ready_are_asked(own: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an id: each ready service of the network one question; what lacks a key is only named."""
    with Loopback(Say.json({"id": 1})) as server:
        served(own, server, monkeypatch)
        listed = [found for found in own("providers", "--json").json if found["group"] != "machine"]
        ready = {found["id"] for found in listed if not (found["lacks"] or found["onRequest"])}
        settings = own.folder / "glaze.toml"
        others = "".join(f'[providers.{name}]\nbase_url = "{server.url}"\n' for name in ready - {"acme"})
        settings.write_text(settings.read_text() + others)
        ran = own("providers", "check", "--json")
        results = {found["id"]: found["ok"] for found in ran.json}
        assert set(results) == ready
        assert results["acme"] is True
        assert ran.code == (0 if all(results.values()) else 3)
        lacking = {found["id"] for found in listed if found["lacks"]}
        assert "hunter" in lacking
        said = own("providers", "check").err
        assert lacking <= set(re.findall(r"[\w-]+", said))


def test_what_computes_here_has_nothing_to_ask(own: Program) -> None:
    """A local provider is always well."""
    ran = own("providers", "check", "phone")
    assert (ran.code, ran.out) == (0, "ok     phone: nothing to ask\n")


def test_a_sound_manifest(own: Program) -> None:
    """What it gives is said; nobody is asked."""
    ran = own("providers", "check", "glaze/providers/acme.toml")
    assert ran.code == 0, ran.err
    assert "glaze/providers/acme.toml is a sound manifest." in ran.out
    assert "employee_count" in ran.out


def test_a_broken_manifest(own: Program) -> None:
    """File, line and what was meant; exit code 2."""
    path = own.folder / "mine.toml"
    path.write_text(MANIFEST.replace("tier", "teir"), encoding="utf-8")
    ran = own("providers", "check", path)
    assert (ran.code, ran.out) == (2, "")
    assert str(path) in ran.err
    assert "tier" in ran.err
    ran = own("providers", "check", own.folder / "nowhere.toml")
    assert ran.code == 2
    assert "There is no file" in ran.err


def test_a_broken_manifest_is_checked_although_it_stands_among_the_others(own: Program) -> None:
    """The file itself is what is wrong, and is named with its line."""
    (own.folder / "glaze" / "providers" / "bad.toml").write_text('id = "bad"\nversion = 1\n')
    for arguments in ((), ("check", "acme"), ("check", "glaze/providers/bad.toml")):
        ran = own("providers", *arguments)
        assert ran.code == 2
        assert re.search(r"bad\.toml, line \d+: ", ran.err)


def test_a_new_manifest_is_sound_and_found(own: Program) -> None:
    """Beside glaze.toml, or in the working folder; never over another file."""
    ran = own("providers", "new", "weather")
    assert ran.code == 0, ran.err
    path = Path("glaze/providers/weather.toml")
    assert f"Wrote {path}." in ran.err
    assert own("providers", "check", path).code == 0
    assert "set WEATHER_API_KEY" in own("providers").out
    before = path.read_bytes()
    ran = own("providers", "new", "weather")
    assert (ran.code, path.read_bytes()) == (2, before)
    assert "There is a file glaze/providers/weather.toml already" in ran.err


@pytest.mark.parametrize("name", ["gleif", "openai"])
def test_a_new_manifest_in_place_of_one_that_ships(own: Program, name: str) -> None:
    """Said, since from then on it is the user's that is asked."""
    ran = own("providers", "new", name)
    assert ran.code == 0, ran.err
    assert f"Note: it takes the place of the {name} that comes with Glaze." in ran.err
    (found,) = (found for found in own("providers", "--json").json if found["id"] == name)
    assert "example" in found["baseUrl"]


def test_a_new_manifest_elsewhere(own: Program) -> None:
    """--output names the file; --config says beside which glaze.toml; --providers-dir finds it."""
    assert own("providers", "new", "weather", "--output", "more/w.toml").code == 0
    assert own("providers", "show", "weather").code == 2
    for arguments in (
        ("--providers-dir", "more", "show", "weather"),
        ("show", "weather", "--providers-dir", "more"),
    ):
        assert own("providers", *arguments).code == 0
    (own.folder / "else").mkdir()
    (own.folder / "else" / "glaze.toml").write_text("")
    assert own("providers", "new", "tides", "--config", "else/glaze.toml").code == 0
    assert (own.folder / "else" / "glaze" / "providers" / "tides.toml").is_file()


@pytest.mark.parametrize("name", ["Weather", "../weather", "", "9lives", "email"])
def test_what_cannot_be_an_id(own: Program, name: str) -> None:
    """Nothing is written; `email` is a provider of this machine."""
    assert own("providers", "new", name).code == 2
    assert [path.name for path in own.folder.rglob("*.toml")] == ["acme.toml"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("[providers.acmee]", "[providers.acmee] is about no provider; did you mean acme?"),
        ("[providers.xyzzy]", 'add api = "openai"'),  # nothing is close: perhaps a server of their own
        ("[providers.acme]\nmodel = 'm'", "[providers.acme] is no language model"),
        ("[providers.acme]\nbase_url = 'http://'", "[providers.acme] base_url cannot be used"),
        ("[providers.openai]\napi = 'openai'", "[providers.openai] needs no api"),
        ("[providers.Lab]\napi = 'openai'", "[providers.Lab] is no name for a provider"),
    ],
)
def test_settings_that_meet_nobody(own: Program, settings: str, words: str) -> None:
    """One sentence with the file and the table, exit code 2."""
    (own.folder / "glaze.toml").write_text(settings)
    ran = own("providers")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Error: glaze.toml: [providers.")
    assert words in ran.err


def test_a_key_that_is_named_and_not_there_is_missed(own: Program) -> None:
    """Even where the service would answer without one: the user meant to use it."""
    (own.folder / "glaze.toml").write_text('[providers.github]\nkey = "env:NO_SUCH_VARIABLE"\n')
    assert "github            free     set NO_SUCH_VARIABLE\n" in own("providers").out


def test_a_key_of_the_keyring(own: Program) -> None:
    """Goes to the service, and is named, never shown; where there is none, how to put it there is said."""
    with Loopback(Say.json({"id": 1})) as server:
        table = f'[providers.acme]\nbase_url = "{server.url}"\nkey = "keyring:acme"\n'
        (own.folder / "glaze.toml").write_text(table)
        with keyring_of(FakeKeyring({"acme": "s3cr3t"})):
            shown, checked = own("providers", "show", "acme"), own("providers", "check", "acme")
        with keyring_of(FakeKeyring({})):
            missing = own("providers", "check", "acme")
        assert [seen.headers["authorization"] for seen in server.seen] == ["Bearer s3cr3t"]
    assert checked.code == 0
    assert 'Key             the entry "acme" of the keyring, set' in shown.out
    assert "s3cr3t" not in shown.out + checked.out
    assert missing.code == 5
    assert "put the key into the keyring: keyring set glaze acme." in missing.err


def test_a_server_of_the_user_s_own(own: Program) -> None:
    """`api = "openai"` makes a provider of that name, which says what it lacks."""
    settings = own.folder / "glaze.toml"
    settings.write_text('[providers.lab]\napi = "openai"\n')
    assert "set base_url" in own("providers", "show", "lab").out
    settings.write_text(
        '[providers.lab]\napi = "openai"\nbase_url = "http://127.0.0.1:9/v1"\nmodel = "m"\n'
        "input_usd_per_million = 0\noutput_usd_per_million = 0\n"
    )
    out = own("providers", "show", "lab").out
    assert "State           ready" in out
    assert "http://127.0.0.1:9/v1" in out
