"""Before money is spent: what it may cost, and whether that is all right."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from glaze_cli.cli.prepared import Prepared
from glaze_cli.cli.show import View
from glaze_cli.config import parse_amount
from glaze_cli.errors import InputError
from glaze_cli.model import Tier, dollars

if TYPE_CHECKING:
    from glaze_cli.engine.estimate import Estimate


def confirm(prepared: Prepared, store: Path, view: View, yes: bool) -> bool:
    """Whether to go on. A person at a terminal is asked before a paid run, unless `yes`; nobody else ever is.

    Raises InputError where it may cost more than --expect-cost.
    """
    expected = prepared.request.expect_cost
    ask = is_paid(prepared) and not yes and is_interactive()
    if expected is None and not ask:
        return True
    import typer

    from glaze_cli.cli import estimating

    found = estimating.estimate(prepared, store)
    if expected is not None:
        refuse_dearer(found, expected)
    if not ask or not found.maximum:
        return True
    for sentence in estimating.sentences(found, prepared.settings.run.max_cost):
        view.warn(sentence)
    return typer.confirm("Go on?", err=True)


def refuse_dearer(found: Estimate, expected: str) -> None:
    """Raises InputError where the run may cost more than expected."""
    amount = parse_amount("--expect-cost", expected)
    if found.maximum > amount:
        raise InputError(
            f"The run may cost up to {dollars(found.maximum)}, more than --expect-cost {expected}: nothing "
            "was asked. Select fewer cells, leave out a provider, or expect more."
        )


def is_paid(prepared: Prepared) -> bool:
    """Whether a provider that is not free may be asked."""
    providers = (provider for plan in prepared.columns for provider in plan.waterfall)
    return any(not provider.local and provider.tier is not Tier.FREE for provider in providers)


def is_interactive() -> bool:
    """Whether somebody is there to answer: both where it is asked and where it is read."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr is not None and sys.stderr.isatty()
