"""What is to be changed in a file, cell by cell. The only way anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from glaze_cli.model.answer import Scalar
from glaze_cli.model.cells import CellRef


@dataclass(frozen=True, slots=True)
class Change:
    """One cell, what it held when it was read, and what it is to hold."""

    cell: CellRef
    new: Scalar | date | None
    """None empties the cell (its style stays)."""
    old: Scalar | None = None
    """As `Sheet.values` gave it; None: the cell was empty."""
    old_known: bool = True
    """False in a patch made elsewhere that leaves `old` out: then nothing is compared."""
