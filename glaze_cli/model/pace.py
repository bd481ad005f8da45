"""How a provider is treated after what it said: paused, slowed down, or taken for broken. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from glaze_cli.model.states import Captioned

BROKEN = 5
"""So many failures in a row, and the provider is taken for broken."""

_FIRST_PAUSE_S = 5.0
_LONG_PAUSE_S = 30.0
_TRIAL_S = 10.0
_LEAST_INTERVAL_S = 0.1
_MOST_INTERVAL_S = 10.0
_SPEED_UP = 0.9
_FORGOTTEN_S = 600.0


class Signal(Captioned):
    """What a call told us about the provider's state, whatever it told us about the row."""

    FINE = "fine", "it answers"
    BUSY = "busy", "it asks for fewer calls"
    DOWN = "down", "it cannot be reached, or breaks"


@dataclass(frozen=True, slots=True)
class Pace:
    """One provider's state, shared by all jobs of a store. Times are epoch seconds."""

    paused_until: float = 0.0
    """No call before that moment."""
    interval: float = 0.0
    """Seconds between two calls, beyond its published limits: it said that we are too quick."""
    failures: int = 0
    """In a row."""
    trips: int = 0
    """How often in a row it was paused for being broken."""

    def after(self, signal: Signal, wait: float | None, now: float) -> Pace:
        """The state after a call; `wait`: seconds that the provider asked for."""
        pause = max(self.paused_until, now + (wait or 0.0)) if signal is not Signal.FINE else 0.0
        if signal is Signal.FINE:
            slower = self.interval * _SPEED_UP
            return Pace(
                self.paused_until if self.failures < BROKEN else 0.0, slower if slower > 0.01 else 0.0
            )
        if signal is Signal.BUSY:
            slower = min(max(2 * self.interval, _LEAST_INTERVAL_S), _MOST_INTERVAL_S)
            return replace(self, paused_until=pause if wait else self.paused_until, interval=slower)
        failures = self.failures + 1
        if failures < BROKEN:
            return replace(self, paused_until=pause if wait else self.paused_until, failures=failures)
        length = _LONG_PAUSE_S if self.trips else _FIRST_PAUSE_S
        return replace(self, paused_until=max(pause, now + length), failures=failures, trips=self.trips + 1)

    def at(self, now: float) -> Pace:
        """The state as it counts now: what is long past is forgotten."""
        return Pace() if now - self.paused_until > _FORGOTTEN_S and self.failures >= BROKEN else self

    def refuses(self, now: float) -> bool:
        """Whether nobody should even wait: a trial call after the first pause failed too."""
        return self.trips >= 2 and self.paused_until > now

    @property
    def on_trial(self) -> bool:
        """Whether the next call is the one that shows if it works again; the others wait for it."""
        return self.failures >= BROKEN

    def tried(self, at: float) -> Pace:
        """The state while such a call is under way from `at` on."""
        return replace(self, paused_until=at + _TRIAL_S)
