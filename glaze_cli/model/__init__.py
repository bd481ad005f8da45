"""The words of Glaze: frozen records and captioned enums. Imports nothing of ours."""

from glaze_cli.model.answer import Answer, Found, NotFound, Scalar, Submitted
from glaze_cli.model.cells import CellRange, CellRef, column_letters, column_number
from glaze_cli.model.field import ANY, Field, custom_field
from glaze_cli.model.lookup import Lookup
from glaze_cli.model.money import Micros, about, dollars, to_micros, usd
from glaze_cli.model.patch import Change, Patch
from glaze_cli.model.source import About, Keep, Limits, Window
from glaze_cli.model.states import AttemptStatus, FailReason, JobStatus, RowStatus, SkipReason, TaskStatus
from glaze_cli.model.tier import Tier

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
