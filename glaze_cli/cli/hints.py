"""What a user may want to know before a run: settings that meet no column, and providers that lack a key."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from glaze_cli.cli.request import EnrichRequest
from glaze_cli.cli.wiring import ProviderSet
from glaze_cli.engine.plan import gives, header_fields
from glaze_cli.model import ANY, Field
from glaze_cli.model.settings import ColumnSettings, Settings
from glaze_cli.providers.base import Provider
from glaze_cli.sheets.selection import Selection


class Target(Protocol):
    """A column that is to be filled, as the selection or a kept job names it."""

    @property
    def column(self) -> int:
        """1 = A."""

    @property
    def header(self) -> str:
        """What stands above it, or will."""


def strange_columns(settings: Settings, headers: Collection[str]) -> Iterator[str]:
    """A sentence where `[columns]` speaks of headers that the sheet lacks: it would be silent otherwise."""
    strange = [header for header in settings.columns if header not in headers]
    if strange and settings.source is not None:
        shown = ", ".join(_meant(header, headers) for header in strange[:5])
        more = f" and {len(strange) - 5} more" if len(strange) > 5 else ""
        yield f"{settings.source.name} speaks of columns that this sheet lacks: {shown}{more}."


def target_fields(headers: Sequence[str], targets: Iterable[Target], settings: Settings) -> frozenset[Field]:
    """What the columns are to hold that are filled; `headers` are the sheet's."""
    targets = tuple(targets)
    texts = dict(enumerate(headers, 1)) | {target.column: target.header for target in targets}
    fields = dict(zip(texts, header_fields(list(texts.values()), settings), strict=True))
    return frozenset(fields[target.column] for target in targets)


def could_fill(
    providers: ProviderSet, request: EnrichRequest, settings: Settings, selection: Selection
) -> dict[str, str]:
    """By name, what each provider lacks that would be asked about a column of the selection."""
    headers = list(selection.headers.texts)
    texts = headers + [target.header for target in selection.targets if target.column > len(headers)]
    fields = header_fields(texts, settings)
    unready = providers.unready_for(request, {fields[target.column - 1] for target in selection.targets})
    lacking: dict[str, str] = {}
    for target in selection.targets:
        wish = settings.columns.get(target.header, ColumnSettings())
        others = {f for column, f in enumerate(fields, 1) if texts[column - 1] and column != target.column}
        field = fields[target.column - 1]
        for provider in unready:
            if _would_ask(provider, wish, field, others):
                lacking[provider.name] = provider.lacks
    return lacking


def said(lacking: Mapping[str, str]) -> str:
    """`hunter (set HUNTER_API_KEY), apollo (set APOLLO_API_KEY)`."""
    return ", ".join(f"{name} ({lacks})" for name, lacks in lacking.items())


def _would_ask(provider: Provider, wish: ColumnSettings, field: Field, others: Collection[Field]) -> bool:
    if provider.prompted != (wish.prompt is not None) or not gives(provider, field):
        return False
    if provider.name not in wish.waterfall if wish.waterfall else provider.on_request:
        return False
    return any(need <= set(others) or ANY in need for need in provider.needs_for(field))


def _meant(header: str, headers: Collection[str]) -> str:
    folded = {text.casefold(): text for text in headers if text}
    close = difflib.get_close_matches(header.casefold(), folded, 1)
    return f'"{header}" (did you mean "{folded[close[0]]}"?)' if close else f'"{header}"'
