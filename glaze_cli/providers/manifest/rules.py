"""What an answer means: the first rule that holds, else a table of statuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from glaze_cli.providers.manifest.document import Document
from glaze_cli.providers.manifest.schema import Outcome, Rule

# 404 is not here: it can be a miss or a mistake in the address, and a failure must not look like a miss.
_BY_STATUS = {
    202: Outcome.PENDING,
    204: Outcome.MISS,
    400: Outcome.BAD_INPUT,
    401: Outcome.AUTH,
    402: Outcome.QUOTA,
    403: Outcome.AUTH,
    408: Outcome.RETRY,
    413: Outcome.BAD_INPUT,
    414: Outcome.BAD_INPUT,
    422: Outcome.BAD_INPUT,
    425: Outcome.RETRY,
    429: Outcome.RETRY,
    500: Outcome.RETRY,
    502: Outcome.LOST,
    503: Outcome.RETRY,
    504: Outcome.LOST,
    520: Outcome.LOST,  # 520 to 524: the same from Cloudflare; 521 and 522 never reached the service
    521: Outcome.RETRY,
    522: Outcome.RETRY,
    523: Outcome.RETRY,
    524: Outcome.LOST,
    529: Outcome.RETRY,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome, and the manifest's word for it, if it has one."""

    outcome: Outcome
    why: str = ""


_HIT = Verdict(Outcome.HIT)


def judge(rules: Sequence[Rule], document: Document) -> Verdict:
    """The first rule that may speak and holds; else the table; else success is a hit, the rest refused."""
    for rule in rules:
        if _may_speak(rule, document) and rule.when.holds(document.values):
            return Verdict(rule.then, rule.why)
    status = document.status
    outcome = None if status == 200 else _BY_STATUS.get(status)
    if outcome is not None:
        return Verdict(outcome)
    if not document.succeeded:
        return Verdict(Outcome.REFUSED)
    if document.broken:
        return Verdict(Outcome.REFUSED, "it is not what the service promises to send")
    return _HIT


def _may_speak(rule: Rule, document: Document) -> bool:
    """Keep "nothing in the body" from making a miss of an error page.

    A rule that ends in hit or miss speaks of answers that came about: of others only where it names the
    status itself, and of a body that could not be read never.
    """
    if rule.then not in (Outcome.HIT, Outcome.MISS):
        return True
    if document.broken and (document.succeeded or "body" in rule.when.reads):
        return False
    came_about = document.succeeded and document.status != 202  # 202: it is still to come
    return came_about or "status" in rule.when.reads
