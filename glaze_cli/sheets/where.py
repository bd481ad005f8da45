"""`--where`: the rows that meet a condition, in SQL over the headers (polars)."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import TYPE_CHECKING

from glaze_cli.errors import SelectionError
from glaze_cli.sheets.base import Sheet
from glaze_cli.sheets.headers import Headers
from glaze_cli.sheets.selection import Selection

if TYPE_CHECKING:
    import polars

BATCH = 10_000
_WHOLE = r"^-?(0|[1-9][0-9]{0,14})$"
_NUMBER = r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]+)?$"  # 15 digits: what a float holds exactly
_NUMBERS_OF_ROWS = "\0row"  # no header holds a NUL


def matching_rows(sheet: Sheet, selection: Selection, expression: str) -> list[int]:
    """The numbers of the selection's rows that meet the condition, ascending.

    An empty cell is NULL. A column is numeric when all its values in these rows are plain numbers (`00501`
    and `+1` are not); everything else is text, dates too (ISO, so that they compare as dates do). Headers
    match with case aside; only the columns named are held in memory. Raises SelectionError.
    """
    import polars as pl

    try:
        condition = pl.sql_expr(expression)
    except pl.exceptions.PolarsError as error:
        raise SelectionError(f"--where {expression} is no condition: {_first_line(error)}.") from None
    names = list(dict.fromkeys(condition.meta.root_names()))
    columns = {name: _column(selection.headers, name) for name in names}
    texts = _load(sheet, selection, columns)
    misfit = ""
    for empty in (pl.String(), pl.Int64()):  # a column without values fits a text function, else a number
        frame = _typed(texts, empty)
        try:
            return frame.filter(condition)[_NUMBERS_OF_ROWS].to_list()
        except pl.exceptions.PolarsError as error:
            misfit = misfit or _misfit(frame, names, error)
    raise SelectionError(f"--where {expression} does not fit the sheet: {misfit}.")


def _column(headers: Headers, name: str) -> int:
    column = headers.find(name)
    if column is not None:
        return column
    close = headers.close_to(name)
    meant = (
        f"did you mean {' or '.join(close)}?"
        if close
        else f"there are: {', '.join(filter(None, headers.texts))}."
    )
    raise SelectionError(
        f"--where names {name}, which is no header; {meant} "
        f"""(A text is written '{name}', a header with spaces "{name}".)"""
    )


def _load(sheet: Sheet, selection: Selection, columns: Mapping[str, int]) -> polars.DataFrame:
    """The named columns as text, by batches of rows, so that no Python list holds a whole column."""
    import polars as pl

    schema = {_NUMBERS_OF_ROWS: pl.Int64(), **dict.fromkeys(columns, pl.String())}
    batches = [pl.DataFrame(schema=schema)]
    for first, last in selection.spans:
        rows = sheet.rows(first, last, columns.values())
        while batch := list(itertools.islice(rows, BATCH)):
            data = {name: [row.text(column) for row in batch] for name, column in columns.items()}
            numbers = [row.number for row in batch]
            batches.append(pl.DataFrame({_NUMBERS_OF_ROWS: numbers, **data}, schema=schema))
    return pl.concat(batches)


def _typed(texts: polars.DataFrame, empty: polars.DataType) -> polars.DataFrame:
    """Columns of plain numbers become numbers; one without any value becomes `empty`."""
    import polars as pl

    def dtype(column: polars.Series) -> polars.DataType:
        values = column.drop_nulls()
        if values.is_empty():
            return empty
        if values.str.contains(_WHOLE).all():
            return pl.Int64()
        return pl.Float64() if values.str.contains(_NUMBER).all() else pl.String()

    return texts.cast({name: dtype(texts[name]) for name in texts.columns if name != _NUMBERS_OF_ROWS})


def _misfit(frame: polars.DataFrame, names: list[str], error: Exception) -> str:
    numeric = {name: frame[name].dtype.is_numeric() for name in names}
    kinds = ", ".join(f"{name} holds {'numbers' if numeric[name] else 'text'}" for name in names)
    hint = "numbers compare without quotes, text with single ones, TRY_CAST(x AS INT) makes numbers of text"
    return f"{_first_line(error)} ({kinds}; {hint})"


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(". ")
