"""Companies' names and legal forms."""

from __future__ import annotations

import asyncio
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.model import Answer, Field, Found, Lookup, NotFound
from glaze_cli.providers.local.company_name import CompanyNameProvider, form_letters

provider = CompanyNameProvider()


def ask(**inputs: str) -> Answer:
    named = {Field(field): text for field, text in inputs.items()}
    return asyncio.run(provider.look_up(Lookup.about(provider.name, provider.version, named)))


@pytest.mark.parametrize(
    ("company", "base", "form"),
    [
        ("Acme GmbH", "Acme", "GmbH"),
        ("Siemens Aktiengesellschaft", "Siemens", "AG"),  # written out
        ("Müller & Söhne GmbH & Co. KG", "Müller & Söhne", "GmbH & Co. KG"),  # the longest form
        ("Henkel AG & Co. KGaA", "Henkel", "AG & Co. KGaA"),
        ("Amazon.com, Inc.", "Amazon.com", "Inc"),  # a dot in the name
        ("ACME COMPANY LIMITED", "ACME COMPANY", "Ltd"),
        ("Tata Steel Private Limited", "Tata Steel", "Pvt Ltd"),
        ("Acme (Pty) Ltd", "Acme", "Pty Ltd"),
        ("Acme Co., Ltd.", "Acme", "Co., Ltd."),
        ("Limited Edition Ltd", "Limited Edition", "Ltd"),  # one of the two is the form
        ("SAS Institute Inc.", "SAS Institute", "Inc"),  # SAS is a form elsewhere
        ("Bosch Stiftung GmbH", "Bosch Stiftung", "GmbH"),
        ("Microsoft Corporation", "Microsoft", "Corp"),
        ("Fiat S.p.A.", "Fiat", "S.p.A."),
        ("Acme SpA", "Acme", "S.p.A."),
        ("Acme S.à r.l.", "Acme", "SARL"),
        ("SARL Dupont", "Dupont", "SARL"),  # stands before
        ("Grupo Bimbo, S.A.B. de C.V.", "Grupo Bimbo", "S.A.B. de C.V."),
        ("Petrobras S.A.", "Petrobras", "SA"),
        ("Novo Nordisk A/S", "Novo Nordisk", "A/S"),
        ("Nokia Oyj", "Nokia", "Oyj"),
        ("Bolt Technology OÜ", "Bolt Technology", "OÜ"),
        ("Acme Sp. z o.o.", "Acme", "Sp. z o.o."),
        ("Acme Ltda.", "Acme", "Ltda"),  # not the British one
        ("Zeytin Gıda A.Ş.", "Zeytin Gıda", "A.Ş."),  # Turkish, not Norwegian
        ("Škoda Auto a.s.", "Škoda Auto", "a.s."),  # Czech, not Norwegian
        ("Fjordlys AS", "Fjordlys", "AS"),
        ("SAP SE", "SAP", "SE"),
        ("Bank of America, N.A.", "Bank of America", "N.A."),
        ("Rossi Srl", "Rossi", "SRL"),
        ("Acme S. A.", "Acme", "SA"),
        ("Wolf PartG mbB", "Wolf", "PartG mbB"),
        ("Hennes & Mauritz AB (publ)", "Hennes & Mauritz", "AB"),
        ("Hilfe e. V.", "Hilfe", "e.V."),
        ("ООО «Ромашка»", "«Ромашка»", "ООО"),
        ("トヨタ自動車株式会社", "トヨタ自動車", "株式会社"),  # no blanks
        ("株式会社日立製作所", "日立製作所", "株式会社"),
        ("现代汽车股份有限公司", "现代汽车", "股份有限公司"),
    ],
)
def test_a_legal_form_is_told_from_the_name(company: str, base: str, form: str) -> None:
    """A form is found where it stands, written one way, and the name keeps its own letters."""
    assert ask(company=company) == Found({Field("company_base"): base, Field("legal_form"): form})


