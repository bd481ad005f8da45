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


def _fields(names: str) -> frozenset[Field]:
    return frozenset(map(Field, names.split()))


_PERSON = _fields("full_name first_name middle_name last_name name_title email linkedin")
_COMPANY = _fields(
    "website domain industry employee_count revenue founded incorporated legal_form headquarters lei cik "
    "company_number vat ticker"
)
_BOOK = _fields("isbn doi author publisher")
_BARE_NAME = (_COMPANY, _PERSON | _fields("company title"), Field("company"))
_BESIDE = {
    **dict.fromkeys(("name", "naam", "namn", "navn"), _BARE_NAME),
    "title": (_BOOK, _PERSON | _fields("company book_title"), Field("book_title")),
}
"""Bare headers and what they mean beside any of the first fields and none of the second."""

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
    """The field of each header, with a bare `Name` or `Title` read by the company it keeps:

    - `Name` beside a first name in the same language and no last name (`Name, Vorname`; `Nom, Prénom`) is
      the last name; beside an English `First name` alone it could be either, so it is None;
    - `Name` beside a column only companies have (website, industry, VAT number ...) and none about a
      person, nor a company column, is the company; else it is a full name;
    - `Title` beside an ISBN, DOI, author or publisher and none about a person is the book's; else the job's.
    """
    fields = [recognise(header) for header in headers]
    folded = [_fold(header) for header in headers]
    others = {field for field, text in zip(fields, folded, strict=True) if text not in _SURNAME_BESIDE}
    return tuple(_in_context(text, field, others, folded) for field, text in zip(fields, folded, strict=True))


def _in_context(
    text: str, alone: Field | None, others: set[Field | None], folded: Sequence[str]
) -> Field | None:
    """What a folded header means, given the other columns; `alone` is what it means without them."""
    if text in _SURNAME_BESIDE and Field("first_name") in others and Field("last_name") not in others:
        return Field("last_name") if _SURNAME_BESIDE[text] in folded else None
    if text in _BESIDE:
        signs, against, meaning = _BESIDE[text]
        if others & signs and not others & against:
            return meaning
    return alone


def _fold(text: str) -> str:
    """Lower case without accents, spaces and punctuation: `E-Mail:` and `eMail` are `email`."""
    folded = text.casefold()
    if not folded.isascii():  # all the headers that we know are folded before a first one is recognised
        decomposed = unicodedata.normalize("NFKD", folded)
        folded = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    return folded if folded.isalnum() else _INSIGNIFICANT.sub("", folded)


@cache
def _known_headers() -> Mapping[str, Field]:
    """Folded header to field. No header means two fields: a test holds that."""
    return {
        _fold(text): info.name
        for info in field_infos().values()
        for text in (info.name, info.caption, *info.synonyms)
    }
