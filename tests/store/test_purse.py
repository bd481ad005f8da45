"""The purse: a job's money while permits are given in one piece of work."""

from __future__ import annotations

import pytest

from glaze_cli.errors import StoreError
from glaze_cli.model import Micros, Tier
from glaze_cli.store.no_permit import NoPermit
from glaze_cli.store.purse import Purse
from tests.store.fakes import store_with_job


def test_what_is_reserved_here_counts_before_it_is_written() -> None:
    """Of a cap of 25 the second call at 10 still has its share, the third is held back, a dearer one never
    fits; a provider's own cap likewise."""
    connection, _ = store_with_job(cap=25)
    purse, ten = Purse(connection, "job1"), Micros(10)
    for _ in range(2):
        assert purse.refusal("hunter", ten, None) is None
        purse.reserve("hunter", Tier.CHEAP, ten)
    assert purse.refusal("hunter", ten, None) is NoPermit.HELD
    assert purse.refusal("hunter", Micros(30), None) is NoPermit.JOB_CAP
    assert purse.refusal("hunter", Micros(5), Micros(24)) is NoPermit.HELD
    assert purse.refusal("apollo", Micros(5), Micros(4)) is NoPermit.PROVIDER_CAP
    assert purse.refusal("apollo", Micros(5), Micros(5)) is None


def test_all_of_it_is_written_once() -> None:
    """The job's sum, and each provider's; to write again changes nothing."""
    connection, _ = store_with_job(cap=100)
    purse = Purse(connection, "job1")
    for name, price in (("hunter", 10), ("apollo", 5), ("hunter", 1)):
        purse.reserve(name, Tier.CHEAP, Micros(price))
    assert connection.execute("SELECT reserved FROM enrichment_jobs").fetchone()[0] == 0
    purse.write()
    purse.write()
    assert connection.execute("SELECT reserved FROM enrichment_jobs").fetchone()[0] == 16
    rows = connection.execute("SELECT provider, reserved FROM job_providers ORDER BY rowid")
    assert [tuple(row) for row in rows] == [("hunter", 11), ("apollo", 5)]


def test_more_than_the_cap_leaves_is_never_written() -> None:
    """Should the money have changed behind its back, the whole transaction has to go."""
    connection, _ = store_with_job(cap=10)
    purse = Purse(connection, "job1")
    purse.reserve("hunter", Tier.CHEAP, Micros(10))
    connection.execute("UPDATE enrichment_jobs SET spent = 1")
    with pytest.raises(StoreError):
        purse.write()
    assert connection.execute("SELECT reserved FROM enrichment_jobs").fetchone()[0] == 0
