"""What all language models share: one call, one answer, one bill. How each is asked is in its own file."""

from __future__ import annotations

import json
import time
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from glaze_cli.errors import ProviderError, ProviderUnusable
from glaze_cli.model import ANY, Answer, FailReason, Limits, Lookup, Micros, Tier, to_micros
from glaze_cli.providers.http import Call, Secret
from glaze_cli.providers.llm.bill import Tariff, tokens_at_most
from glaze_cli.providers.llm.question import SCHEMA_VERSION, Question
from glaze_cli.providers.llm.reply import answer_of, failed
from glaze_cli.providers.manifest.document import Document, read
from glaze_cli.providers.manifest.failure import failure, first_wait
from glaze_cli.providers.manifest.rules import Verdict, judge
from glaze_cli.providers.manifest.schema import Expect, Outcome, Rule, Wait
from glaze_cli.providers.services.service import Service
from glaze_cli.providers.setup import Setup

_WORDINGS = 3
"""Ways to ask: as is, with the other name of the limit, without a schema. A refused one is not billed."""

MAX_TOKENS = 4_096
"""Most that a model may write, its hidden thoughts included, unless the user says otherwise."""

_MOST_TOKENS = 10**9  # a counter beyond it is no counter


@dataclass(frozen=True, slots=True)
class Reading:
    """One reply: what the model wrote, why it stopped, and what it took."""

    text: str = ""
    refused: str = ""
    """Why it did not answer; "" when it did."""
    truncated: bool = False
    paused: bool = False
    """It wants to be asked to go on."""
    input_tokens: int | None = None
    """All that was read, what the service had read before included."""
    cached_tokens: int = 0
    """Those of them that it had read before."""
    output_tokens: int | None = None
    usd: float | None = None
    """What the service says that it billed."""
    sources: tuple[str, ...] = ()


