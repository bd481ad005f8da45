"""The models that are asked unless the user names another, and what they cost."""

from __future__ import annotations

from dataclasses import dataclass

READ = "2026-11, genai-prices"
"""When the figures below were read, and where; a call is priced by what genai-prices says then."""


@dataclass(frozen=True, slots=True)
class UsualModel:
    """One model; its prices are dollars for a million tokens, as text: they are shown, not computed with."""

    name: str
    read_usd: str
    written_usd: str

    @property
    def price(self) -> str:
        """In a sentence: `by token; gpt-6-luna $0.10 read and $0.50 written a million`."""
        return f"by token; {self.name} ${self.read_usd} read and ${self.written_usd} written a million"


# Each service's cheapest that answers by a JSON schema and has no date of its end (read on 2026-11-25;
# gpt-5-nano is cheaper still, and shut down on 2026-12-11). All of them are of the tier `cheap`.
OPENAI = UsualModel("gpt-6-luna", "0.10", "0.50")
ANTHROPIC = UsualModel("claude-haiku-5-5", "0.10", "0.50")
GEMINI = UsualModel("gemini-2.5-flash-lite", "0.10", "0.40")
