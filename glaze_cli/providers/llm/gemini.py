"""Google's Gemini: generateContent."""

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
from glaze_cli.providers.manifest.schema import Outcome, Rule, Wait
from glaze_cli.providers.services.service import segment

_BAD_KEY = "body.error.details[?reason == 'API_KEY_INVALID']"
_RULES = (
    Rule(Expr.parse(_BAD_KEY), Outcome.AUTH, "the key is not valid"),
    Rule(Expr.parse("status == `404`"), Outcome.CONFIG),
    Rule(
        Expr.parse("status == `200` && body.error"), Outcome.REFUSED, "it sent an error in place of an answer"
    ),
)
_WAITS = (*USUAL_WAITS, Wait(Expr.parse("body.error.details[?retryDelay].retryDelay | [0]")))


class Gemini(LanguageModel):
    """Its paid tier; on the free tier what is sent may be used by Google."""

    name = "gemini"
    env = "GEMINI_API_KEY"
    host = "https://generativelanguage.googleapis.com/v1beta"
    publisher = "google"
    usual_model = usual.GEMINI.name
    no_schema = ("esponseJsonSchema", "esponse_json_schema", "mimeType", "mime type", "mode is not enabled")
    rules = _RULES
    shape = Rule(
        Expr.parse("status == `200` && type(body.candidates) != 'array' && !(body.promptFeedback)"),
        Outcome.REFUSED,
        "it is no answer of a model",
    )
    waits = _WAITS
    about = About(
        title="Google Gemini",
        docs="https://ai.google.dev/api/generate-content",
        terms="On the free tier Google may use what is sent to improve its products.",
        price=usual.GEMINI.price,
        priced=usual.READ,
    )

    def path(self) -> str:
        return f"/models/{segment(self.model)}:generateContent"

    def secret(self) -> Secret:
        return Secret(headers=(("x-goog-api-key", self._setup.key or ""),))

    def body(self, question: Question, earlier: Sequence[Any]) -> dict[str, Any]:
        config: dict[str, Any] = {"maxOutputTokens": self.max_tokens}
        if self._structured:
            config |= {"responseMimeType": "application/json", "responseJsonSchema": question.schema}
        return {
            "systemInstruction": {"parts": [{"text": self.system(question)}]},
            "contents": [{"role": "user", "parts": [{"text": question.user}]}],
            "generationConfig": config,
        }

    def reading(self, body: Mapping[str, Any]) -> Reading:
        usage = body.get("usageMetadata")
        took: dict[str, Any] = {
            "input_tokens": count(usage, "promptTokenCount", "toolUsePromptTokenCount"),
            "output_tokens": _written(usage),
            "cached_tokens": count(usage, "cachedContentTokenCount") or 0,
        }
        feedback = body.get("promptFeedback")
        if isinstance(feedback, dict) and feedback.get("blockReason"):
            return Reading(refused="a filter of the service stopped it", **took)
        candidates = body.get("candidates")
        first = candidates[0] if isinstance(candidates, list) and candidates else None
        if not isinstance(first, dict):
            return Reading(refused="the answer is empty", **took)
        match first.get("finishReason"):
            case "STOP":
                return Reading(_text(first), **took)
            case "MAX_TOKENS":
                return Reading(truncated=True, **took)
        return Reading(refused="a filter of the service stopped it", **took)


def _written(usage: object) -> int | None:
    """Thoughts are billed as output. A blocked prompt has no candidates, and none is written."""
    if not isinstance(usage, dict) or count(usage, "promptTokenCount") is None:
        return None
    return count({"zero": 0, **usage}, "zero", "candidatesTokenCount", "thoughtsTokenCount")


def _text(candidate: Mapping[str, Any]) -> str:
    content = candidate.get("content")
    parts = content.get("parts") if isinstance(content, dict) else None
    if not isinstance(parts, list):
        return ""
    said = [part.get("text") for part in parts if isinstance(part, dict) and not part.get("thought")]
    return "".join(text for text in said if isinstance(text, str))
