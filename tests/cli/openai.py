"""A language model on loopback that speaks OpenAI's language."""

from __future__ import annotations

import json

from tests.cli.program import Program
from tests.loopback import Loopback, Say, Seen


def reply(value: object, confidence: float = 0.9) -> Say:
    """A completion with that value."""
    content = json.dumps({"value": value, "confidence": confidence, "sources": ["https://example.com/"]})
    return Say.json(
        {
            "choices": [{"message": {"role": "assistant", "content": content}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 100, "completion_tokens": 10},
        }
    )


def question(seen: Seen) -> str:
    """What the model was asked, without what stands before it."""
    text: str = seen.json["messages"][-1]["content"]
    return text


def lab(glaze: Program, server: Loopback, more: str = "") -> None:
    """A glaze.toml with the server as a provider `lab`, at a dollar for a million tokens."""
    (glaze.folder / "glaze.toml").write_text(
        "[defaults]\nwait_min = 0\nwait_max = 0\n"
        f'[providers.lab]\napi = "openai"\nbase_url = "{server.url}/v1"\nmodel = "m"\nmax_tokens = 100\n'
        f"input_usd_per_million = 1\noutput_usd_per_million = 1\n{more}",
        encoding="utf-8",
    )
