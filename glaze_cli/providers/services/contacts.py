"""Phone numbers and mail boxes that a company's page gives: only one that is certainly its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from glaze_cli.providers.local.domains import ascii_host, registrable
from glaze_cli.providers.services import jsonld
from glaze_cli.providers.services.jsonld import Entry, only
from glaze_cli.providers.services.organisation import at_contact_points
from glaze_cli.providers.services.page_text import clean

_NUMBER = re.compile(r"\+?[\d\s()./\-–]{5,30}((ext\.?|x|;ext=)\s*\d{1,6})?", re.IGNORECASE | re.ASCII)
_GENERAL = frozenset(
    (
        "info",
        "contact",
        "kontakt",
        "hello",
        "office",
        "mail",
        "contacto",
        "contatti",
        "contato",
        "hola",
        "bonjour",
    )
)
"""Mail boxes for whoever does not know whom to write to."""


def phone_of(entry: Entry, links: Iterable[str]) -> str | None:
    """The organisation's one number; else the one that links dial, or that of its contact points.

    None where the first of these that has any has several. An international number is in
    its E.164 form; one without a country is as it was written.
    """
    dialled = (unquote(link[4:]) for link in links if link.lower().startswith("tel:"))
    groups = (jsonld.texts(entry.get("telephone")), dialled, at_contact_points(entry, "telephone"))
    return _first(_phones(group) for group in groups)


def mailbox_of(entry: Entry, links: Iterable[str], domain: str) -> str | None:
    """As `phone_of`, at the site's own registrable domain: another's box may be the web designer's.

    Of several, the one that is for everybody (`info@`) counts.
    """
    mailed = (unquote(link[7:].partition("?")[0]) for link in links if link.lower().startswith("mailto:"))
    groups = (jsonld.texts(entry.get("email")), mailed, at_contact_points(entry, "email"))
    return _first(_mailboxes(group, domain) for group in groups)


def _first(groups: Iterable[Iterable[str]]) -> str | None:
    for group in groups:
        found = list(group)
        if found:
            general = [one for one in found if one.partition("@")[0] in _GENERAL]
            return only(found) or only(general)
    return None


def _phones(written: Iterable[str]) -> Iterator[str]:
    import phonenumbers

    seen = set()
    for text in written:
        number = clean(text, 60)
        digits = "".join(filter(str.isdigit, number or ""))
        if number is None or not _NUMBER.fullmatch(number) or len(digits) < 5 or digits in seen:
            continue
        seen.add(digits)  # written twice, grouped in another way
        try:
            parsed = phonenumbers.parse(number)
        except phonenumbers.NumberParseException:  # a national one, or none
            if not number.startswith("+"):
                yield number
            continue
        if phonenumbers.is_valid_number(parsed) and not parsed.extension:
            yield phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        elif phonenumbers.is_valid_number(parsed):
            yield number


def _mailboxes(written: Iterable[str], domain: str) -> Iterator[str]:
    from email_validator import EmailNotValidError, validate_email

    for text in written:
        box = (clean(text, 254) or "").lower().removeprefix("mailto:")  # JSON-LD says so now and then
        if registrable(ascii_host(box.rpartition("@")[2]) or "") != domain:
            continue
        try:
            yield validate_email(box, check_deliverability=False).normalized
        except EmailNotValidError:
            continue
