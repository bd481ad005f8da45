"""What a manifest says, as frozen records. `load.py` makes them from TOML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from glaze_cli.model import About, Field, Keep, Limits, Micros, Tier
from glaze_cli.model.states import Captioned
from glaze_cli.providers.manifest.expr import Expr

if TYPE_CHECKING:
    from glaze_cli.providers.manifest.ways import Batch, Pages, Poll

_NOTHING = Micros(0)
_ONE_DOLLAR = Micros(1_000_000)


class Outcome(Captioned):
    """What an answer means; a rule's `then`."""

    HIT = "hit", "it holds what was asked"
    MISS = "miss", "the service has nothing"
    PENDING = "pending", "the answer is not ready yet"
    RETRY = "retry", "the service is busy or broken just now"
    QUOTA = "quota", "no credit is left"
    AUTH = "auth", "the key is missing or refused"
    BAD_INPUT = "bad_input", "the service refused the input"
    CONFIG = "config", "the provider is set up wrongly"
    TRUNCATED = "truncated", "the answer was cut short"
    REFUSED = "refused", "the service declined to answer"
    STOP = "stop", "the person has opted out: nobody else is asked either"
    LOST = "lost", "a gateway lost the answer; the call may have been billed"


class AuthKind(StrEnum):
    """How the key is sent."""

    NONE = "none"
    QUERY = "query"
    HEADER = "header"
    BASIC = "basic"
    BEARER = "bearer"
    OAUTH = "oauth_client_credentials"


class Client(StrEnum):
    """How id and secret go to the address that gives OAuth tokens."""

    BASIC = "basic"
    BODY = "body"


class Expect(StrEnum):
    """What the body must be; only text and html cannot be wrong."""

    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    HTML = "html"
    TEXT = "text"


class ChargeOn(StrEnum):
    """Which answers a service bills."""

    HIT = "hit"
    MISS = "miss"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Auth:
    """Where a key comes from (`env`: an environment variable) and where it goes."""

    kind: AuthKind = AuthKind.NONE
    env: str = ""
    name: str = ""
    """The query parameter's or header's name."""
    prefix: str = ""
    """Before the key in a header: `Token `."""
    optional: bool = False
    """It can be asked without a key; a key raises what it allows."""
    token_url: str = ""
    """Where OAuth tokens come from: a path below base_url, or an address of its own."""
    client: Client = Client.BASIC
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """A request's template; see template.py for the placeholders."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    json: Any = None


@dataclass(frozen=True, slots=True)
class Rule:
    """When `when` holds, the answer means `then`; `why` is said to the user where it is an error."""

    when: Expr
    then: Outcome
    why: str = ""


@dataclass(frozen=True, slots=True)
class Accept:
    """An answer is about the row only if what `path` finds is like, or equals, the row's `field`.

    `min` is the similarity asked for, 0..1; None asks for equality. `path` may read the extracted values
    by their names, and may give several texts, of which one has to do.
    """

    field: Field
    path: Expr
    min: float | None


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure an answer is: a constant or a place in the answer, as a share of `scale`."""

    path: Expr
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Wait:
    """Where an answer says how long to wait; a plain number there counts `unit`s (`s` or `ms`)."""

    path: Expr
    unit: str = "s"


@dataclass(frozen=True)
class Cost:
    """What one row costs: `price` for the outcomes in `charge_on`, or what `by` says of an outcome.

    `actual` times `unit` where the answer says it.
    """

    price: Micros = _NOTHING
    charge_on: frozenset[ChargeOn] = frozenset({ChargeOn.HIT})
    by: Mapping[ChargeOn, Micros] = field(default_factory=dict)
    actual: Expr | None = None
    unit: Micros = _ONE_DOLLAR

    @cached_property
    def worst(self) -> Micros:
        """Most that one call can cost."""
        return max(self.price, *self.by.values(), _NOTHING)

    @cached_property
    def free(self) -> bool:
        """Whether a call costs nothing, whatever comes of it."""
        return self.worst == 0 and self.actual is None

    def charges(self, kind: ChargeOn) -> bool:
        """Whether such an outcome is billed at all."""
        return self.by[kind] > 0 if kind in self.by else kind in self.charge_on

    def of(self, kind: ChargeOn) -> Micros:
        """What such an outcome costs."""
        return self.by.get(kind, self.price if kind in self.charge_on else _NOTHING)


class Missing(StrEnum):
    """What it means when a batch's answer leaves a row out."""

    MISS = "miss"
    ERROR = "error"


@dataclass(frozen=True)
class Op:
    """One kind of request: what it needs, what it gives, how to ask and how to read the answer."""

    id: str
    needs: frozenset[Field]
    gives: frozenset[Field]
    request: Request
    extract: Mapping[Field, Expr]
    expect: Expect = Expect.JSON
    rules: tuple[Rule, ...] = ()
    items: Expr | None = None
    """Where the answer lists several candidates; then `extract` and `accept` read each as `item`."""
    derive: Mapping[str, Expr] = field(default_factory=dict)
    """Placeholders that are made of the row's inputs: an account's name out of its address."""
    accept: tuple[Accept, ...] = ()
    confidence: Confidence | None = None
    citations: Expr | None = None
    cost: Cost = Cost()
    wait: tuple[Wait, ...] = ()
    idempotent: bool = False
    idempotency_header: str = ""
    pages: Pages | None = None
    batch: Batch | None = None
    poll: Poll | None = None

    @cached_property
    def price(self) -> Micros:
        """Most that one lookup can cost, all its pages."""
        return Micros(self.cost.worst * (self.pages.max if self.pages else 1))


@dataclass(frozen=True, slots=True)
class Check:
    """A question that costs nothing and needs no row: is the key good, is the service there?"""

    request: Request
    expect: Expect = Expect.JSON
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """One service."""

    id: str
    version: str
    tier: Tier
    base_url: str
    ops: tuple[Op, ...]
    about: About = field(default_factory=About)
    keep: Keep = field(default_factory=Keep)
    auth: Auth = Auth()
    limits: Limits = field(default_factory=Limits)
    check: Check | None = None
    on_request: bool = False
    """Asked only when the user names it."""
    self_hosted: bool = False
    """Asked only at an address of the user's own: `base_url` in glaze.toml."""
    contact: bool = False
    """The service wants to know whom to write to: asked only when `contact` is set."""
