"""Which providers there are."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest

from glaze_cli.errors import ConfigError
from glaze_cli.fields.catalog import field_infos
from glaze_cli.model import ANY, Field
from glaze_cli.providers.llm.registry import llm_classes
from glaze_cli.providers.local.email import EmailProvider
from glaze_cli.providers.registry import (
    GROUP,
    LOCAL,
    MODELS,
    SERVICES,
    by_name,
    entry_point_providers,
    local_providers,
    model_class,
    service_classes,
)


def test_local_providers_are_sound() -> None:
    """Names are ids and unique, and every field they read or give is in the catalog."""
    providers = {provider.name: provider for provider in local_providers()}
    known = {*field_infos(), ANY}
    for name, provider in providers.items():
        assert re.fullmatch(r"[a-z][a-z0-9_-]*", name)
        assert provider.local and provider.version
        assert provider.gives.union(*provider.needs) <= known, name


def test_the_tables_name_everybody_as_they_name_themselves() -> None:
    """Who there is, is known without importing anybody; what is said so is true."""
    assert [provider.name for provider in local_providers()] == list(LOCAL)
    assert [kind.name for kind in service_classes()] == list(SERVICES)
    assert tuple(map(model_class, MODELS)) == llm_classes()
    assert [kind.name for kind in llm_classes()] == list(MODELS)


def test_only_mock_waits_to_be_asked() -> None:
    """Synthetic values never come by themselves."""
    assert [provider.name for provider in local_providers() if provider.on_request] == ["mock"]


def test_heavy_libraries_wait_for_the_first_lookup() -> None:
    """Listing the providers loads none of the libraries behind them."""
    heavy = (
        "phonenumbers",
        "email_validator",
        "nameparser",
        "rigour",
        "pycountry",
        "schwifty",
        "stdnum",
        "babel",
    )
    script = (
        "import sys; from glaze_cli.providers.registry import local_providers; local_providers(); "
        f"sys.exit(' '.join({{*{heavy}}} & {{*sys.modules}}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""


def test_two_of_one_name_are_refused() -> None:
    """A provider cannot take another's place unseen."""
    with pytest.raises(ConfigError, match="'email'"):
        by_name([("email", EmailProvider()), ("email", EmailProvider())])


def test_an_entry_point_brings_a_provider() -> None:
    """A class named by an installed package becomes a provider."""
    entry = EntryPoint("theirs", "glaze_cli.providers.local.email:EmailProvider", GROUP)
    assert [provider.name for provider in entry_point_providers([entry])] == ["email"]


@pytest.mark.parametrize(
    "target",
    [
        "no_such_package:Provider",
        "glaze_cli.providers.local.email:NoSuchName",
        "builtins:dict",  # not a provider
        "builtins:int.from_bytes",  # needs arguments
    ],
)
def test_an_entry_point_that_does_not_load_is_named(target: str) -> None:
    """The sentence names the entry and where it points, so that it can be removed."""
    with pytest.raises(ConfigError, match=f"'theirs' .{re.escape(target)}"):
        entry_point_providers([EntryPoint("theirs", target, GROUP)])


def test_only_the_country_provider_says_where_a_row_is() -> None:
    """The country of a number (an account's, a phone's) is not the row's country, and never fills it."""
    where = {Field("country"), Field("country_code")}
    givers = [provider.name for provider in local_providers() if where & provider.gives]
    assert givers == ["country"]
