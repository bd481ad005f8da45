"""The synthetic provider: made-up values that nobody can take for real ones. Runs only when named."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable

from glaze_cli.errors import LookupFailed
from glaze_cli.model import ANY, Answer, Field, Found, Lookup, Scalar
from glaze_cli.providers.base import ProviderBase

Draw = Callable[[int], int]
"""draw(n): a number from 0 to n - 1, the next of the answer's own."""


class MockProvider(ProviderBase):
    """Fills any column with a synthetic value, as slowly as a real service would.

    Value, confidence and latency follow from the seed and the lookup alone: the same run gives the
    same sheet.
    """

    name = "mock"
    version = "1"
    on_request = True
    synthetic = True
    needs = (frozenset({ANY}),)
    gives = frozenset({ANY})

    def __init__(
        self,
        seed: int = 0,
        latency: tuple[float, float] = (0.3, 0.8),
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """`latency`: the least and the most that an answer takes, in seconds; (0, 0): at once."""
        self._seed = seed
        self._latency = latency
        self._sleep = sleep

    async def look_up(self, lookup: Lookup) -> Answer:
        """Found, always. Raises LookupFailed if the lookup does not say which field it wants."""
        if lookup.wants is None:
            raise LookupFailed("mock was not told which field to make up", "defect")
        draw = _drawing(f"{self._seed}:{lookup.key}")
        least, most = self._latency
        await self._sleep(least + (most - least) * draw(1001) / 1000)
        confidence = (70 + draw(30)) / 100
        make = _MAKERS.get(lookup.wants)
        return Found({lookup.wants: make(draw) if make else _unknown(lookup.wants, draw)}, confidence)


def _drawing(text: str) -> Draw:
    """Numbers that follow from the text alone, on every machine."""
    pool = int.from_bytes(hashlib.sha512(text.encode()).digest())

    def draw(size: int) -> int:
        nonlocal pool
        pool, number = divmod(pool, size)
        return number

    return draw


def _one_of(*values: str) -> Callable[[Draw], Scalar]:
    return lambda draw: values[draw(len(values))]


def _numbered(pattern: str, size: int = 10_000) -> Callable[[Draw], Scalar]:
    """The pattern with `#` replaced by a number below size."""
    return lambda draw: pattern.replace("#", str(draw(size)))


def _phone(draw: Draw) -> Scalar:
    """555-0100 to 555-0199 are kept for fiction, in every area."""
    return f"+1{_one_of('202', '303', '404', '512', '617')(draw)}55501{draw(100):02d}"


def _unknown(field: Field, draw: Draw) -> Scalar:
    """`mock-favourite-colour-4711` for a header that means nothing we know."""
    words = field.removeprefix("header:").replace("_", " ").split()
    return "-".join(["mock", *words, str(draw(10_000))])


_MAKERS: dict[Field, Callable[[Draw], Scalar]] = {
    Field(name): make
    for name, make in {
        "full_name": _numbered("Example Person #"),
        "first_name": _numbered("Example#"),
        "middle_name": _numbered("Mock#"),
        "last_name": _numbered("Person#"),
        "title": _one_of("Example Manager", "Example Director", "Example Engineer", "Example Analyst"),
        "email": _numbered("person-#@example.com"),
        "phone": _phone,
        "linkedin": _numbered("https://www.linkedin.com/in/example-#"),
        "company": _numbered("Example Company #"),
        "legal_name": _numbered("Example Company # Ltd"),
        "domain": _numbered("company-#.example.com"),
        "website": _numbered("https://company-#.example.com"),
        "industry": _one_of("Example Software", "Example Logistics", "Example Retail", "Example Health"),
        "employee_count": lambda draw: (1 + draw(999)) * 5,
        "revenue": lambda draw: (1 + draw(999)) * 100_000,
        "founded": lambda draw: 1950 + draw(70),
        "description": _numbered("A made-up description of Example Company #."),
        "headquarters": _numbered("Exampletown #"),
        "address": _numbered("# Example Street, Exampletown"),
        "city": _numbered("Exampletown #"),
        "region": _numbered("Example Region #"),
        "country": _one_of("Exampleland", "Mockland", "Samplestan"),
    }.items()
}
