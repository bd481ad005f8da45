"""The words of Glaze: frozen records and captioned enums. Imports nothing of ours.

What no run over a CSV has a use for is made with its first use: making a record takes a while.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from glaze_cli.model.answer import Answer, Found, NotFound, Scalar, Submitted
from glaze_cli.model.cells import CellRef, column_letters, column_number
from glaze_cli.model.change import Change
from glaze_cli.model.field import ANY, Field, custom_field
from glaze_cli.model.lookup import Lookup
from glaze_cli.model.money import Micros, about, dollars, to_micros, usd
from glaze_cli.model.source import About, Keep, Limits, Window
from glaze_cli.model.states import AttemptStatus, FailReason, JobStatus, RowStatus, SkipReason, TaskStatus
from glaze_cli.model.tier import Tier

if TYPE_CHECKING:
    from glaze_cli.model.cell_range import CellRange
    from glaze_cli.model.patch import Patch

__all__ = [
    "ANY",
    "About",
    "Answer",
    "AttemptStatus",
    "CellRange",
    "CellRef",
    "Change",
    "FailReason",
    "Field",
    "Found",
    "JobStatus",
    "Keep",
    "Limits",
    "Lookup",
    "Micros",
    "NotFound",
    "Patch",
    "RowStatus",
    "Scalar",
    "SkipReason",
    "Submitted",
    "TaskStatus",
    "Tier",
    "Window",
    "about",
    "column_letters",
    "column_number",
    "custom_field",
    "dollars",
    "to_micros",
    "usd",
]

_LATE = {"CellRange": "cell_range", "Patch": "patch"}


def __getattr__(name: str) -> Any:
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATE[name]}"), name)
