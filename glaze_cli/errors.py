"""Every error Glaze raises on purpose. A docstring says what the caller does about it.

GlazeError
├── InputError                the user gave something that cannot work: say it, exit 2
│   ├── SelectionError        a range, a column, a sheet name, a condition
│   ├── ConfigError           glaze.toml, an option, an environment variable
│   ├── ManifestError         a provider's manifest
│   └── SheetError            a file that cannot be read
│       └── SheetRefused      a file or cell that cannot be edited safely
├── WriteFailed               the file could not be written; values are safe in the store
├── StoreError                the store cannot be opened or used
├── NoProviderLeft            no provider is usable any more: exit 5
├── NotAsked                  the call was not made now, and may be later
│   ├── BudgetReached         a spending cap does not allow it
│   │   └── HeldBack          not now; money that calls under way have reserved may flow back
│   ├── AskedElsewhere        another job is asking the same question
│   └── Stopped               the run is stopping
└── ProviderError             raised by providers only
    ├── LookupFailed          this lookup failed: go on with the next provider
    ├── Throttled             nothing was answered: wait, then the same call again
    └── ProviderUnusable      drop the provider for the whole job
"""

from __future__ import annotations


class GlazeError(Exception):
    """Base of all. The command line prints `str(error)` as one sentence and exits with its code."""


class InputError(GlazeError):
    """The user's input cannot work. Say the sentence, exit 2; nothing was changed or spent."""


class SelectionError(InputError):
    """A range, header, sheet name or condition selects nothing that can be filled."""


class ConfigError(InputError):
    """A setting is wrong. The sentence names the file or option, the value and what is allowed."""


class ManifestError(InputError):
    """A provider's manifest is wrong. The sentence names file, line and what was meant."""


class SheetError(InputError):
    """A sheet's file cannot be read: missing, corrupt, not a sheet, over a limit."""


class SheetRefused(SheetError):
    """A file or cell cannot be edited without harm. Raised before any money is spent."""


class WriteFailed(GlazeError):
    """The file was not written; the old one stands. Keep the values, name `glaze apply JOB`, exit 6."""


class StoreError(GlazeError):
    """The store is missing, newer than this Glaze, locked or corrupt. Say so; never recreate it."""


class NoProviderLeft(GlazeError):
    """Every provider that could fill the cells was dropped (bad key, no credit). Exit 5."""


class NotAsked(GlazeError):
    """The call was not made. Leave its cell queued: `glaze resume` asks again."""


class Stopped(NotAsked):
    """The run is stopping, and the call was still waiting for its turn."""


class AskedElsewhere(NotAsked):
    """Another job of this store is asking the same paid question: wait for its answer instead of paying."""


class BudgetReached(NotAsked):
    """The call would exceed a spending cap. Do not call; pause the job when nothing free is left."""


class HeldBack(BudgetReached):
    """Calls under way hold what the cap leaves, and most cost less than was reserved for them.

    Ask again when one of them has ended; when none is under way, the cap is reached.
    """

    def __init__(self, message: str, closings: int) -> None:
        super().__init__(message)
        self.closings = closings
        """How many calls of the run had ended when it was refused."""


class ProviderError(GlazeError):
    """Base of what `Provider.look_up` may raise; never raised itself. The cell's receipt keeps it."""

    reason: str
    """A value of `model.FailReason`; text here, since errors import nothing."""
    cost: int = 0
    """Micros that the call was billed although it failed; set where the service's terms say so."""


class LookupFailed(ProviderError):
    """This lookup failed for good. Note it in the cell's receipt and ask the next provider."""

    def __init__(self, message: str, reason: str = "provider_error") -> None:
        super().__init__(message)
        self.reason = reason


class Throttled(ProviderError):
    """The provider definitely did not answer: too many calls, overloaded, nothing was sent.

    Wait at least `retry_after` seconds (None: the caller's own backoff) and repeat the call. When
    the attempts are used up, the lookup has failed with `reason`.
    """

    def __init__(
        self, message: str, retry_after: float | None = None, reason: str = "provider_error"
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.reason = reason


class ProviderUnusable(ProviderError):
    """The provider cannot answer anything in this job. Drop it, say so once, go on without it.

    `reason` is `auth` (the key is missing or wrong), `quota` (no credit left) or `config`.
    """

    def __init__(self, message: str, reason: str = "auth") -> None:
        super().__init__(message)
        self.reason = reason
