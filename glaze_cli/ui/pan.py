"""Which columns of a wide sheet are in sight: a page at a time, turned to where cells run."""

from __future__ import annotations

from collections.abc import Collection

READ_S = 3.0
"""Seconds that a page stays while cells of it run: long enough to be read."""

LEAST_S = 1.0
"""Seconds that it stays in any case: a page that flickers shows nothing."""


class Pan:
    """Remembers the page that is open."""

    def __init__(self) -> None:
        self._first = 0
        self._turned = float("-inf")

    def turn(self, columns: int, fitting: int, busy: Collection[int], now: float) -> int:
        """The place of the first column in sight, of so many columns, where so many fit.

        `busy`: places of columns in which cells run; `now`: seconds.
        """
        last = max(0, columns - fitting)
        self._first = min(self._first, last)
        shown = range(self._first, self._first + fitting)
        away = [place for place in busy if place not in shown]
        stays = READ_S if len(away) < len(busy) else LEAST_S
        if away and now - self._turned >= stays:
            if self._turned != float("-inf"):  # the first page is given its time too
                right = [place for place in away if place >= shown.stop]
                self._first = min(right or away, default=0)
                self._first = min(self._first, last)
            self._turned = now
        return self._first
