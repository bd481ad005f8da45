"""Why a call may not be made."""

from __future__ import annotations

from glaze_cli.model.states import Captioned


class NoPermit(Captioned):
    """Why there is no permit for a call."""

    JOB_CAP = "job_cap", "more than the job's cap leaves"
    PROVIDER_CAP = "provider_cap", "more than its own cap in this job leaves"
    HELD = "held", "more than a cap leaves while other calls are under way"
    ELSEWHERE = "elsewhere", "another job is asking it"
    MEANWHILE = "meanwhile", "another job has just asked it"
    NOT_OWNER = "not_owner", "another process has taken the job over"
