"""`glaze columns`: what each header was understood as, and what can be filled from what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glaze_cli.cli import options as o

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from glaze_cli.model import Field
    from glaze_cli.providers.base import Provider


def columns(
    sheet_path: o.SheetPath,
    sheet: o.SheetName = None,
    header_row: o.HeaderRow = 1,
    delimiter: o.Delimiter = None,
    encoding: o.Encoding = None,
    config: o.Config = None,
    providers_dir: o.ProvidersDir = None,
    json_: o.Json = False,
) -> int:
    """Show what each header is read as, what can be filled from what is there, and by whom."""
    from glaze_cli.cli.pipe import readable
    from glaze_cli.cli.request import EnrichRequest
    from glaze_cli.cli.sheet_names import meant_sheet
    from glaze_cli.cli.show import View
    from glaze_cli.cli.wiring import provider_set
    from glaze_cli.engine.plan import header_fields
    from glaze_cli.sheets.headers import Headers

    with readable(meant_sheet(sheet_path)) as path:
        request = EnrichRequest(
            str(path),
            delimiter=delimiter,
            encoding=encoding,
            config=None if config is None else str(config),
            providers_dirs=tuple(map(str, providers_dir or ())),
        )
        settings = request.settings()
        book = request.open()
        found = book.sheet(sheet)
        headers = Headers.of(found, header_row)
        providers = provider_set(settings).chosen(request)
        fields = header_fields(headers.texts, settings)
        prompts = {header for header, wish in settings.columns.items() if wish.prompt}
        document = describe(headers.texts, fields, providers, prompts)
        view = View(json=json_)
        for notice in book.notices:
            view.say(f"Note: {notice}")
        if json_:
            view.print_json(document)
        else:
            _print(document, headers.row)
        return 0


def describe(
    headers: Sequence[str],
    fields: Sequence[Field],
    providers: Sequence[Provider],
    prompts: Collection[str],
) -> dict[str, Any]:
    """Each header with its field and who can fill it, and the fields that could be added.

    `prompts` are the headers of columns that a language model is asked about.
    """
    from glaze_cli.fields.catalog import field_infos
    from glaze_cli.model import column_letters

    there = {field for field, header in zip(fields, headers, strict=True) if header}
    models = [provider.name for provider in providers if provider.prompted]
    listed = [
        {
            "column": column_letters(number),
            "header": header,
            "field": None if field.startswith("header:") else field,
            "prompt": header in prompts,
            "providers": models if header in prompts else fillers(field, there, providers),
        }
        for number, (header, field) in enumerate(zip(headers, fields, strict=True), 1)
        if header
    ]
    addable = {field: fillers(field, there, providers) for field in field_infos() if field not in there}
    more = [
        {"field": field, "caption": field_infos()[field].caption, "providers": names}
        for field, names in addable.items()
        if names
    ]
    return {"columns": listed, "addable": more}


def fillers(field: Field, there: set[Field], providers: Sequence[Provider]) -> list[str]:
    """The providers that can fill the field of some row, given the fields that the sheet has."""
    from glaze_cli.engine.plan import gives

    others = there - {field}
    able = (provider for provider in providers if gives(provider, field))
    return [provider.name for provider in able if any(need <= others for need in provider.needs_for(field))]


def _print(document: dict[str, Any], header_row: int) -> None:
    from rich.table import Table
    from rich.text import Text

    from glaze_cli.cli.show import out_console
    from glaze_cli.ui.text import inert

    table = Table("Column", "Header", "Read as", "Can be filled by", title=f"Headers in row {header_row}")
    for column in document["columns"]:
        who = ", ".join(column["providers"]) or "–"
        meaning = "prompt" if column["prompt"] else column["field"] or "–"
        table.add_row(column["column"], Text(inert(column["header"])), meaning, who)
    console = out_console()
    console.print(table)
    if document["addable"]:
        more = Table("Field", "What it is", "By", title="Can be added, with --columns")
        for field in document["addable"]:
            more.add_row(field["field"], field["caption"], ", ".join(field["providers"]))
        console.print(more)
