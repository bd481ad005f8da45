"""The page as text: nothing in it leads out, runs, or is markup that is not ours."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest
from lxml import etree, html

from glaze_cli.model import TaskStatus
from tests.ui.pages.jobs import HOSTILE, finished, many, page, pay, record, step

pytest.importorskip("pygal")
pytest.importorskip("jinja2")


@pytest.fixture(scope="module")
def text() -> str:
    """The page of a job with hostile text in all places that the store has for text."""
    connection, job = finished(
        [*many(300), *(_nasty(words) for words in HOSTILE.values())],
        headers=(HOSTILE["script"], HOSTILE["attribute"], HOSTILE["ansi"] + HOSTILE["bidi"]),
        path="/x/" + HOSTILE["image"].replace("/", "") + HOSTILE["osc 8"].replace("/", "") + ".xlsx",
    )
    pay(connection)
    connection.execute("UPDATE attempts SET provider = ? WHERE id = 1", (HOSTILE["script"],))
    connection.execute("UPDATE enrichment_jobs SET error = ?", (HOSTILE["script"] + HOSTILE["separators"],))
    return page(connection, job)


def _nasty(words: str) -> tuple[TaskStatus, str, str, dict[str, object]]:
    return TaskStatus.FAILED, words[:5_000], words, record(None, None, step(words, words, "failed"))


def test_it_is_well_formed(text: str) -> None:
    """Without the contents of script and style it is XML, so every element ends where it should."""
    bare = re.sub(r"(<(script|style)[^>]*>).*?(</\2>)", r"\1\3", text, flags=re.DOTALL)
    assert etree.fromstring(bare.removeprefix("<!DOCTYPE html>").encode()).tag == "html"


def test_nothing_leads_out(text: str) -> None:
    """No address, no inline handler or style, and only elements that we use."""
    root = html.document_fromstring(text)
    for element in root.iter(etree.Element):
        for name in element.attrib:
            assert name not in ("src", "href", "srcset", "style", "action", "data", "id.href"), name
            assert not name.startswith(("on", "xlink")), name
    names = {element.tag for element in root.iter(etree.Element)}
    assert not names & {
        "img",
        "iframe",
        "object",
        "embed",
        "link",
        "base",
        "a",
        "use",
        "image",
        "foreignobject",
    }
    (style,) = root.iter("style")
    assert "url(" not in style.text and "@import" not in style.text
    assert [script.get("type") for script in root.iter("script")] == ["application/json", None]


def test_the_policy_allows_ours_alone(text: str) -> None:
    """default-src 'none', and the hashes are those of the stylesheet and the script in the page."""
    root = html.document_fromstring(text)
    (policy,) = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    own = [root.xpath("//style")[0].text, root.xpath("//script[not(@type)]")[0].text]
    hashes = [base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in own]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert "unsafe" not in policy


def test_hostile_text_is_inert_and_cut(text: str) -> None:
    """No control character, no change of direction, no megabyte; the data ends no script."""
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]", text
    )
    assert len(text) < 400_000
    (data,) = re.findall(r'<script type="application/json" id="cells">(.*?)</script>', text, re.DOTALL)
    assert not set("<>&'") & set(data)
    assert len(json.loads(data)) == 300 + len(HOSTILE)
    assert "<script>window" not in text and "<img" not in text
    assert "&lt;script&gt;window.pwned" in text  # it can be read


def test_it_tells_everything(text: str) -> None:
    """Every section, with what was lost and every chart."""
    root = html.document_fromstring(text)
    assert [head.text_content() for head in root.iter("h2")] == [
        *("Columns", "Waterfall", "Cost by provider", "Cost by column", "Confidence"),
        *("How long calls took", "Failures", "Cells"),
    ]
    assert len(list(root.iter("svg"))) == 6
    assert "1 call without an outcome" in text


def test_an_empty_job_has_a_page() -> None:
    """Nothing was asked, nothing was spent, and the page says so."""
    text = page(*finished([]))
    assert "Nobody was asked." in text
    assert "No value was found." in text
    assert "No cell failed." in text
    assert "<svg" in text  # the columns, with what is left
