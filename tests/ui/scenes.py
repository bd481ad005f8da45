"""Jobs under way, always the same: what the screens in `screens/` show."""

from __future__ import annotations

from collections.abc import Iterator

from glaze_cli.engine.events import (
    CellFinished,
    CellStarted,
    Event,
    JobStarted,
    ProviderDropped,
    TargetColumn,
    TierEntered,
)
from glaze_cli.model import CellRef, Micros, TaskStatus, Tier
from glaze_cli.store.tasks import Usage

PROVIDERS = {Tier.FREE: "gleif", Tier.CHEAP: "hunter", Tier.PREMIUM: "clearbit"}
PRICES = {Tier.FREE: 0, Tier.CHEAP: 10_000, Tier.PREMIUM: 50_000}
HEADERS = (
    "Email",
    "Phone",
    "会社名",
    "City",
    "Website",
    "Founded",
    "Employees",
    "Industry",
    "LEI",
    "Postcode",
)
COMPANIES = (
    "Brennholt Maschinen GmbH",
    "Kestrel, Hay & Sons Ltd",
    "株式会社山田製作所",
    "חברת דוגמה בע״מ",
    "Öko ☕ KG",
)
VALUES = (
    "ann@brennholt.example",
    "+49 30 23125 001",
    "東京支店 🏢",
    "ירושלים",
    "https://kestrel.example/contact",
)
ENDS = (
    *(Tier.CACHE, Tier.FREE, Tier.CHEAP, Tier.FREE, TaskStatus.NOT_FOUND, Tier.PREMIUM),
    *(Tier.FREE, "timeout", Tier.CHEAP, Tier.CACHE, "skipped", Tier.FREE, "budget"),
)
"""How cells end, in turn: the tier that served the value, or what came instead."""


def job(rows: int, columns: int, cap: int) -> JobStarted:
    """Rows from 2 on, columns from C on; the cap in Micros."""
    targets = tuple(TargetColumn(3 + place, HEADERS[place]) for place in range(columns))
    place = f"C2:{'CDEFGHIJKL'[columns - 1]}{rows + 1}"
    listed, cells = tuple(range(2, rows + 2)), rows * columns
    return JobStarted("1f2e3a4b", "/home/ann/leads.xlsx", "Q4", place, targets, listed, cells, 0, Micros(cap))


def under_way(rows: int, columns: int, ended: int, cap: int = 20_000_000) -> Iterator[Event]:
    """So many rows ended but for one slow cell, the next two are being asked, one provider is gone."""
    yield job(rows, columns, cap)
    for row in range(2, ended + 2):
        for place in range(columns):
            cell = CellRef("Q4", row, 3 + place)
            slow = row == 2 and place == columns - 1
            yield from _ended(cell, ENDS[(row * 5 + place * 3) % len(ENDS)], slow)
    for row in range(ended + 2, min(ended + 4, rows + 2)):
        for place in range(columns):
            yield from _asked(CellRef("Q4", row, 3 + place), (row + place) % 4)
    yield ProviderDropped("clearbit", "Its credit is used up. Buy more, or leave it out.")


def _ended(cell: CellRef, end: Tier | TaskStatus | str, slow: bool) -> Iterator[Event]:
    yield CellStarted(cell, COMPANIES[cell.row % len(COMPANIES)])
    served = end if isinstance(end, Tier) else Tier.CHEAP
    way = [tier for tier in PROVIDERS if tier.rank <= max(1, served.rank)]
    for tier in way:
        yield TierEntered(cell, tier, PROVIDERS[tier])
    if slow:
        return
    known = end is Tier.CACHE
    prices = [Micros(0 if known else PRICES[tier]) for tier in way]
    usage = tuple(
        Usage(PROVIDERS[tier], tier, int(not known), cache_hits=int(known), cost=price)
        for tier, price in zip(way, prices, strict=True)
    )
    cost = Micros(sum(part.cost for part in usage))
    if isinstance(end, Tier):
        value = VALUES[(cell.row + cell.column) % len(VALUES)]
        yield CellFinished(cell, TaskStatus.DONE, value, end, PROVIDERS[way[-1]], None, cost, usage)
    elif isinstance(end, TaskStatus):
        yield CellFinished(cell, end, cost=cost, usage=usage)
    else:
        status = {"skipped": TaskStatus.SKIPPED, "budget": TaskStatus.QUEUED}.get(end, TaskStatus.FAILED)
        reason = "condition" if status is TaskStatus.SKIPPED else end
        yield CellFinished(cell, status, None, None, None, reason, cost, usage)


def _asked(cell: CellRef, tiers: int) -> Iterator[Event]:
    """In the tier of that number, on its way down; 0: taken, nobody is asked yet."""
    yield CellStarted(cell, COMPANIES[cell.row % len(COMPANIES)])
    for tier in list(PROVIDERS)[:tiers]:
        yield TierEntered(cell, tier, PROVIDERS[tier])