class LanguageModel(Service):
    """A provider that answers prompts of the user's own."""

    tier = Tier.CHEAP
    prompted = True
    needs = (frozenset({ANY}),)
    gives = frozenset({ANY})
    limits = Limits(concurrency=20)
    host: ClassVar[str]
    """The service's own base address."""
    publisher: ClassVar[str] = ""
    """Its name among the published prices."""
    usual_model: ClassVar[str] = ""
    free: ClassVar[bool] = False
    rules: ClassVar[tuple[Rule, ...]] = ()
    """What its errors mean."""
    shape: ClassVar[Rule]
    """Holds where an answer to a question is none, though its status says so."""
    waits: ClassVar[tuple[Wait, ...]] = ()
    turns: ClassVar[int] = 1
    """Calls that one answer may take; all of them are reserved for."""
    reply_s: ClassVar[float] = 120.0
    """Most seconds that an answer may take: a model that thinks is silent for a while."""
    no_schema: ClassVar[tuple[str, ...]] = ()
    """Words by which the service says that this model cannot be held to a JSON schema."""

    def __init__(self, setup: Setup, now: Callable[[], float] = time.time) -> None:
        super().__init__(setup, now)
        self.model = setup.model or self.usual_model
        self.version = f"{SCHEMA_VERSION}:{self.model}"
        self.max_tokens = setup.max_tokens or MAX_TOKENS
        self.tariff = Tariff(
            self.publisher,
            self.model,
            setup.input_usd_per_million,
            setup.output_usd_per_million,
            self.free,
        )
        prices = (setup.input_usd_per_million, setup.output_usd_per_million)
        self._unbilled = self.free or (prices[0] == 0 and prices[1] == 0)
        self._structured = True
        if not self.lacks and not self.model:
            self.lacks = f'set the model in glaze.toml: [providers.{self.name}] model = "..."'
        elif not self.lacks and prices.count(None) == 1:
            both = "input_usd_per_million and output_usd_per_million"
            self.lacks = f"set both {both} under [providers.{self.name}], or neither"

    @abstractmethod
    def path(self) -> str:
        """Where questions go, below the base address."""

    @abstractmethod
    def body(self, question: Question, earlier: Sequence[Any]) -> dict[str, Any]:
        """The request. `earlier`: what the model wrote before it paused."""

    @abstractmethod
    def reading(self, body: Mapping[str, Any]) -> Reading:
        """What a successful answer holds. Never raises for what it holds."""

    @abstractmethod
    def secret(self) -> Secret:
        """The key, as the service wants it."""

    def headers(self) -> tuple[tuple[str, str], ...]:
        """Headers beside the usual ones."""
        return ()

    def adapt(self, said: str, sent: Mapping[str, Any]) -> None:
        """Say from now on in another way what the service refused; `said` is its word, `sent` the request."""
        if any(word in said for word in self.no_schema):
            self._structured = False

    def system(self, question: Question) -> str:
        """The words before the question; with the schema, where the service cannot be given it."""
        if self._structured:
            return question.system
        return f"{question.system}\nThe JSON schema of the object: {json.dumps(question.schema)}"

    def price(self, lookup: Lookup) -> Micros:
        """The whole request as tokens of one byte, and all that the model may write; so for each turn."""
        return Micros(sum(self._most(lookup, turn) or 0 for turn in range(self.turns)))

    async def look_up(self, lookup: Lookup) -> Answer:
        """One value with its confidence and sources. An error's `cost` is its bill."""
        if self._most(lookup) is None:
            raise ProviderUnusable(
                f"{self.name}: the price of {self.model} is not known, so no cap could be kept: set "
                f"input_usd_per_million and output_usd_per_million under [providers.{self.name}]",
                reason=FailReason.CONFIG,
            )
        question = Question.about(lookup)
        earlier: list[Any] = []
        cost = Micros(0)
        for _ in range(self.turns):
            document = await self._ask(question, earlier, cost)
            content: Any = document.values["body"]
            reading = self.reading(content) if isinstance(content, dict) else Reading(refused="no answer")
            cost = Micros(cost + self._bill(lookup, reading))
            if not reading.paused:
                break
            earlier.append(content.get("content"))
        return self._answer(lookup, reading, cost)

    async def probe(self) -> str:
        """Lists the models: free."""
        call = Call("GET", self.address(self.host, "/models"), self.headers(), None, self.secret(), free=True)
        document = read(await self._setup.door.send(call), Expect.JSON)
        verdict = judge(self.rules, document)
        if verdict.outcome is not Outcome.HIT:
            raise self._failure(call, verdict, document)
        return "answers" + ("; the key is accepted" if self._setup.key else "")

    async def _ask(self, question: Question, earlier: Sequence[Any], billed: Micros) -> Document:
        """The answer of one call that came about. Raises what its status means."""
        for _ in range(_WORDINGS):
            body = self.body(question, earlier)
            content = json.dumps(body, ensure_ascii=False).encode()
            headers = (*self.headers(), ("content-type", "application/json"))
            url = self.address(self.host, self.path())
            call = Call("POST", url, headers, content, self.secret(), self._unbilled, reply_s=self.reply_s)
            document = read(await self._setup.door.send(call), Expect.JSON)
            verdict = judge((*self.rules, self.shape), document)
            if verdict.outcome is Outcome.HIT:
                return document
            if verdict.outcome is Outcome.BAD_INPUT:
                self.adapt(document.values["text"], body)
            # Another lookup may have found the right words while this one was under way.
            if verdict.outcome is not Outcome.BAD_INPUT or self.body(question, earlier) == body:
                break
        error = self._failure(call, verdict, document)
        error.cost = max(error.cost, billed)
        raise error

    def _failure(self, call: Call, verdict: Verdict, document: Document) -> ProviderError:
        wait = first_wait(self.waits, document, self._now())
        name = self._setup.key_name or self.env
        if verdict.outcome is Outcome.CONFIG:
            table = f"[providers.{self.name}]"
            why = f'there is no model {self.model}; set another: {table} model = "..."'
            if call.method == "GET":  # nobody asked for a model
                why = f"it lists no models; check base_url under {table}"
            elif self._setup.base_url:
                why += ", or base_url leads elsewhere"
            verdict = Verdict(Outcome.CONFIG, why)
        return failure(self.name, name, call, verdict, document, wait)

    def _answer(self, lookup: Lookup, reading: Reading, cost: Micros) -> Answer:
        if reading.refused:
            raise failed(f"{self.name}: the model did not answer: {reading.refused}", cost)
        if reading.truncated or reading.paused:
            raise failed(f"{self.name}: the answer was cut short; raise max_tokens", cost)
        return answer_of(reading.text, lookup, cost, reading.sources)

    def _bill(self, lookup: Lookup, reading: Reading) -> Micros:
        """What the service says, else its usage at the known price, else the worst case."""
        if self._unbilled:
            return Micros(0)
        if reading.usd is not None:
            return to_micros(str(reading.usd))
        if reading.input_tokens is None or reading.output_tokens is None:
            return self._most(lookup) or Micros(0)
        billed = self.tariff.cost(reading.input_tokens, reading.output_tokens, reading.cached_tokens)
        return Micros(0) if billed is None else billed

    def _most(self, lookup: Lookup, turn: int = 0) -> Micros | None:
        """Of one call; later ones (`turn` from 0) read what the model wrote before, too."""
        text = json.dumps(self.body(Question.about(lookup), ()), ensure_ascii=False)
        return self.tariff.cost(tokens_at_most(text) + turn * self.max_tokens, self.max_tokens)


def count(usage: object, *names: str) -> int | None:
    """The sum of a usage's counters of those names; None where the first is missing or no count."""
    if not isinstance(usage, dict):
        return None
    counts = [_counter(usage.get(name)) for name in names]
    return None if counts[0] is None else sum(number for number in counts if number is not None)


def _counter(number: object) -> int | None:
    sound = isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= _MOST_TOKENS
    return number if sound and isinstance(number, int) else None
