"""OpenAI's chat completions, and the many services and servers that speak the same language."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from glaze_cli.model import About, Limits, Tier
from glaze_cli.providers.http import NO_SECRET, Secret
from glaze_cli.providers.llm import usual
from glaze_cli.providers.llm.model import LanguageModel, Reading, count
from glaze_cli.providers.llm.question import Question
from glaze_cli.providers.manifest.expr import Expr
from glaze_cli.providers.manifest.load_op import USUAL_WAITS
from glaze_cli.providers.manifest.schema import Outcome, Rule, Wait
from glaze_cli.providers.setup import Setup


def _rule(when: str, then: Outcome, why: str = "") -> Rule:
    return Rule(Expr.parse(when), then, why)


_RULES = (
    _rule("body.error.code == 'insufficient_quota'", Outcome.QUOTA, "the account has no credit left"),
    _rule("body.error.type == 'insufficient_quota'", Outcome.QUOTA, "the account has no credit left"),
    _rule("body.error.code == 'model_not_found'", Outcome.CONFIG),
    _rule("body.error.code == 'model_decommissioned'", Outcome.CONFIG),  # Groq
    _rule("contains(body.error.message, 'is not a valid model ID')", Outcome.CONFIG),  # OpenRouter, a 400
    _rule("status == `404`", Outcome.CONFIG),
    _rule("body.error.code == 'invalid_api_key'", Outcome.AUTH),
    # OpenRouter: a filter before the model stopped this one question; the key is good.
    _rule("status == `403` && body.error.metadata.reasons", Outcome.REFUSED, "a filter stopped the question"),
    # Groq: the model wrote something else than the schema; nothing in it is an answer.
    _rule("body.error.failed_generation", Outcome.REFUSED, "the model did not keep to the form"),
    _rule("status == `200` && body.error", Outcome.REFUSED, "it sent an error in place of an answer"),
)

_OTHER_LIMIT = {"max_completion_tokens": "max_tokens", "max_tokens": "max_completion_tokens"}

# The reset counts only where the requests are used up; else it says when the bucket is full again.
_WAITS = (
    *USUAL_WAITS,
    Wait(
        Expr.parse(
            'headers."x-ratelimit-remaining-requests" == \'0\' && headers."x-ratelimit-reset-requests"'
        )
    ),
    Wait(Expr.parse("body.error.message")),
)


class OpenAI(LanguageModel):
    """`base_url` may lead to any server of the same language."""

    name = "openai"
    env = "OPENAI_API_KEY"
    host = "https://api.openai.com/v1"
    publisher = "openai"
    usual_model = usual.OPENAI.name
    limit: ClassVar[str] = "max_completion_tokens"
    """What the bound on the answer is called at first; see `adapt`."""
    no_schema = ("response_format", "json_schema")
    rules = _RULES
    shape = _rule("status == `200` && type(body.choices) != 'array'", Outcome.REFUSED, "it is no completion")
    waits = _WAITS
    about = About(
        title="OpenAI",
        docs="https://platform.openai.com/docs/api-reference/chat",
        terms="What is sent is kept by OpenAI as its API terms say; by default it trains no model.",
        price=usual.OPENAI.price,
        priced=usual.READ,
    )

    def __init__(self, setup: Setup, now: Callable[[], float] = time.time) -> None:
        super().__init__(setup, now)
        self._limit = self.limit

    def path(self) -> str:
        return "/chat/completions"

    def secret(self) -> Secret:
        if not self._setup.key:
            return NO_SECRET
        return Secret(headers=(("authorization", f"Bearer {self._setup.key}"),))

    def body(self, question: Question, earlier: Sequence[Any]) -> dict[str, Any]:
        messages = [
            {"role": "system", "content": self.system(question)},
            {"role": "user", "content": question.user},
        ]
        body: dict[str, Any] = {"model": self.model, self._limit: self.max_tokens}
        if self._structured:
            schema = {"name": "cell", "strict": True, "schema": question.schema}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        return body | {"messages": messages}

    def adapt(self, said: str, sent: Mapping[str, Any]) -> None:
        """OpenAI's newer models know only `max_completion_tokens`, many other servers only `max_tokens`."""
        if self.limit in sent and self.limit in said:
            self._limit = _OTHER_LIMIT[self.limit]
        else:
            super().adapt(said, sent)

    def reading(self, body: Mapping[str, Any]) -> Reading:
        usage = body.get("usage")
        took: dict[str, Any] = {
            "input_tokens": count(usage, "prompt_tokens"),
            "output_tokens": count(usage, "completion_tokens"),
            "cached_tokens": count(_details(usage), "cached_tokens") or 0,
            "usd": self._usd(usage),
        }
        choices = body.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        message = choice.get("message") if isinstance(choice, dict) else None
        if not isinstance(choice, dict) or not isinstance(message, dict):
            return Reading(refused="the answer is empty", **took)
        if message.get("refusal"):
            return Reading(refused="it refused", **took)
        match choice.get("finish_reason"):
            case "length":
                return Reading(truncated=True, **took)
            case "content_filter":
                return Reading(refused="a filter of the service stopped it", **took)
            case "tool_calls" | "function_call" | "error":
                return Reading(refused="it did something else", **took)
        text = message.get("content")
        return Reading(text if isinstance(text, str) else "", **took)

    def _usd(self, usage: object) -> float | None:
        """OpenAI itself says tokens only."""
        return None


