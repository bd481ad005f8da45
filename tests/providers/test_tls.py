"""Whom https trusts: those whom the machine trusts."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Collection
from pathlib import Path

import pytest
import trustme

from glaze_cli.errors import ProviderError, Throttled
from glaze_cli.providers.http import Call, HttpDoor, Reply, Secret
from glaze_cli.providers.tls import trusted_context
from tests.loopback import Loopback, Say

KEY = "s3cr3t-k3y"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Somebody who certifies."""
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine trusts it."""
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))


def certified(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    """What a server of these names greets with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context


def send(call: Call, door: HttpDoor | None = None) -> Reply | ProviderError:
    """The outcome of a call."""
    door = door or HttpDoor()

    async def once() -> Reply | ProviderError:
        try:
            return await door.send(call)
        except ProviderError as error:
            return error
        finally:
            await door.close()

    return asyncio.run(once())


@pytest.mark.usefixtures("trusted")
def test_a_certificate_that_the_machine_trusts_is_good(authority: trustme.CA) -> None:
    """An authority of a company's own counts too, where it is installed."""
    with Loopback(Say.json({}), tls=certified(authority, "127.0.0.1")) as server:
        assert isinstance(send(Call("GET", f"{server.url}/x")), Reply)


def test_a_certificate_of_nobody_is_not(authority: trustme.CA) -> None:
    """The call does not go out, and the sentence says why."""
    secret = Secret(query=(("key", KEY),))
    with Loopback(Say.json({}), tls=certified(authority, "127.0.0.1")) as server:
        error = send(Call("POST", f"{server.url}/x", content=b"{}", secret=secret))
    assert isinstance(error, Throttled)
    assert error.reason == "unreachable"
    assert "certificate verify failed" in str(error)
    assert KEY not in str(error)
    assert server.seen == []


@pytest.mark.usefixtures("trusted")
def test_a_certificate_of_somebody_else_is_not(authority: trustme.CA) -> None:
    """Trusted, but in another name."""
    with Loopback(Say.json({}), tls=certified(authority, "other.example")) as server:
        error = send(Call("GET", f"{server.url}/x"))
    assert isinstance(error, Throttled)
    assert server.seen == []


@pytest.mark.usefixtures("trusted")
def test_a_pinned_address_is_greeted_by_its_name(authority: trustme.CA) -> None:
    """A host from a cell is connected to by address, and its certificate must be its name's all the same."""

    async def resolve(host: str) -> Collection[str]:
        return ("127.0.0.1",)

    def door() -> HttpDoor:
        return HttpDoor(resolve=resolve, allow=lambda address: True, ports=None)

    with Loopback(Say.json({}), tls=certified(authority, "shop.invalid")) as server:
        good = send(Call("GET", f"https://shop.invalid:{server.port}/", foreign=True), door())
        bad = send(Call("GET", f"https://evil.invalid:{server.port}/", foreign=True), door())
    assert isinstance(good, Reply)
    assert isinstance(bad, Throttled)


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_every_system_has_a_context_that_checks(platform: str) -> None:
    """Name and chain are checked, by the system's own means where it has some."""
    context = trusted_context(platform)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert type(context).__module__.startswith("truststore") == (platform != "linux")
