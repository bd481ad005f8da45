"""A column's prompt: the cells it reads, and what goes wrong with it."""

from __future__ import annotations

import pytest

from glaze_cli.engine.prompt import Prompt
from glaze_cli.errors import ConfigError
from glaze_cli.model import Field

HEADERS = ("Company", "Country", "Deal  size", "", "Really?")


@pytest.mark.parametrize(
    ("text", "template", "needs", "likes"),
    [
        ("What does {Company} do?", "What does {header:company} do?", ("Company",), ()),
        ("{company} / {COMPANY}", "{header:company} / {header:company}", ("Company",), ()),  # any case, once
        ("{deal size}", "{header:deal size}", ("Deal  size",), ()),  # blanks do not matter
        (
            "{Company} of {Country?}",
            "{header:company} of {header:country}",
            ("Company",),
            ("Country",),
        ),  # optional
        ("{Really?}", "{header:really?}", ("Really?",), ()),  # a header that ends in a question mark
        ('Give {{"a": 1}} for {Company}', 'Give {{"a": 1}} for {header:company}', ("Company",), ()),
    ],
)
def test_placeholders_are_headers(
    text: str, template: str, needs: tuple[str, ...], likes: tuple[str, ...]
) -> None:
    """As people write them."""
    prompt = Prompt.parse(text, HEADERS, "Summary")
    assert (prompt.template, prompt.needs, prompt.likes) == (template, needs, likes)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("What does {Compani} do?", 'did you mean "Company"?'),
        ("What does {Xyzzy} do?", "`glaze columns` lists the headers."),
        ("Say hello.", "reads no cell"),
        ("{Country?}", "reads no cell"),  # nothing it must have
        ("{}", "names {}"),
    ],
)
def test_what_it_cannot_read_is_said(text: str, said: str) -> None:
    """One sentence, with the column's name."""
    with pytest.raises(ConfigError, match='column "Summary"') as error:
        Prompt.parse(text, HEADERS, "Summary")
    assert said in str(error.value)


def test_a_row_without_a_needed_cell_is_not_asked_about() -> None:
    """A model would guess; an optional cell may be empty."""
    prompt = Prompt.parse("{Company} of {Country?}", HEADERS, "Summary")
    company, country = Field("header:company"), Field("header:country")
    assert prompt.inputs({country: "France"}) is None
    assert prompt.inputs({company: "Acme", country: ""}) == {company: "Acme"}
    assert prompt.inputs({company: "Acme", Field("header:other"): "x"}) == {company: "Acme"}
