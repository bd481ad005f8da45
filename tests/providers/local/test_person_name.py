"""People's names."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nameparser import HumanName

from glaze_cli.model import Answer, Field, Found, Lookup, NotFound
from glaze_cli.providers.local.person_name import PersonNameProvider

provider = PersonNameProvider()
PARTS = ("name_title", "first_name", "middle_name", "last_name", "name_suffix")


def ask(**inputs: str) -> Answer:
    named = {Field(field): text for field, text in inputs.items()}
    return asyncio.run(provider.look_up(Lookup.about(provider.name, provider.version, named)))


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Lovelace", "|Ada||Lovelace|"),
        ("Lovelace, Ada", "|Ada||Lovelace|"),
        ("Lovelace, Dr. Ada M.", "Dr.|Ada|M.|Lovelace|"),
        ("Dr. Ada King Lovelace", "Dr.|Ada|King|Lovelace|"),
        ("Prof. Dr. med. Hans-Peter Müller", "Prof. Dr. med.|Hans-Peter||Müller|"),
        ("Dipl.-Ing. Karl Maier", "Dipl.-Ing.|Karl||Maier|"),
        ("Frau Dr. Erika Mustermann", "Frau Dr.|Erika||Mustermann|"),
        ("John Q. Public III", "|John|Q.|Public|III"),
        ("Martin Luther King, Jr.", "|Martin|Luther|King|Jr."),  # a comma that turns nothing round
        ("Eva Klein, M.A.", "|Eva||Klein|M.A."),
        ("Ludwig van Beethoven", "|Ludwig||van Beethoven|"),
        ("Juan de la Vega", "|Juan||de la Vega|"),
        ("van der Berg, Piet", "|Piet||van der Berg|"),
        ("José Ortega y Gasset", "|José||Ortega y Gasset|"),
        ("Gabriel García Márquez", "|Gabriel|||"),  # two surnames: not a middle and a last name
        ("García Márquez, Gabriel", "|Gabriel||García Márquez|"),  # the comma tells
        ("J.R. Smith", "|J.R.||Smith|"),
        ("J. R. R. Tolkien", "|J.|R. R.|Tolkien|"),
        ("Mary-Jane O'Connor", "|Mary-Jane||O'Connor|"),
        ('John "Jack" Kennedy', "|John||Kennedy|"),  # a nickname is no middle name
        ("Jack Ma", "|Jack||Ma|"),  # MA is a degree, Ma is not
        ("Al Gore", "|Al||Gore|"),  # al is a particle, Al is not
        ("Marco Sa", "|Marco||Sa|"),  # SA is a legal form, Sa is not
        ("JOHN SMITH", "|JOHN||SMITH|"),  # case is the file's own
        ("Nguyen, An", "|An||Nguyen|"),
    ],
)
def test_a_clear_name_is_split(name: str, parts: str) -> None:
    """Every part that is given is right; a part that is not there is absent."""
    answer = ask(full_name=name)
    expected = {part: text for part, text in zip(PARTS, parts.split("|"), strict=True) if text}
    assert isinstance(answer, Found)
    assert answer.values == expected


@pytest.mark.parametrize(
    "name",
    [
        "Madonna",  # one word
        "Dr. Smith",
        "Ada L.",  # an initial is no last name
        "Malcolm X",
        "Prince Rogers Nelson",  # a title, or a first name
        "Judge Reinhold",
        "M. Jean Dupont",  # Monsieur, or an initial
        "DUPONT Jean",  # capitals mark the surname
        "Nguyễn Văn An",  # surname first
        "Nguyen Van An",
        "Wang Wei",
        "Kim Jong-un",
        "山田 太郎",
        "Сидоров Иван Петрович",  # surname first, here
        "John and Mary Smith",  # two people
        "John Smith / Jane Doe",
        "Acme GmbH",
        "Smith Consulting",
        "Sales Team",
        "John Smith, LLC",
        "ada@example.org",
        "Agent 47",
        "Univ.-Prof. Eva Klein",  # the library takes the title for a first name
        "Ada née King Lovelace",
        "Anna Maria V",  # the fifth, or an initial
        "Smith,",
        "-",
    ],
)
def test_doubt_is_not_found(name: str) -> None:
    """No part is better than a wrong part."""
    assert isinstance(ask(full_name=name), NotFound)


def test_a_middle_word_lowers_the_confidence() -> None:
    """Lovelace is surely last in one, perhaps only half of a surname in the other."""
    two, three = ask(full_name="Ada Lovelace"), ask(full_name="Ada King Lovelace")
    assert isinstance(two, Found) and isinstance(three, Found)
    assert three.confidence < two.confidence < 1


def test_first_and_last_make_the_full_name() -> None:
    """The second alternative joins what the first takes apart."""
    assert ask(first_name="Ada", last_name="King Lovelace") == Found(
        {Field("full_name"): "Ada King Lovelace"}
    )


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("太郎", "山田"),  # the last name comes first, without a blank
        ("Ada Lovelace", "Lovelace"),  # the first holds both
        ("Ada", "Lovelace, PhD"),
        ("Ada", "?"),
        ("ada@example.org", "Lovelace"),
    ],
)
def test_parts_that_do_not_fit_are_not_joined(first: str, last: str) -> None:
    """A full name is made of one first and one last name only."""
    assert isinstance(ask(first_name=first, last_name=last), NotFound)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="Aab. ,-'’É山Ж(\"", min_size=1, max_size=24))
def test_any_text_gets_an_answer(text: str) -> None:
    """No text breaks the provider, and every part it gives stands in the text."""
    answer = ask(full_name=text)
    values = () if isinstance(answer, NotFound) else answer.values.values()
    assert all(word.strip(",") in text for value in values for word in str(value).split())


@pytest.mark.parametrize("name", ["John Smith - CEO", "Herr Doktor Weber", "Kim Jong Un", "Li Wei"])
def test_what_could_be_read_in_two_ways_is_not_split(name: str) -> None:
    """A remark, a title and one name, a surname that stands first: not found, never a guess."""
    asked = Lookup.about("person_name", "1", {Field("full_name"): name})
    assert isinstance(asyncio.run(PersonNameProvider().look_up(asked)), NotFound)


LETTERS = st.characters(min_codepoint=0x41, max_codepoint=0xFF, categories=["Lu", "Ll"])
TELLING = "Van De Della Al Abdul Bin Ma Sa Jr Esq Dr Prof Sir Frau Vi Ix Liv Mimi Xii Y E Nee Ada Müller"
WORDS = st.text(LETTERS, min_size=1, max_size=7).map(str.title) | st.sampled_from(TELLING.split(" "))


@settings(max_examples=100, deadline=None)
@given(WORDS, WORDS)
@example("Ada", "Vi")
@example("Dix", "Ada")
def test_two_plain_words_are_split_as_the_library_does(first: str, last: str) -> None:
    """A first and a last name are told without the library only where it says the same."""
    answer = ask(full_name=f"{first} {last}")
    if isinstance(answer, Found):
        name = HumanName(f"{first} {last}")
        parts = zip(PARTS, (name.title, name.first, name.middle, name.last, name.suffix), strict=True)
        assert answer.values == {part: text for part, text in parts if text}