FORMS = [
    ("GmbH", "GmbH"),
    ("Gesellschaft mit beschränkter Haftung", "GmbH"),  # written out
    ("GmbH & Co.KG", "GmbH & Co. KG"),  # a lost blank
    ("AG", "AG"),
    ("KG", "KG"),
    ("UG (haftungsbeschränkt)", "UG"),
    ("e.V.", "e.V."),
    ("eG", "eG"),
    ("Ltd.", "Ltd"),
    ("plc", "PLC"),
    ("LLP", "LLP"),
    ("L.L.C.", "LLC"),
    ("Corp.", "Corp"),
    ("Pty. Ltd.", "Pty Ltd"),
    ("S.A.", "SA"),
    ("S.A.S.", "SAS"),  # French
    ("S.a.s.", "S.a.s."),  # Italian: partners, not shares
    ("S.r.l.", "SRL"),
    ("Società per azioni", "S.p.A."),
    ("B.V.", "BV"),
    ("N.V.", "NV"),
    ("Aktiebolag", "AB"),
    ("Aktieselskab", "A/S"),  # Danish: AS is Norwegian
    ("ApS", "ApS"),
    ("Aksjeselskap", "AS"),
    ("Osakeyhtiö", "Oy"),
    ("Osaühing", "OÜ"),
    ("s.r.o.", "s.r.o."),
    ("společnost s ručením omezeným", "s.r.o."),
    ("a. s.", "a.s."),  # Czech, with the blank that its grammar wants
    ("akciová společnost", "a.s."),
    ("A.S.", "A.S."),  # Turkish without its accent, or Czech: as it stands
    ("AŞ", "A.Ş."),
    ("A.ş.", "A.Ş."),
    ("Anonim Şirketi", "A.Ş."),
    ("Anonim Sirketi", "A.Ş."),  # lost accents
    ("LTD. ŞTİ.", "Ltd. Şti."),
    ("Limited Şirketi", "Ltd. Şti."),
    ("Kft", "Kft."),
    ("Zrt.", "Zrt."),
    ("D.O.O.", "d.o.o."),
    ("a.d.", "a.d."),  # Serbian
    ("UAB", "UAB"),
    ("SIA", "SIA"),
    ("Lda.", "Lda"),
    ("Limitada", "Limitada"),  # Lda in Portugal, Ltda in Brazil, Ltd nowhere
    ("S.L.", "SL"),
    ("Sociedad Limitada", "SL"),  # not a company called Sociedad
    ("S.L.U.", "SLU"),
    ("S.A.P.I. de C.V.", "S.A.P.I. de C.V."),
    ("K.K.", "K.K."),
]


@pytest.mark.parametrize(("written", "form"), FORMS)
def test_one_countrys_form_is_not_anothers(written: str, form: str) -> None:
    """Each form has one spelling, and none that means another form."""
    assert ask(company=f"Acme {written}") == Found({Field("company_base"): "Acme", Field("legal_form"): form})


@pytest.mark.parametrize("form", sorted({form for _, form in FORMS}))
def test_a_form_as_we_write_it_is_itself(form: str) -> None:
    """What Glaze wrote into a sheet, it reads back as the same form."""
    assert ask(company=f"Acme {form}") == Found({Field("company_base"): "Acme", Field("legal_form"): form})


@pytest.mark.parametrize(
    "company",
    [
        "IKEA",
        "The Boeing Company",  # not a legal form
        "Limited Brands",  # forms elsewhere than at the end
        "Sas Institute",
        "AS Roma",
        "Ag Growth International",
        "PT Cruiser Club",
        "Inc. Magazine",
        "Thai Day Spa",  # words
        "WOODLAND SPA",
        "Gaming PC",
        "Siemens NA",  # North America
        "Acme as",
        "The Limited",
        "GmbH",  # a form of nothing
        "株式会社",
        "Acme Ltd (UK)",  # what follows could be part of the name
        "",
    ],
)
def test_doubt_is_not_found(company: str) -> None:
    """Where no form stands for certain, neither form nor bare name is given."""
    assert isinstance(ask(company=company), NotFound)


def test_the_legal_name_is_read() -> None:
    """The legal name is the surer place for a legal form, and is the first alternative."""
    assert provider.needs[0] == {Field("legal_name")}
    assert ask(legal_name="Alphabet Inc.") == Found(
        {Field("company_base"): "Alphabet", Field("legal_form"): "Inc"}
    )


PIECES = ["Acme", "GmbH", "&", "Co.", "KG", ",", "Ltd", "S.A.", "株式会社", "The", "SpA", "ООО", "\u0301"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=5))
def test_what_is_taken_away_is_the_form_alone(words: list[str]) -> None:
    """The bare name is a piece of the name, whatever the name."""
    name = " ".join(words)
    answer = ask(company=name)
    assert isinstance(answer, NotFound) or str(answer.values[Field("company_base")]) in name


@given(st.text(max_size=12) | st.lists(st.sampled_from([*"S.à r,l’' é¨ß", "GmbH", "\u0301"])).map("".join))
def test_the_letters_of_a_form_are_those_without_marks(text: str) -> None:
    """Reading the letters of a form in ASCII as they stand is the same as taking it apart."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in apart if not unicodedata.combining(char) and char not in " .,’'")
    assert form_letters(text) == bare
