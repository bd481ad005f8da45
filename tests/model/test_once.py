"""An attribute that is worked out once."""

from __future__ import annotations

from glaze_cli.model.once import once


class Slow:
    """Counts how often it works."""

    def __init__(self) -> None:
        self.worked = 0

    @once
    def answer(self) -> int:
        """What comes of it."""
        self.worked += 1
        return 40 + self.worked


def test_it_is_worked_out_when_it_is_first_read() -> None:
    """Not before, and not again; each object has its own."""
    one, other = Slow(), Slow()
    assert one.worked == 0
    assert (one.answer, one.answer, other.answer) == (41, 41, 41)
    assert (one.worked, other.worked) == (1, 1)


def test_on_the_class_it_is_itself() -> None:
    """With the words of what works it out."""
    assert isinstance(Slow.answer, once)
    assert Slow.answer.__doc__ == "What comes of it."
