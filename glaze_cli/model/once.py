"""An attribute that is worked out when it is first read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

T = TypeVar("T")


class once(Generic[T]):  # noqa: N801  (it reads as the decorator that it is)
    """`functools.cached_property` without the lock that Python 3.11 takes for it: for what is read of every
    cell, and only on the event loop."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make = make
        self._name = ""
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, it: None, owner: type) -> Self: ...
    @overload
    def __get__(self, it: object, owner: type) -> T: ...
    def __get__(self, it: object | None, owner: type) -> Self | T:
        if it is None:
            return self
        # From now on it is found there, and not asked for here.
        value = it.__dict__[self._name] = self._make(it)
        return value
