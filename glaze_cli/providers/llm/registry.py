"""Which language models there are."""

from __future__ import annotations

from glaze_cli.providers.llm.model import LanguageModel


def llm_classes() -> tuple[type[LanguageModel], ...]:
    """Each is made with a Setup; making one asks nobody."""
    from glaze_cli.providers.llm.anthropic import Anthropic
    from glaze_cli.providers.llm.gemini import Gemini
    from glaze_cli.providers.llm.openai import Groq, Ollama, OpenAI, OpenRouter

    return (OpenAI, Anthropic, Gemini, OpenRouter, Groq, Ollama)
