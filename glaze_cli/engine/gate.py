"""How many calls of this process may be under way at once, and the places in the store that they hold."""

from __future__ import annotations

import asyncio
from collections import deque


class Gate:
    """One provider's. Like a semaphore, but whoever leaves hands over its place: no statement is needed then.

    A place is a number of the store, or None: the one who comes in has to take one there.
    """

    def __init__(self, most: int) -> None:
        self._free = most
        self._spare: list[int] = []
        self._waiting: deque[asyncio.Future[int | None]] = deque()

    def take_spare(self) -> int | None:
        """Come in at once, where there is a place to spare; None: there is none."""
        return self._spare.pop() if self._spare else None

    async def come(self) -> int | None:
        """Wait for one's turn; the place, where there is one."""
        if self._spare:
            return self._spare.pop()
        if self._free:
            self._free -= 1
            return None
        turn: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it was given a turn just then
                self.leave(turn.result())
            raise

    def leave(self, place: int | None) -> None:
        """Make way for the next; with a place, which it gets."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(place)
                return
        if place is None:
            self._free += 1
        else:
            self._spare.append(place)

    def give_up_spare(self) -> list[int]:
        """The places that no call uses; they are no longer ours."""
        spare, self._spare = self._spare, []
        self._free += len(spare)
        return spare
