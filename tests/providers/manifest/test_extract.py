"""What of an answer fits in a cell, and that the quick ways to read it agree with the plain ones."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from glaze_cli.model import Micros
from glaze_cli.providers.call import Reply
from glaze_cli.providers.manifest.bill import bill
from glaze_cli.providers.manifest.document import Document, read
from glaze_cli.providers.manifest.expr import Expr
from glaze_cli.providers.manifest.extract import as_scalar, confidence_of
from glaze_cli.providers.manifest.load import load_manifest
from glaze_cli.providers.manifest.match import match
from glaze_cli.providers.manifest.schema import ChargeOn, Confidence, Cost, Expect
from tests.providers.manifest.example import HEAD

OP = """
[[op]]
id = "find"
needs = ["company"]
gives = ["legal_name", "lei"]
request = {path = "/companies/{company}"}
extract = {legal_name = "body.name", lei = "body.id || headers.id"}
confidence = {path = "body.score || similarity", scale = 2}
citations = "[legal_name, body.url]"
"""
ANYTHING = st.sampled_from(
    [None, "", " ", "Acme", "\ufffd", True, 0, 1.5, float("nan"), ["x"], {"name": "y"}]
)
BODIES = st.none() | st.dictionaries(st.sampled_from(["name", "id", "score", "url"]), ANYTHING)


@given(BODIES, st.dictionaries(st.sampled_from(["id"]), st.just("L1")))
def test_one_candidate_is_read_like_one_of_many(body: Any, headers: dict[str, str]) -> None:
    """Where nothing is to be chosen, the answer is what it would be as a list of one."""
    op = load_manifest(HEAD + OP).ops[0]
    document = Document({"status": 200, "headers": headers, "body": body, "text": ""}, broken=False)
    listed = replace(op, items=Expr.parse("[status]"))
    before = json.dumps(document.values)
    assert match(op, {}, document) == match(listed, {}, document)
    assert json.dumps(document.values) == before


@given(st.text(st.characters(), max_size=5) | st.sampled_from(["a\ud800", "\udfffé", "\ufffd", "\ue000"]))
def test_text_that_cannot_be_read_or_stored_is_no_value(text: str) -> None:
    """Blank, with bytes that nobody could read, or with half a letter."""
    broken = "\ufffd" in text or any("\ud800" <= letter <= "\udfff" for letter in text)
    assert as_scalar(text) == (None if broken or not text.strip() else text.strip())


@given(st.text(alphabet='{}[]",:1e.tfn \n\ufeffé\\u', max_size=12))
@example("\ufeff\ufeff1")
@example(" 1 2")
def test_json_is_read_as_the_library_reads_it(text: str) -> None:
    """The same value, and broken where it is none; one mark of UTF-8 at the start is passed over."""
    document = read(Reply(200, {}, text.encode(), ""), Expect.JSON)
    try:
        value, broken = json.loads(text.removeprefix("\ufeff")), False
    except ValueError:
        value, broken = None, True
    assert (repr(document.values["body"]), document.broken) == (repr(value), broken)


@given(st.sampled_from(ChargeOn), st.frozensets(st.sampled_from(ChargeOn)), st.booleans())
def test_what_is_free_is_billed_nothing(kind: ChargeOn, charged: frozenset[ChargeOn], priced: bool) -> None:
    """Whatever comes of it, and as what it comes."""
    by = {kind: Micros(0)} if priced else {}
    assert bill(Cost(Micros(0), charged, by), kind, {"body": {"cost": 1}}) == 0


@given(st.floats() | st.integers() | st.sampled_from([None, True, "0.5", "x", [], {}, "-0", 10**400]))
@example(-0.0)
@example(2)
@example(1e-320)
def test_a_confidence_is_a_share(value: object) -> None:
    """From 0 to 1, and never -0; what is no number, or none that can be, says nothing."""
    wanted = 0.0
    if isinstance(value, int | float | str) and not isinstance(value, bool) and value not in ("x", 10**400):
        share = float(value) / 2
        wanted = min(1.0, max(0.0, share)) if math.isfinite(share) else 0.0
    said = confidence_of(Confidence(Expr.parse("score"), 2.0), {"score": value})
    assert repr(said) == repr(wanted)
