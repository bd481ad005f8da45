"""A company out of an item of Wikidata."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from glaze_cli.model import Field, Scalar
from glaze_cli.providers.local.domains import ascii_host
from glaze_cli.providers.services.wikidata_claims import (
    DOLLAR,
    all_ids,
    amount,
    best,
    description,
    has,
    item_id,
    text,
    year,
)

_INSTANCE_OF = "P31"
_KINDS = frozenset(
    (
        *("Q4830453", "Q783794", "Q6881511", "Q891723", "Q43229", "Q163740", "Q167037", "Q18388277"),
        *("Q1058914", "Q786820", "Q3477381", "Q22687", "Q210167", "Q1616075", "Q2085381", "Q507619"),
        *("Q46970", "Q194166", "Q740752", "Q219577", "Q155271", "Q4539", "Q1331793", "Q270791"),
        *("Q658255", "Q134161", "Q15265344", "Q33685", "Q1320047", "Q2995256", "Q3918", "Q31855"),
    )
)
"""Business, company, enterprise, public company, organisation, bank, airline, university … and the like."""
_COMPANY_CLAIMS = ("P1278", "P5531", "P414", "P1320", "P452", "P1128", "P2139", "P169", "P4264", "P1454")
"""Statements that only organisations have."""
_HUMAN = "Q5"

_POINTS_TO = {"P452": "industry", "P159": "headquarters", "P17": "country", "P169": "ceo"}


def is_company(item: Mapping[str, Any]) -> bool:
    """Whether it is an organisation: by what it is said to be, or by what is said of it."""
    kinds = all_ids(item, _INSTANCE_OF)
    if _HUMAN in kinds:
        return False
    return bool(kinds & _KINDS) or any(has(item, prop) for prop in _COMPANY_CLAIMS)


def linked(item: Mapping[str, Any]) -> list[str]:
    """The items whose names are wanted."""
    return sorted({number for prop in _POINTS_TO if (number := item_id(best(item, prop)))})


def site_of(item: Mapping[str, Any]) -> str | None:
    """The host of its website, without `www.`."""
    address = text(best(item, "P856"))
    host = urlsplit(address).hostname if address else None
    return ascii_host(host.removeprefix("www.")) if host else None


def values_of(item: Mapping[str, Any], labels: Mapping[str, str]) -> dict[Field, Scalar]:
    """What counts of its statements; `labels`: names of the items it points to."""
    found: dict[str, Scalar | None] = {
        name: labels.get(item_id(best(item, prop)) or "") for prop, name in _POINTS_TO.items()
    }
    linkedin, twitter = text(best(item, "P4264")), text(best(item, "P2002"))
    website = text(best(item, "P856"))
    found |= {
        "website": website if website and urlsplit(website).scheme in ("http", "https") else None,
        "domain": site_of(item),
        "employee_count": amount(best(item, "P1128")),
        "revenue": amount(best(item, "P2139"), DOLLAR),
        "founded": year(best(item, "P571")),
        "linkedin": f"https://www.linkedin.com/company/{quote(linkedin, safe='')}" if linkedin else None,
        "twitter": f"https://x.com/{quote(twitter, safe='')}" if twitter else None,
        "lei": text(best(item, "P1278")),
        "cik": text(best(item, "P5531")),
        "description": description(item),
    }
    return {Field(name): value for name, value in found.items() if value is not None}
