"""What a header means: an exact match of its folded text, never a fuzzy guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache

from glaze_cli.fields.catalog import field_infos
from glaze_cli.model import Field

_INSIGNIFICANT = re.compile(r"[^\w%?€£¥₹₽]|_")
"""What a header loses when folded. `Revenue €`, `Revenue %` and `Email?` are not revenue and email."""

_REMARK = re.compile(
    r"\s*[(\[](usd|us ?\$|\$|required|optional|mandatory|pflichtfeld|obligatoire|facultatif"
    r"|obligatorio|opcional|obbligatorio|verplicht)[)\]]\s*[*:]*\s*$",
    re.IGNORECASE,
)
"""Words in brackets that do not change what a column means; `(2019)`, `(EUR)`, `(m)` do change it."""

_PERSON = frozenset(
    map(Field, ("first_name", "middle_name", "last_name", "title", "name_title", "email", "linkedin"))
)
_FIRM_ONLY = (
    "industry",
    "employee_count",
    "revenue",
    "founded",
    "incorporated",
    "legal_form",
    "headquarters",
)
_COMPANY_SIGNS = frozenset(
    map(Field, (*_FIRM_ONLY, "website", "domain", "lei", "cik", "company_number", "vat", "ticker"))
)
_BARE_NAMES = frozenset({"name", "naam", "namn", "navn"})
_SURNAME_BESIDE = {
    "name": "vorname",
    "naam": "voornaam",
    "namn": "fornamn",
    "navn": "fornavn",
    "nom": "prenom",
}
"""In these languages `Name` beside a first name is the last name."""


def recognise(header: str) -> Field | None:
    """The field a header means by itself, or None.

    Case, spaces, punctuation, underscores, camelCase and accents do not matter, nor does a trailing `*`
    or a remark such as `(required)`. `Name` alone is a person's full name.
    """
    known = _known_headers()
    return known.get(_fold(header)) or known.get(_fold(_REMARK.sub("", header)))


def recognise_all(headers: Sequence[str]) -> tuple[Field | None, ...]:
    """The field of each header, with `Name` read by the company it keeps:

    - beside a first name in the same language and no last name (`Name, Vorname`; `Nom, Prénom`) it is the
      last name; beside an English `First name` alone it could be either, so it is None;
    - beside a column only companies have (website, industry, VAT number ...) and none about a person,
      nor a company column, it is the company;
    - else it is a full name.
    """
    fields = [recognise(header) for header in headers]
    folded = [_fold(header) for header in headers]
    others = {field for field, text in zip(fields, folded, strict=True) if text not in _SURNAME_BESIDE}
    return tuple(
        _bare_name(text, others, folded) if text in _SURNAME_BESIDE else field
        for field, text in zip(fields, folded, strict=True)
    )


def _bare_name(name: str, others: set[Field | None], folded: Sequence[str]) -> Field | None:
    """What a header that only says "name" means, given the other columns."""
    if Field("first_name") in others and Field("last_name") not in others:
        return Field("last_name") if _SURNAME_BESIDE[name] in folded else None
    if name not in _BARE_NAMES:
        return None
    if others & _COMPANY_SIGNS and not others & (_PERSON | {Field("company"), Field("full_name")}):
        return Field("company")
    return Field("full_name")


def _fold(text: str) -> str:
    """Lower case without accents, spaces and punctuation: `E-Mail:` and `eMail` are `email`."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return _INSIGNIFICANT.sub("", "".join(mark for mark in decomposed if not unicodedata.combining(mark)))


@cache
def _known_headers() -> Mapping[str, Field]:
    """Folded header to field. No header means two fields: a test holds that."""
    return {
        _fold(text): info.name
        for info in field_infos().values()
        for text in (info.name, info.caption, *info.synonyms)
    }
