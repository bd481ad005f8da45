"""Anthropic's messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from glaze_cli.model import About
from glaze_cli.providers.http import Secret
from glaze_cli.providers.llm.model import LanguageModel, Reading, count
from glaze_cli.providers.llm.question import Question
from glaze_cli.providers.manifest.expr import Expr
from glaze_cli.providers.manifest.load_op import USUAL_WAITS
from glaze_cli.providers.manifest.schema import Outcome, Rule

_SPENT = "body.error.details.error_code == 'enforced_spend_limit_reached'"
_RULES = (
    Rule(Expr.parse(_SPENT), Outcome.QUOTA, "the account's spend limit is reached"),
    Rule(Expr.parse("body.error.type == 'billing_error'"), Outcome.QUOTA, "the account has no credit left"),
    Rule(Expr.parse("body.error.type == 'not_found_error'"), Outcome.CONFIG),
    Rule(Expr.parse("body.error.type == 'authentication_error'"), Outcome.AUTH),
)
_REFUSED = {
    "refusal": "it refused",
    "tool_use": "it did something else",
    "model_context_window_exceeded": "the question is too long for it",
}


class Anthropic(LanguageModel):
    """A long turn may be paused by the service; it is then asked once to go on."""

    name = "anthropic"
    env = "ANTHROPIC_API_KEY"
    host = "https://api.anthropic.com/v1"
    publisher = "anthropic"
    usual_model = "claude-haiku-4-5"
    rules = _RULES
    shape = Rule(Expr.parse("status == `200` && body.type != 'message'"), Outcome.REFUSED, "it is no message")
    waits = USUAL_WAITS
    turns = 2
    about = About(
        title="Anthropic",
        docs="https://docs.anthropic.com/en/api/messages",
        terms="What is sent is kept by Anthropic as its commercial terms say; it trains no model.",
        price="by token; claude-haiku-4-5 $1 read and $5 written a million",
        priced="2026-11, genai-prices",
    )

    def path(self) -> str:
        return "/messages"

    def secret(self) -> Secret:
        return Secret(headers=(("x-api-key", self._setup.key or ""),))

    def headers(self) -> tuple[tuple[str, str], ...]:
        return (("anthropic-version", "2023-06-01"),)

    def body(self, question: Question, earlier: Sequence[Any]) -> dict[str, Any]:
        messages = [{"role": "user", "content": question.user}]
        messages += [{"role": "assistant", "content": content} for content in earlier]
        return {
            "model": self.model,
            "max_tokens": self.max_tokens,
            "system": question.system,
            "messages": messages,
            "output_config": {"format": {"type": "json_schema", "schema": question.schema}},
        }

    def reading(self, body: Mapping[str, Any]) -> Reading:
        usage = body.get("usage")
        read = count(usage, "input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
        took: dict[str, Any] = {"input_tokens": read, "output_tokens": count(usage, "output_tokens")}
        stopped = body.get("stop_reason")
        if stopped in _REFUSED:
            return Reading(refused=_REFUSED[stopped], **took)
        if stopped == "max_tokens":
            return Reading(truncated=True, **took)
        blocks = [block for block in _list(body.get("content")) if isinstance(block, dict)]
        texts = [block["text"] for block in blocks if isinstance(block.get("text"), str)]
        cited = [source for block in blocks for source in _list(block.get("citations"))]
        sources = tuple(s["url"] for s in cited if isinstance(s, dict) and isinstance(s.get("url"), str))
        return Reading("".join(texts), paused=stopped == "pause_turn", sources=sources, **took)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