def _details(usage: object) -> object:
    return usage.get("prompt_tokens_details") if isinstance(usage, dict) else None


class OpenRouter(OpenAI):
    """One key for many models; it says what each call cost."""

    name = "openrouter"
    env = "OPENROUTER_API_KEY"
    host = "https://openrouter.ai/api/v1"
    publisher = "openrouter"
    usual_model = ""
    about = About(
        title="OpenRouter",
        docs="https://openrouter.ai/docs",
        terms="The model's own provider gets what is sent.",
        price="by token, as the model's provider asks",
        priced=usual.READ,
    )

    def _usd(self, usage: object) -> float | None:
        cost = usage.get("cost") if isinstance(usage, dict) else None
        sound = isinstance(cost, int | float) and not isinstance(cost, bool) and 0 <= cost < 1_000_000
        return float(cost) if sound and cost is not None else None


class Groq(OpenAI):
    """Open models, quickly."""

    name = "groq"
    env = "GROQ_API_KEY"
    host = "https://api.groq.com/openai/v1"
    publisher = "groq"
    usual_model = ""
    about = About(title="Groq", docs="https://console.groq.com/docs", price="by token", priced=usual.READ)


class Ollama(OpenAI):
    """Models on this machine, or on one of yours. Nothing is billed; it may not be there, so it is named."""

    name = "ollama"
    env = ""
    host = "http://localhost:11434/v1"
    publisher = ""
    usual_model = ""
    tier = Tier.FREE
    free: ClassVar[bool] = True
    on_request = True
    limit = "max_tokens"  # it ignores the newer name, and would write on and on
    limits = Limits(concurrency=2)  # it answers one after another
    reply_s = 300.0  # it may have to load the model first
    about = About(title="Ollama", docs="https://docs.ollama.com", price="free: your own machine")


def openai_compatible(name: str, setup: Setup) -> OpenAI:
    """A server of the user's own that speaks OpenAI's language: vLLM, LM Studio, a company's gateway."""
    own = OpenAICompatible(setup)
    own.name = name
    own.lacks = ""
    priced = setup.input_usd_per_million is not None and setup.output_usd_per_million is not None
    for missing, what in (
        (not setup.base_url, 'base_url = "https://.../v1"'),
        (not setup.model, 'model = "..."'),
        (not priced, "input_usd_per_million and output_usd_per_million (0 where it is free)"),
    ):
        if missing and not own.lacks:
            own.lacks = f"set {what} under [providers.{name}]"
    if setup.key_name and not setup.key:
        own.lacks = f"set {setup.key_name}"
    return own


class OpenAICompatible(OpenAI):
    """See `openai_compatible`."""

    name = "own"
    env = ""
    publisher = ""
    usual_model = ""
    limit = "max_tokens"  # some servers ignore the newer name, and would keep to no bound
    about = About(title="a server of your own that speaks OpenAI's language", price="as you set it")
