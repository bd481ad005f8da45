"""Reads the other ways to ask than one request, one answer: in pages, in batches, and with answers later."""

from __future__ import annotations

from collections.abc import Collection

from glaze_cli.model import Field
from glaze_cli.providers.manifest.document import NAMES
from glaze_cli.providers.manifest.load_expr import load_expr, load_expr_if, load_rules
from glaze_cli.providers.manifest.load_request import jsonable, load_request, names_in
from glaze_cli.providers.manifest.schema import Expect, Missing
from glaze_cli.providers.manifest.section import Section
from glaze_cli.providers.manifest.template import placeholders
from glaze_cli.providers.manifest.ways import Batch, Pages, Poll

_MOST_PAGES = 20
_MOST_ROWS = 1_000


def load_pages(section: Section, method: str) -> Pages:
    """The `pages` of a list that is asked for by that method. Raises ManifestError."""
    by_cursor = section.has("cursor")
    if by_cursor == section.has("next"):
        section.refuse(None, "`pages` needs either `next` or `cursor`: where an answer says how to go on")
    pages = Pages(
        max=_count(section, "max", 2, _MOST_PAGES),
        next=load_expr_if(section, "next"),
        cursor=load_expr_if(section, "cursor"),
        query=section.text("query") if by_cursor else "",
    )
    if pages.next is not None and method != "GET":
        section.refuse("next", '`next` is for method = "GET"; what is posted goes on with a `cursor`')
    section.close()
    return pages


def load_poll(section: Section, needs: Collection[str]) -> Poll:
    """The `poll`. Raises ManifestError."""
    poll = Poll(
        handle=load_expr(section, "handle"),
        request=load_request(section.inner("request"), {*needs, "handle"}),
        rules=load_rules(section),
        expect=section.choice("expect", Expect, Expect.JSON),
        every_s=float(section.number("every_s", "a number of seconds", 5)),
        max_s=float(section.number("max_s", "a number of seconds", 900)),
    )
    if "handle" not in names_in(poll.request):
        section.refuse("request", "`request` has no {handle}: how does the service know which job is meant?")
    if not poll.every_s or poll.max_s < poll.every_s:
        section.refuse("every_s", "`every_s` must be above 0, and not above `max_s`")
    section.close()
    return poll


def load_batch(section: Section, needs: frozenset[Field]) -> Batch:
    """The `batch`. Raises ManifestError."""
    each = jsonable(section.ask("each", object, "what stands for one row")) if section.has("each") else None
    batch = Batch(
        max=_count(section, "max", 2, _MOST_ROWS),
        request=load_request(section.inner("request"), needs if each is None else {"each"}),
        items=load_expr(section, "items"),
        key=load_expr(section, "key", NAMES | {"item"}),
        input=_input(section, needs),
        join=section.text("join", "" if each is not None else None),
        each=each,
        status=load_expr_if(section, "status", NAMES | {"item"}),
        rules=load_rules(section),
        missing=section.choice("missing", Missing, Missing.ERROR),
    )
    _refuse_unfit(section, batch, needs)
    section.close()
    return batch


def _input(section: Section, needs: frozenset[Field]) -> Field | None:
    if not section.has("input"):
        return None
    field = Field(section.text("input"))
    if field not in needs:
        section.refuse("input", f"`input` is {field}, which is not in `needs`")
    return field


def _refuse_unfit(section: Section, batch: Batch, needs: frozenset[Field]) -> None:
    """Refuse a batch whose answers could not be told apart, or whose rows would not be asked."""
    request = batch.request
    if batch.each is None:
        if batch.input is None or set(names_in(request)) != {batch.input} or len(needs) > 1:
            section.refuse(
                None,
                "`batch` joins values of one field: name it in `input` and need no other; else use `each`",
            )
        if not batch.join:
            section.refuse("join", "`join` is empty: what stands between the values?")
        return
    if names_in(request) != ["each"] or not _holds_each(request.json):
        section.refuse("request", '`request` needs `json` with "{each}" once, alone in its text')
    names = set(placeholders(batch.each))
    for name in sorted(names - needs - {"key"}):
        section.refuse("each", f"`each` has {{{name}}}, which is not in `needs`")
    if (batch.input is None) != ("key" in names):
        section.refuse(
            None,
            "how is an answer known to be about a row? By `input`, a field it repeats, or {key} in `each`",
        )
    if batch.input is not None and batch.input not in names:
        section.refuse("each", f"`each` does not send {{{batch.input}}}, which answers are to repeat")


def _holds_each(template: object) -> bool:
    if isinstance(template, dict):
        return any(_holds_each(part) for part in template.values())
    if isinstance(template, list):
        return any(_holds_each(part) for part in template)
    return template == "{each}"


def _count(section: Section, key: str, least: int, most: int) -> int:
    what = f"a whole number from {least} to {most:,}"
    number = section.ask(key, int, what)
    if not least <= number <= most:
        section.refuse(key, f"`{key}` must be {what}")
    return number
