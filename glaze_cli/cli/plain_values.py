"""Reads what is plain on a command line without Typer's own reader, which loads pydantic to do it.

`glaze status JOB` would spend a third of its time on that. Whatever is not plain, or may be wrong, is read
(and refused, with its sentence) by Typer as always; so is everything where Typer is of another make.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_origin

from typer.core import TyperCommand, TyperGroup

_WHOLE = re.compile(r"[0-9]{1,15}", re.ASCII)
_FRACTION = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?", re.ASCII)
_ASKED_OF_A_PATH = ("exists", "writable", "resolve_path", "allow_dash", "path_type")
_NOT_PLAIN = object()


class PlainCommand(TyperCommand):
    """Typer's command; what is plain is read here."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As Typer does it."""
        _read_plainly(self.get_params(ctx))
        return super().parse_args(ctx, args)


class PlainGroup(TyperGroup):
    """Typer's group of commands; what is plain is read here."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As Typer does it."""
        _read_plainly(self.get_params(ctx))
        return super().parse_args(ctx, args)


def _read_plainly(parameters: Iterable[Any]) -> None:
    for parameter in parameters:
        if getattr(parameter, "_runtime_param", _NOT_PLAIN) is None:  # not made yet, in a Typer that has it
            parameter._runtime_param = _Reader(parameter)


class _Reader:
    """Stands where Typer's own reader of a parameter stands, and makes room for it when it has to."""

    def __init__(self, parameter: Any) -> None:
        self._parameter = parameter
        self._kind = parameter.type_descriptor.annotation
        self._info = parameter.type_descriptor.parameter_info

    def coerce(self, value: Any, **where: Any) -> Any:
        """The value as the command takes it. Raises what Typer raises."""
        many = self._parameter.multiple or self._parameter.nargs == -1
        if value is None:
            return () if many else None
        if self._info.parser is None:
            read = self._list(value) if many else self._one(self._kind, value)
            if read is not _NOT_PLAIN:
                return read
        self._parameter._runtime_param = None
        return self._parameter.get_runtime_param().coerce(value, **where)

    def _list(self, values: Any) -> Any:
        if get_origin(self._kind) is not list or not isinstance(values, list | tuple):
            return _NOT_PLAIN
        read = [self._one(get_args(self._kind)[0], value) for value in values]
        return _NOT_PLAIN if _NOT_PLAIN in read else read

    def _one(self, kind: Any, value: Any) -> Any:
        if kind in (int, float):
            return self._number(kind, value)
        if kind is Path and type(value) is str:
            return Path(value) if self._is_any_path(value) else _NOT_PLAIN
        as_it_is = kind is str or (isinstance(kind, type) and issubclass(kind, Enum))
        return value if as_it_is and type(value) is kind else _NOT_PLAIN

    def _number(self, kind: Any, value: Any) -> Any:
        if type(value) is str and (_WHOLE if kind is int else _FRACTION).fullmatch(value):
            value = kind(value)
        low, high = self._info.min, self._info.max
        fits = type(value) is kind and (low is None or value >= low) and (high is None or value <= high)
        return value if fits else _NOT_PLAIN

    def _is_any_path(self, text: str) -> bool:
        """Whether no more is asked of the path than that it can be read, if it is there; and it can."""
        info = self._info
        if any(getattr(info, name) for name in _ASKED_OF_A_PATH) or not (info.file_okay and info.dir_okay):
            return False
        try:
            return os.access(text, os.R_OK) or not os.access(text, os.F_OK)
        except ValueError:  # a character that no path can have
            return False
