"""A column's `when`."""

from __future__ import annotations

import pytest

from glaze_cli.engine.condition import Condition
from glaze_cli.errors import ConfigError

ROW = {"Country": "US", "Company Name": "Acme", "Staff": "12"}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("Country == 'US'", True),  # a plain comparison
        ("Country == 'DE'", False),  # another
        ("\"Company Name\" == 'Acme'", True),  # a header with a space
        ("Email", False),  # an empty cell
        ("!Email", True),  # its opposite
        ("to_number(Staff) > `10`", True),  # numbers are text until told otherwise
        ("to_number(Country) > `10`", False),  # what is no number compares with nothing
        ("starts_with(Email, 'a')", False),  # a type error does not hold
    ],
)
def test_a_condition_is_about_the_row(text: str, holds: bool) -> None:
    """JMESPath over headers; what cannot be told does not hold."""
    assert Condition(text, "X").holds(ROW) is holds


def test_a_broken_condition_is_named() -> None:
    """The column and the text are in the sentence."""
    with pytest.raises(ConfigError, match=r'columns\."Email"'):
        Condition("Country = 'US'", "Email")
