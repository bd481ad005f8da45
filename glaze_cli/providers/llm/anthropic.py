"""Anthropic's messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from glaze_cli.model import About
from glaze_cli.providers.http import Secret
from glaze_cli.providers.llm import usual
from glaze_cli.providers.llm.model import LanguageModel, Reading, count
from glaze_cli.providers.llm.question import Question
from glaze_cli.providers.manifest.expr import Expr
from glaze_cli.providers.manifest.load_op import USUAL_WAITS
from glaze_cli.providers.manifest.schema import Outcome, Rule

_SPENT = "body.error.details.error_code == 'enforced_spend_limit_reached'"
_EMPTY = "contains(body.error.message, 'credit balance is too low')"  # a 400, of no type of its own
_RULES = (
    Rule(Expr.parse(_SPENT), Outcome.QUOTA, "the account's spend limit is reached"),
    Rule(Expr.parse("body.error.type == 'billing_error'"), Outcome.QUOTA, "the account has no credit left"),
    Rule(Expr.parse(_EMPTY), Outcome.QUOTA, "the account has no credit left"),
    Rule(Expr.parse("body.error.type == 'not_found_error'"), Outcome.CONFIG),
    Rule(Expr.parse("body.error.type == 'authentication_error'"), Outcome.AUTH),
)
_WHY_NOT = {
    "refusal": "it refused",
    "model_context_window_exceeded": "the question is too long for it",
}
_DONE = ("end_turn", "stop_sequence", "pause_turn")


class Anthropic(LanguageModel):
    """A long turn may be paused by the service; it is then asked once to go on."""

    name = "anthropic"
    env = "ANTHROPIC_API_KEY"
    host = "https://api.anthropic.com/v1"
    publisher = "anthropic"
    usual_model = usual.ANTHROPIC.name
    no_schema = ("output_config", "output_format", "tructured output", "output format")
    rules = _RULES
    shape = Rule(Expr.parse("status == `200` && body.type != 'message'"), Outcome.REFUSED, "it is no message")
    waits = USUAL_WAITS
    turns = 2
    about = About(
        title="Anthropic",
        docs="https://docs.anthropic.com/en/api/messages",
        terms="What is sent is kept by Anthropic as its commercial terms say; it trains no model.",
        price=usual.ANTHROPIC.price,
        priced=usual.READ,
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
        body: dict[str, Any] = {
            "model": self.model,
            "max_tokens": self.max_tokens,
            "system": self.system(question),
            "messages": messages,
        }
        if self._structured:  # models before Haiku 4.5 know no schema
            body["output_config"] = {"format": {"type": "json_schema", "schema": question.schema}}
        return body

    def reading(self, body: Mapping[str, Any]) -> Reading:
        usage = body.get("usage")
        read = count(usage, "input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
        took: dict[str, Any] = {
            "input_tokens": read,
            "output_tokens": count(usage, "output_tokens"),
            "cached_tokens": count(usage, "cache_read_input_tokens") or 0,
        }
        stopped = body.get("stop_reason")
        if stopped == "max_tokens":
            return Reading(truncated=True, **took)
        if stopped not in _DONE:
            return Reading(refused=_WHY_NOT.get(str(stopped), "it did something else"), **took)
        texts, sources = _answer(body.get("content"))
        return Reading("".join(texts), paused=stopped == "pause_turn", sources=tuple(sources), **took)


def _answer(content: object) -> tuple[list[str], list[str]]:
    """What it wrote after its last thought or search, perhaps in pieces, and the addresses it cites there."""
    texts: list[str] = []
    sources: list[str] = []
    for block in _list(content):
        if not isinstance(block, dict) or not isinstance(block.get("text"), str):
            texts, sources = [], []
            continue
        texts.append(block["text"])
        cited = [one.get("url") for one in _list(block.get("citations")) if isinstance(one, dict)]
        sources += [url for url in cited if isinstance(url, str)]
    return texts, sources


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
