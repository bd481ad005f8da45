"""What a call to a language model costs: at most before it, and in truth after it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from glaze_cli.model import Micros, to_micros


@dataclass(frozen=True, slots=True)
class Tariff:
    """Where a model's price is known from: the user's own figures, else the published ones.

    `publisher` is the service's name among the published prices (genai-prices), "" where it has none.
    """

    publisher: str
    model: str
    input_usd_per_million: Decimal | None = None
    output_usd_per_million: Decimal | None = None
    free: bool = False

    def cost(self, input_tokens: int, output_tokens: int, cached_tokens: int = 0) -> Micros | None:
        """The price of so many tokens, rounded up; None where nobody knows it.

        `cached_tokens`: those of the input that the service had read before, and sells for less. The
        user's own figures know one price for all input.
        """
        if self.free:
            return Micros(0)
        if self.input_usd_per_million is not None and self.output_usd_per_million is not None:
            dollars = self.input_usd_per_million * input_tokens + self.output_usd_per_million * output_tokens
            return to_micros(dollars / 1_000_000)
        if not self.publisher:
            return None
        # Late: it takes a quarter of a second, and knows of thousands of models.
        from genai_prices import Usage, calc_price

        cached = min(cached_tokens, input_tokens)
        usage = Usage(input_tokens=input_tokens, cache_read_tokens=cached, output_tokens=output_tokens)
        try:
            price = calc_price(usage, self.model, provider_id=self.publisher)
        except (LookupError, ValueError):
            return None
        return to_micros(price.total_price)


def tokens_at_most(text: str) -> int:
    """No token is shorter than a byte."""
    return len(text.encode())
