"""Forty fictional leads, as a sales team's sheet has them: some cells good, some wrong, some missing.

Phone numbers are from ranges kept for fiction (UK, US, Germany, France, Sweden, Australia), IBANs are the
examples of the IBAN registry. Any likeness to a real person or company is chance.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Lead(NamedTuple):
    """One row; "" where the team does not know."""

    company: str
    contact: str
    email: str
    phone: str
    country: str
    iban: str
    deal: int
    """US dollars."""
    stage: str


STAGES = {"New": 0.1, "Talking": 0.35, "Offer": 0.6, "Won": 1.0, "Lost": 0.0}
"""How a deal stands, and how likely it is to come."""


def account(number: int) -> int:
    """The account no. of a lead, counted from 0; the sheet shows it with five digits: 00501."""
    return 501 + 7 * number


def next_contact(number: int) -> date:
    """When somebody is to call."""
    return date(2027, 1, 11 + number % 18)


# fmt: off
LEADS = tuple(Lead(*fields) for fields in (
    ("Nordwerk Fiktiv GmbH", "Dr. Anna Schmidt", "anna.schmidt@nordwerk-fiktiv.de", "030 23125 014",
     "Deutschland", "DE89 3704 0044 0532 0130 00", 48000, "Talking"),
    ("Harbourlight Fictions Ltd", "Olivia O'Connor", "olivia@harbourlight-fictions.co.uk", "020 7946 0123",
     "UK", "GB29 NWBK 6016 1331 9268 19", 12500, "New"),
    ("Ateliers Brumeval SARL", "Jean-Luc Moreau", "jl.moreau@ateliers-brumeval.fr", "01 99 00 27 41",
     "Frankreich", "FR14 2004 1010 0505 0001 3M02 606", 31000, "Offer"),
    ("Quillback Robotics, Inc.", "James T. Walker", "jwalker@quillback-robotics.com", "(212) 555-0187",
     "U.S.A.", "", 150000, "Talking"),
    ("Officine Lagoscuro S.p.A.", "Dott. Marco Bianchi", "m.bianchi@officine-lagoscuro.it", "",
     "Italia", "IT60 X054 2811 1010 0000 0123 456", 64000, "Won"),
    ("Alpenblick Messtechnik AG", "Urs von Arx", "urs.vonarx@alpenblick-messtechnik.ch", "tbc",
     "Schweiz", "CH93 0076 2011 6238 5295 7", 27500, "Offer"),
    ("Van Houten & Zonen B.V.", "Ludwig van Houten", "ludwig@vanhouten-zonen.nl", "",
     "The Netherlands", "NL91 ABNA 0417 1643 00", 9800, "New"),
    ("Talleres Montesol, S.L.", "María García López", "maria.garcia@talleres-montesol.es", "",
     "España", "ES91 2100 0418 4502 0005 1332", 18000, "Talking"),
    ("Kiefernhain Software GmbH & Co. KG", "Prof. Dr. Klaus-Peter Heide", "kp.heide@kiefernhain-software.de",
     "+49 171 39200 12", "Germany", "DE89 3704 0044 0532 0130 01", 72000, "Offer"),
    ("Björkvik Energi AB", "Björn Åkesson", "bjorn.akesson@bjorkvik-energi.se", "08-465 004 12",
     "Sverige", "SE45 5000 0000 0583 9825 7466", 40500, "Talking"),
    ("Redgum Outfitters Pty Ltd", "Matilda Hayes", "matilda@redgum-outfitters.com.au", "(02) 5550 1234",
     "Australia", "", 15200, "New"),
    ("Brightforge LLC", "Robert Hale Jr.", "rob.hale@gmail.com", "+1 202-555-0143",
     "United States", "", 5400, "Lost"),
    ("Glanmore Dairies DAC", "Siobhán Ní Bhriain", "info@glanmore-dairies.ie", "",
     "Ireland", "IE29 AIBK 9311 5212 3456 78", 22000, "Talking"),
    ("Sonnentau KG", "Frau Ingrid Baumgärtner", "ingrid.baumgaertner@gmx.de", "030/23125-077",
     "DE", "", 3600, "New"),
    ("Polar Hare Oy", "Aino Virtanen", "aino.virtanen@polar-hare.fi", "",
     "Suomi", "FI21 1234 5600 0007 85", 11700, "Offer"),
    ("Wistman Analytics plc", "Sir Edmund Ashby", "e.ashby@wistman-analytics.co.uk", "+44 20 7946 0958",
     "England", "GB29 NWBK 6016 1331 9268 18", 88000, "Won"),
    ("Kurokawa Seiki K.K.", "黒川 花子", "hanako@kurokawa-seiki.co.jp", "",
     "Japan", "", 95000, "Talking"),
    ("Brannigan & Daughters", "Nora Brannigan", "nora.brannigan@mailinator.com", "+1 415 555 0199",
     "USA", "", 2100, "Lost"),
    ("Lumenfabrik GmbH", "Sales Team", "sales@lumenfabrik-fiktiv.de", "+49 30 23125 099",
     "Germany", "DE12 3456", 14900, "New"),
    ("Fjordlys AS", "Kari Nordmann", "kari.nordmann@fjordlys-fiktiv.no", "",
     "Norge", "NO93 8601 1117 947", 26300, "Offer"),
    ("Cabinet Delacroix-Fontaine", "Hélène Delacroix", "helene@delacroix-fontaine.fr", "+33 6 39 98 12 34",
     "France", "FR14 2004 1010 0505 0001 3M02 607", 8700, "Talking"),
    ("Østervang Møbler A/S", "Søren Østergaard", "soren@ostervang-mobler.dk", "",
     "Denmark", "DK50 0040 0440 1162 43", 19900, "New"),
    ("Tinwhistle Media Ltd.", "Moira", "moira@tinwhistle-media", "020 7946 0381",
     "Great Britain", "", 7300, "Lost"),
    ("Zeytin Gıda A.Ş.", "Elif Yılmaz", "elif.yilmaz@zeytin-gida.com.tr", "n/a",
     "Türkiye", "", 33000, "Talking"),
    ("Corvid & Co. Limited", "Ashby, Eleanor", "eleanor.ashby@corvid-co.co.uk", "(020) 7946 0222",
     "Scotland", "", 21400, "Offer"),
    ("Papelaria Boa-Vista Lda.", "João da Silva", "joao.silva@papelaria-boavista.pt", "",
     "Portugal", "PT50 0002 0123 1234 5678 9015 4", 4900, "New"),
    ("Maplewood Surveying Inc.", "Claire Tremblay", "claire.tremblay@maplewood-surveying.ca",
     "(416) 555-0118", "Canada", "", 17800, "Talking"),
    ("Chocolaterie Valbrume SA", "Mme Sophie Lambert", "sophie.lambert@valbrume.be", "",
     "Belgique", "BE68 5390 0754 7034", 12600, "Won"),
    ("Eisvogel Optik e.K.", "Jürgen Weiß", "juergen.weiss@eisvogel-optik", "030 23125",
     "Bundesrepublik Deutschland", "", 6800, "New"),
    ("Saltmarsh Ventures LP", "Ms. Priya Raman", "priya.raman@saltmarsh-ventures.com", "202 555 0176",
     "", "", 54000, "Talking"),
    ("Hoshizora Foods", "Nguyen Van An", "van.an@hoshizora-foods.vn", "",
     "Viet Nam", "", 13300, "Offer"),
    ("Donaukai Logistik GmbH", "Eva Klein", "eva.klein@donaukai-logistik.at", "+49 30 23125 061",
     "Österreich", "AT61 1904 3002 3457 3201", 29900, "Talking"),
    ("Granary Lane Bakery", "Tom and Jill Fuller", "hello@granarylane-bakery.com", "+44 20 7946 0700",
     "United Kingdom", "", 1900, "Lost"),
    ("Wielkopolska Stal Sp. z o.o.", "Agnieszka Kowalska", "a.kowalska@wielkopolska-stal.pl", "",
     "Polen", "PL61 1090 1014 0000 0712 1981 2874", 37600, "Offer"),
    ("Silverbirch Capital LLP", "Hugo de Vries", "hugo.devries@silverbirch-capital.co.uk",
     "+44 (0)20 7946 0044", "GB", "GB94 BARC 1020 1530 0934 59", 118000, "Talking"),
    ("Mistral Voiles S.A.S.", "Camille Roux", "camille.roux@mistral-voiles,fr", "01 99 00 88 15",
     "FRA", "", 10400, "New"),
    ("Ironwood Freight Co.", "Dwayne Carter III", "", "+1 303 555 0164",
     "US", "", 23700, "Talking"),
    ("Perlmutt Kosmetik GmbH", "", "kontakt@perlmutt-kosmetik.de", "+49 30 23125 050",
     "Germany", "", 8200, "New"),
    ("Blue Tarn Hydro ApS", "Freja Lindqvist", "freja.lindqvist@bluetarn-hydro.dk", "12345",
     "Kongo", "", 16100, "Lost"),
    ("Åsgård Fisk AB", "Lars-Erik af Ekenstam", "lars.erik@asgard-fisk.se", "08 465 004 77",
     "SE", "", 20600, "Offer"),
))
# fmt: on
