"""Writes leads.csv and leads.xlsx beside itself, the same each time: `python examples/make_leads.py`.

Needs XlsxWriter, which `pip install '.[test]'` brings. The workbook has on purpose what tools like to
lose: a table, formats, formulas, a rule that colours cells, a list to choose from, a note, a chart.
"""

from __future__ import annotations

import csv
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

sys.path.insert(0, str(Path(__file__).parent))

from leads import LEADS, STAGES, account, next_contact

KNOWN = (
    "Company",
    "Contact",
    "Email",
    "Phone",
    "Country",
    "IBAN",
    "Account no.",
    "Deal USD",
    "Stage",
    "Expected USD",
    "Next contact",
)
WANTED = (
    "First name",
    "Last name",
    "Legal form",
    "Domain",
    "Email kind",
    "Country code",
    "Currency",
    "Phone valid",
    "Line type",
    "Time zone",
    "Bank",
    "IBAN valid",
)
"""Empty: what Glaze is to fill."""


def write_csv(path: Path) -> None:
    """The leads as a plain CSV, the wanted columns empty."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        out = csv.writer(handle, lineterminator="\n")
        out.writerow((*KNOWN, *WANTED))
        for number, lead in enumerate(LEADS):
            texts = lead[:6]
            expected = round(lead.deal * STAGES[lead.stage])
            numbers = (f"{account(number):05}", lead.deal, lead.stage, expected, next_contact(number))
            out.writerow((*texts, *numbers, *[""] * len(WANTED)))


def write_xlsx(path: Path) -> None:
    """The leads as a workbook of two sheets."""
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"title": "Leads (fictional)", "created": datetime(2026, 11, 1)})
    leads = book.add_worksheet("Leads")
    pipeline = book.add_worksheet("Pipeline")
    _fill_leads(book, leads)
    _fill_pipeline(book, pipeline)
    book.define_name("To_fill", f"=Leads!$L$2:$W${len(LEADS) + 1}")
    book.close()


def _fill_leads(book: Any, sheet: Any) -> None:
    money, day, padded = (book.add_format({"num_format": text}) for text in ("#,##0", "yyyy-mm-dd", "00000"))
    wanted = book.add_format({"bg_color": "#FFF8E1"})
    formats = {"Account no.": padded, "Deal USD": money, "Expected USD": money, "Next contact": day}
    formats |= dict.fromkeys(WANTED, wanted)
    last = len(LEADS)
    columns = [{"header": header, "format": formats.get(header)} for header in (*KNOWN, *WANTED)]
    sheet.add_table(0, 0, last, len(columns) - 1, {"name": "Leads", "columns": columns})
    for row, lead in enumerate(LEADS, 1):
        for column, text in enumerate(lead[:6]):
            sheet.write_string(row, column, text) if text else sheet.write_blank(row, column, None)
        expected = round(lead.deal * STAGES[lead.stage])
        sheet.write_number(row, 6, account(row - 1), padded)
        sheet.write_number(row, 7, lead.deal, money)
        sheet.write_string(row, 8, lead.stage)
        formula = f"=ROUND(H{row + 1}*VLOOKUP(I{row + 1},Pipeline!$A$2:$B$6,2,FALSE),0)"
        sheet.write_formula(row, 9, formula, money, expected)
        sheet.write_datetime(row, 10, datetime.combine(next_contact(row - 1), datetime.min.time()), day)
        for column in range(len(KNOWN), len(columns)):
            sheet.write_blank(row, column, None, wanted)
    sheet.freeze_panes(1, 1)
    sheet.set_column("A:A", 34)
    sheet.set_column("B:F", 24)
    sheet.set_column("G:W", 13)
    sheet.data_validation(1, 8, last, 8, {"validate": "list", "source": list(STAGES)})
    rule = {"type": "cell", "criteria": ">=", "value": 50000, "format": book.add_format({"bold": True})}
    sheet.conditional_format(1, 7, last, 7, rule)
    sheet.conditional_format(1, 9, last, 9, {"type": "data_bar", "bar_color": "#8CC6A8"})
    sheet.write_comment("G1", "Always five digits: 00501, not 501.", {"author": "Sales"})


def _fill_pipeline(book: Any, sheet: Any) -> None:
    bold, share = book.add_format({"bold": True}), book.add_format({"num_format": "0%"})
    sheet.write_row(0, 0, ("Stage", "Chance", "Leads", "Expected USD"), bold)
    for row, (stage, chance) in enumerate(STAGES.items(), 1):
        mine = [lead for lead in LEADS if lead.stage == stage]
        sheet.write_string(row, 0, stage)
        sheet.write_number(row, 1, chance, share)
        sheet.write_formula(row, 2, f"=COUNTIF(Leads!$I:$I,A{row + 1})", None, len(mine))
        worth = sum(round(lead.deal * chance) for lead in mine)
        sheet.write_formula(row, 3, f"=SUMIF(Leads!$I:$I,A{row + 1},Leads!$J:$J)", None, worth)
    chart = book.add_chart({"type": "column"})
    last = len(STAGES)
    chart.add_series(
        {
            "name": "Expected USD",
            "categories": ["Pipeline", 1, 0, last, 0],
            "values": ["Pipeline", 1, 3, last, 3],
        }
    )
    chart.set_title({"name": "What the pipeline is worth"})
    sheet.insert_chart("F2", chart)


if __name__ == "__main__":
    folder = Path(__file__).parent
    write_csv(folder / "leads.csv")
    write_xlsx(folder / "leads.xlsx")
