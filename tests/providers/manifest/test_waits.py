"""How long to wait, in every dialect that services speak."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.providers.call import Reply
from glaze_cli.providers.manifest.document import read
from glaze_cli.providers.manifest.expr import Expr
from glaze_cli.providers.manifest.failure import first_wait
from glaze_cli.providers.manifest.schema import Expect, Wait
from glaze_cli.providers.manifest.waits import seconds_to_wait
from tests.loopback import SHARED, Say

NOW = 1_700_000_000.0  # 2023-11-14T22:13:20Z


@pytest.mark.parametrize(
    ("hint", "unit", "seconds"),
    [
        ("30", "s", 30.0),
        (30, "s", 30.0),
        (" 1.5 ", "s", 1.5),
        ("1500", "ms", 1.5),  # retry-after-ms
        ("1700000060", "s", 60.0),  # epoch
        (1700000060, "s", 60.0),
        (1700000060000, "s", 60.0),  # epoch in milliseconds
        ("1700000060", "ms", 60.0),  # a moment is one, whatever the unit of durations
        ("6m0s", "s", 360.0),  # Go
        ("48.9s", "s", 48.9),  # Gemini
        ("120ms", "s", 0.12),
        ("1h2m3s", "s", 3723.0),
        ("2023-11-14T22:14:20Z", "s", 60.0),  # ISO
        ("2023-11-14T22:14:20", "s", 60.0),  # without a zone: UTC
        ("2023-11-15T00:14:20+02:00", "s", 60.0),
        ("Tue, 14 Nov 2023 22:14:20 GMT", "s", 60.0),  # Retry-After as a date
        ("Please try again in 30 seconds.", "s", 30.0),
        ("Rate limit reached. Retry after 2 minutes", "s", 120.0),
        ("try again in 20s", "s", 20.0),
        ("try again in 250ms", "s", 0.25),
        ("Wait for 1 hour", "s", 3600.0),
    ],
)
def test_each_dialect_is_understood(hint: object, unit: str, seconds: float) -> None:
    """Seconds, milliseconds, durations, moments and sentences."""
    assert seconds_to_wait(hint, NOW, unit) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "hint",
    [
        "X-RATELIMIT-LIMIT-REQUESTS-XXX",  # a placeholder of a recording
        "",
        "soon",
        "0",  # no wait at all
        "-5",
        "1600000000",  # a moment in the past
        "2020-01-01T00:00:00Z",
        "nan",
        "inf",
        "1e999",
        None,
        True,
        [],
        {"seconds": 5},
        '{"minute": 100}',
        "Tue, 99 Nov 2023 22:14:20 GMT",
        "6m 0s left of 3 apples",
    ],
)
def test_nonsense_is_ignored(hint: object) -> None:
    """What makes no sense is no hint, and raises nothing."""
    assert seconds_to_wait(hint, NOW) is None


@settings(max_examples=100, deadline=None)
@given(
    st.one_of(st.text(), st.integers(), st.floats(), st.from_regex(r"\d{1,400}(ms|s|m|h)?", fullmatch=True))
)
def test_no_hint_raises_or_waits_for_ever(hint: object) -> None:
    """Any text or number is a finite positive wait, or none."""
    wait = seconds_to_wait(hint, NOW)
    assert wait is None or (wait > 0 and math.isfinite(wait))


# provider, case, where it says so, the moment it is read, seconds
RECORDED = [
    ("github", "403_rate_limit_exceeded", 'headers."retry-after"', NOW, 60.0),  # seconds
    ("openai", "shape_429_rate_limit", 'headers."retry-after-ms"', NOW, 20.0),  # milliseconds
    ("azure_openai", "chat_429", 'headers."retry-after-ms"', NOW, None),  # 0 ms is no wait,
    ("azure_openai", "chat_429", 'headers."retry-after"', NOW, 1.0),  # so the next hint counts
    ("openai", "shape_429_rate_limit", 'headers."x-ratelimit-reset-tokens"', NOW, 360.0),  # 6m0s
    ("opencage", "402_quota_exceeded_body_has_reset", "body.rate.reset", 1_615_161_540.0, 60.0),  # epoch
    ("people_data_labs", "shape_429", 'headers."x-ratelimit-reset"', 1_795_464_000.0, 1_195.0),  # ISO
    ("gemini", "generate_429_quota", "body.error.details[].retryDelay | [0]", NOW, 48.0),  # in the body
    ("gemini", "generate_429_quota", "body.error.message", NOW, 48.939935699),  # a sentence
    ("fullenrich", "bulk_submit_429_ratelimitexceeded", "body.message", NOW, 60.0),  # in 1m
    ("fullenrich", "bulk_poll_400_inprogress", "body.message", NOW, 30.0),
    ("dropcontact", "shape_2_poll_200_not_ready", "body.reason", NOW, 30.0),
    ("people_data_labs", "shape_429", 'headers."x-ratelimit-remaining"', NOW, None),  # an object in a text
]


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "recordings").is_dir(), reason="needs ../shared/recordings")
@pytest.mark.parametrize(("service", "case", "path", "now", "seconds"), RECORDED)
def test_recorded_hints_are_understood(
    service: str, case: str, path: str, now: float, seconds: float | None
) -> None:
    """What services really sent, in the seven dialects that were seen."""
    said = Say.recording(service, case)
    headers = {name.lower(): value for name, value in said.headers.items()}
    document = read(Reply(said.status, headers, said.body, "https://x.example/"), Expect.JSON)
    wait = first_wait([Wait(Expr.parse(path), "ms" if path.endswith('-ms"') else "s")], document, now)
    assert wait == (None if seconds is None else pytest.approx(seconds, abs=1))
