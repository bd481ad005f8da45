"""Email: whether an address can exist, whose it is, and the domain of the organisation behind it."""

from __future__ import annotations

from glaze_cli.model import Answer, Field, Found, Lookup, NotFound, Scalar
from glaze_cli.providers.base import ProviderBase
from glaze_cli.providers.local.address import read_address
from glaze_cli.providers.local.domains import mail_host, role_names

_EMAIL, _VALID, _KIND = Field("email"), Field("email_valid"), Field("email_kind")
_FREE, _DISPOSABLE, _ROLE = Field("email_free"), Field("email_disposable"), Field("email_role")
_DOMAIN = Field("domain")


class EmailProvider(ProviderBase):
    """Reads the address only; whether a mailbox exists, nobody can tell offline.

    `email_kind` is disposable, free or business, by published lists. `domain` is given for business
    addresses only: gmail.com is nobody's company.
    """

    name = "email"
    version = "1"
    needs = (frozenset({_EMAIL}),)
    gives = frozenset({_EMAIL, _VALID, _KIND, _FREE, _DISPOSABLE, _ROLE, _DOMAIN})

    async def look_up(self, lookup: Lookup) -> Answer:
        """`{email_valid: False}` alone for what is no address; NotFound for an unknown ending (`.con`)."""
        address = read_address(lookup[_EMAIL])
        if address is None:
            return Found({_VALID: False})
        host = mail_host(address.host)
        if host is None:
            return NotFound(f"no known ending of a domain: {address.host}")
        free = host.free and not host.disposable
        values: dict[Field, Scalar] = {
            _EMAIL: address.text,
            _VALID: True,
            _KIND: "disposable" if host.disposable else "free" if free else "business",
            _FREE: free,
            _DISPOSABLE: host.disposable,
            _ROLE: address.mailbox.lower().partition("+")[0] in role_names(),
        }
        if host.domain is not None:
            values[_DOMAIN] = host.domain
        return Found(values)
