"""Email: whether an address can exist, whose it is, and the domain of the organisation behind it."""

from __future__ import annotations

from glaze_cli.model import Answer, Field, Found, Lookup, NotFound, Scalar
from glaze_cli.providers.base import ProviderBase
from glaze_cli.providers.local.domains import (
    canonical_host,
    is_disposable,
    is_free_mail,
    organisation_domain,
    role_names,
)

_GIVES = ("email", "email_valid", "email_kind", "email_free", "email_disposable", "email_role", "domain")


class EmailProvider(ProviderBase):
    """Reads the address only; whether a mailbox exists, nobody can tell offline.

    `email_kind` is disposable, free or business, by published lists. `domain` is given for business
    addresses only: gmail.com is nobody's company.
    """

    name = "email"
    version = "1"
    needs = (frozenset({Field("email")}),)
    gives = frozenset(map(Field, _GIVES))

    async def look_up(self, lookup: Lookup) -> Answer:
        """`{email_valid: False}` alone for what is no address; NotFound for an unknown ending (`.con`)."""
        from email_validator import EmailNotValidError, validate_email

        try:
            address = validate_email(lookup["email"], check_deliverability=False, allow_display_name=True)
        except EmailNotValidError:
            return Found({Field("email_valid"): False})
        host = canonical_host(address.domain)
        if host is None:
            return NotFound(f"no known ending of a domain: {address.domain}")
        disposable = is_disposable(host)
        free = is_free_mail(host) and not disposable
        mailbox, _, _ = address.local_part.lower().partition("+")
        values: dict[Field, Scalar] = {
            Field("email"): address.normalized,
            Field("email_valid"): True,
            Field("email_kind"): "disposable" if disposable else "free" if free else "business",
            Field("email_free"): free,
            Field("email_disposable"): disposable,
            Field("email_role"): mailbox in role_names(),
        }
        domain = organisation_domain(host)
        if domain:
            values[Field("domain")] = domain
        return Found(values)
