"""A field: what a column means, whatever its header says."""

from __future__ import annotations

from typing import NewType

Field = NewType("Field", str)
"""A canonical name (`email`, `employee_count`) from fields/fields.toml, or `header:<text>` for a header
that means nothing we know."""

ANY = Field("*")
"""In a provider's `gives`: it can fill any column. In its `needs`: it reads every input of the row."""


def custom_field(header: str) -> Field:
    """The field of a header that means nothing we know; equal headers (case, spaces aside) are equal."""
    return Field("header:" + " ".join(header.split()).casefold())
