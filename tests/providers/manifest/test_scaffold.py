"""The manifest that `glaze providers new` writes: it loads, and filled in it works."""

from __future__ import annotations

import pytest

from glaze_cli.model import Field, Found, NotFound
from glaze_cli.providers.manifest.load import load_manifest
from glaze_cli.providers.manifest.scaffold import manifest_template
from tests.loopback import Loopback, Say, Seen
from tests.providers.manifest.example import ask, fails, provider

FILLED = {
    "https://api.example.com/v1": "https://firms.example/api",
    'kind = "bearer"': 'kind = "header"',
    "# name =": "name =",
    'path = "/companies", query = {domain': 'path = "/firms", query = {site',
    "host(body.domain)": "body.firm.site",
    "body.employees": "body.firm.staff",
    "body.industry": "body.firm.trade",
    "    # {when": "    {when",
    "# confidence": "confidence",
    "# [check]": "[check]",
    '# request = {path = "/account"}': 'request = {path = "/me"}',
}


@pytest.mark.parametrize("name", ["acme", "my-service_2", "a" * 60])
def test_it_loads_as_it_is(name: str) -> None:
    """With any id; and it names a variable for the key."""
    manifest = load_manifest(manifest_template(name))
    assert manifest.id == name
    assert manifest.auth.env == name.upper().replace("-", "_") + "_API_KEY"


@pytest.mark.parametrize("name", ["", "Acme", "1st", "a b", "../x", 'x"\n'])
def test_an_id_that_cannot_be_one_is_refused(name: str) -> None:
    """Before anything is written."""
    with pytest.raises(ValueError, match="lower-case letters"):
        manifest_template(name)


def firms(seen: Seen) -> Say:
    """An invented API."""
    if seen.headers.get("x-api-key") != "k":
        return Say.json({}, 401)
    match seen.query.get("site"):
        case "acme.example":
            return Say.json({"firm": {"site": "acme.example", "staff": 12, "trade": "Tools"}, "score": 90})
        case "poor.example":
            return Say.json({"error": "no credit"})
        case _:
            return Say.json({}, 404)


def test_filled_in_it_works() -> None:
    """Every placeholder is something that has to be replaced, and nothing else has to be."""
    text = manifest_template("firms")
    for placeholder, value in FILLED.items():
        assert placeholder in text
        text = text.replace(placeholder, value)
    with Loopback(firms) as server:
        found = ask(provider(text, server.url, key="k"), domain="acme.example")
        missed = ask(provider(text, server.url, key="k"), domain="other.example")
        broke = fails(provider(text, server.url, key="k"), domain="poor.example")
        refused = fails(provider(text, server.url, key="wrong"), domain="acme.example")
    assert found == Found(
        {Field("employee_count"): 12, Field("industry"): "Tools"},
        0.9,
        cost=10_000,  # type: ignore[arg-type]
    )
    assert isinstance(missed, NotFound)
    assert (broke.reason, refused.reason) == ("quota", "auth")
    assert "check FIRMS_API_KEY" in str(refused)
