"""The report as one HTML page that opens offline: nothing is fetched, and nothing in it but ours can run."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from glaze_cli.model import JobStatus
from glaze_cli.ui.document import Document, moment, money, money_notes, reason_caption
from glaze_cli.ui.job_view import view
from glaze_cli.ui.pages.charts import Drawing
from glaze_cli.ui.pages.drawings import draw
from glaze_cli.ui.pages.facts import MOST_NAMES, Facts, filled
from glaze_cli.ui.pages.steps import STEPS
from glaze_cli.ui.text import inert

POLICY = "default-src 'none'; style-src '{style}'; script-src '{script}'; base-uri 'none'; form-action 'none'"
"""The page's stylesheet and script by their hashes, and nothing else from anywhere."""

Part = Mapping[str, Any]


def render(
    document: Document,
    facts: Facts,
    costs: Mapping[str, Sequence[Part]],
    latency: Sequence[Part],
    made: str,
    version: str,
) -> str:
    """The whole page. `made`: when, as text; the other parts are those of store.reporting and facts.count."""
    environment = Environment(
        loader=PackageLoader("glaze_cli.ui.pages", "."),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "drawn": _drawn,
        "inert": inert,
        "money": money,
        "moment": moment,
        "words": _words,
    }
    style, script = (_own(environment, name) for name in ("page.css", "page.js"))
    job = view(document)
    status = str(document.get("status") or "")
    return environment.get_template("page.html").render(
        document=document,
        job=job,
        facts=facts,
        costs={name: parts[:MOST_NAMES] for name, parts in costs.items()},
        latency=latency[:MOST_NAMES],
        charts=draw(facts, costs, latency),
        name=inert(PurePath(str(document.get("file") or "")).name or "a sheet"),
        caption=JobStatus(status).caption if status in list(JobStatus) else "",
        notes=list(money_notes(document)),
        steps=STEPS,
        filled=filled,
        reason_caption=reason_caption,
        made=made,
        version=version,
        style=Markup(style),
        script=Markup(script),
        policy=POLICY.format(style=_hash(style), script=_hash(script)),
    )


def _own(environment: Environment, name: str) -> str:
    """A file of this folder, as it stands."""
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0].replace("\r\n", "\n")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _drawn(drawing: Drawing) -> Markup:
    """lxml wrote it, so all text in it is escaped."""
    return Markup(drawing.svg)


def _words(name: object) -> str:
    return inert(name).replace("_", " ")
