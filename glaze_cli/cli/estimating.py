"""What a prepared job would ask and cost, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from glaze_cli.cli.prepare import fields_by_header
from glaze_cli.cli.prepared import Counts, Prepared
from glaze_cli.engine.estimate import Estimate, Estimator
from glaze_cli.model import Micros, about, dollars, usd
from glaze_cli.store.clock import utc_now
from glaze_cli.store.connect import connect
from glaze_cli.store.create import NewRow
from glaze_cli.store.history import records
from glaze_cli.store.tasks import QueuedRow, QueuedTask


def estimate(prepared: Prepared, store: Path) -> Estimate:
    """Walk its rows without asking anybody. A store that is not there yet is not made."""
    connection = connect(store) if store.exists() else None
    headers = prepared.selection.headers.texts
    targets = tuple(plan.target for plan in prepared.columns)
    estimator = Estimator(
        prepared.columns,
        fields_by_header(headers, targets, prepared.settings),
        int(prepared.settings.run.attempts),
        records(connection) if connection is not None else {},
        connection,
        utc_now(),
    )
    rows = (_as_queued(number, row) for number, row in enumerate(prepared.new_rows(Counts())))
    found = estimator.run(rows)
    if connection is not None:
        connection.close()
    return found


def sentences(found: Estimate, cap: Micros | None) -> Iterator[str]:
    """One a provider that costs something, and the sum."""
    free = sum(one.lookups for one in found.providers if not one.maximum)
    if found.remembered:
        yield f"{found.remembered:,} cells have a remembered answer, which costs nothing."
    if free:
        yield f"Free services are asked at most {free:,} times."
    paid = [one for one in found.providers if one.maximum]
    for one in paid:
        yield (
            f"{one.provider} ({one.tier}) is asked at most {one.lookups:,} times: at least "
            f"{about(one.minimum)}, likely {about(one.expected)}, at most {dollars(one.maximum)}."
        )
    if not paid:
        yield "It costs nothing."
        return
    limit = f"the cap is {dollars(cap)}" if cap is not None else "the job has no cap (--max-cost sets one)"
    yield (
        f"In all at least {about(found.minimum)}, likely {about(found.expected)}, at most "
        f"{dollars(found.maximum)}; {limit}."
    )


def document(found: Estimate) -> dict[str, Any]:
    """As JSON; amounts are dollars."""
    return {
        "remembered": found.remembered,
        "minimumUsd": usd(found.minimum),
        "expectedUsd": usd(found.expected),
        "maximumUsd": usd(found.maximum),
        "providers": [
            {
                "provider": one.provider,
                "tier": one.tier,
                "lookups": one.lookups,
                "minimumUsd": usd(one.minimum),
                "expectedUsd": usd(one.expected),
                "maximumUsd": usd(one.maximum),
            }
            for one in found.providers
        ],
    }


def _as_queued(number: int, row: NewRow) -> QueuedRow:
    tasks = tuple(QueuedTask(-1, column, old) for column, old in row.cells)
    return QueuedRow(number, row.number, row.data, tasks, {})
