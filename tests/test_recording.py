"""The recording in the README: a film of a terminal as one SVG, in which text is text and nothing runs."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

DOCS = Path(__file__).parents[1] / "docs"
PICTURE = DOCS / "session.svg"
SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {"svg", "title", "style", "rect", "defs", "g", "use", "text"}
LARGEST = 300_000
"""Bytes: it is loaded with the README."""


@pytest.fixture
def film(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """docs/film.py, which stands beside the script that uses it."""
    monkeypatch.syspath_prepend(DOCS)
    return importlib.import_module("film")


@pytest.fixture
def record(film: ModuleType) -> ModuleType:
    """docs/record.py, not run."""
    return importlib.import_module("record")


def inert(text: str) -> ElementTree.Element:
    """The picture, parsed; it is well-formed, and holds nothing that runs or is fetched."""
    assert "<!" not in text
    root = ElementTree.fromstring(text)
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in DRAWN
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert "href" not in name or value.startswith("#")
    styles = "".join(element.text or "" for element in root.iter(f"{SVG}style"))
    assert not re.search(r"url\(|@import|@font-face", styles)
    return root


def rows(root: ElementTree.Element) -> list[str]:
    """The words of each different row."""
    defs = root.find(f"{SVG}defs")
    assert defs is not None
    return [" ".join(part.text or "" for part in row.iter(f"{SVG}text")) for row in defs]


def test_a_small_session_becomes_a_film(film: ModuleType) -> None:
    """Each screen is a frame, for as long as it was seen; a row that stays is drawn once."""
    camera = film.Camera(20, 3, shortest=0.2)
    camera.see(b"$ \x1b[?25l", 0.0)
    camera.see(b"glaze\r\n", 1.0)
    camera.see(b"\x1b[1;32mdo\x1b[0m", 2.0)
    camera.see(b"\x1b[1;32mne\x1b[0m", 2.1)  # follows so soon that it is one with the last
    camera.see(b"\x1b[0m", 3.0)  # nothing new to see
    assert [(frame.seconds, frame.text) for frame in camera.frames] == [
        (0.0, "$\n\n"),
        (1.0, "$ glaze\n\n"),
        (2.0, "$ glaze\ndone\n"),
    ]
    text = film.svg(camera.frames, end=4.0, still=1, title="A session")
    root = inert(text)
    assert rows(root) == ["$", "$ glaze", "done"]
    assert "@keyframes a1{0%{visibility:hidden}25.000%{visibility:visible}50.000%{visibility:hidden}}" in text
    assert "@keyframes a2{0%{visibility:hidden}50.000%{visibility:visible}}" in text
    (done,) = (element for element in root.iter(f"{SVG}text") if element.text == "done")
    assert (done.get("class"), done.get("fill")) == ("b", film.COLOURS["green"])


def test_hostile_text_is_text(film: ModuleType) -> None:
    """Markup, control characters and changes of direction in a cell are neither obeyed nor lost."""
    hostile = '<script>alert(1)</script> ]]> & &lt; "x" </text></svg>\u202e\ufffe'
    camera = film.Camera(80, 2)
    camera.see(f"{hostile}\r\n\x1b]0;title\x07\x1b]8;;javascript:1\x07link".encode(), 0.0)
    root = inert(film.svg(camera.frames, end=1.0, still=0, title=hostile))
    shown = " ".join(rows(root))
    assert '<script>alert(1)</script> ]]> & &lt; "x" </text></svg>' in shown
    assert "\u202e" not in shown
    assert "javascript" not in shown


def test_wide_characters_keep_their_columns(film: ModuleType) -> None:
    """A text is as long as its cells, whatever font the reader has."""
    camera = film.Camera(20, 1)
    camera.see("\x1b[?25l黒川 ab".encode(), 0.0)
    root = inert(film.svg(camera.frames, end=1.0, still=0, title="wide"))
    (text,) = root.iter(f"{SVG}text")
    assert (text.text, text.get("textLength")) == ("黒川 ab", str(7 * film.WIDE))


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
def test_the_folder_is_renamed_in_any_pieces(record: ModuleType, size: int) -> None:
    """The temporary folder's name never gets into the film, even where a read ends within it."""
    data = b"in /tmp/3f2a/leads.csv, /tmp/3f2b, /tmp/tmp/3f2a, /tm"
    renamed = record.Renamed(b"/tmp/3f2a", b"/home/ada")
    pieces = [renamed(data[at : at + size]) for at in range(0, len(data), size)]
    assert b"".join([*pieces, renamed(b"!")]) == data.replace(b"/tmp/3f2a", b"/home/ada") + b"!"


def test_the_recording_is_sound() -> None:
    """docs/session.svg runs and fetches nothing, names no folder of whoever recorded it, and is small."""
    text = PICTURE.read_text(encoding="utf-8")
    words = "\n".join(rows(inert(text)))
    assert not re.search(r"/(tmp|work|root|var|private|Users|home/(?!ada/))", words)
    assert len(text.encode()) < LARGEST


def test_the_recording_shows_the_session(record: ModuleType) -> None:
    """Every command of the script was typed, none ended in an error, and the grid was seen at work."""
    words = "\n".join(rows(inert(PICTURE.read_text(encoding="utf-8"))))
    for line, _ in record.SESSION:
        assert line.replace(" JOB", "") in words, line
    assert "Error:" not in words
    assert "not found" in words
    assert "▰" in words


def test_the_recording_stands_still_for_who_wants_that() -> None:
    """Without animation one frame is seen, and it is one of the grid at work."""
    text = PICTURE.read_text(encoding="utf-8")
    assert "@media(prefers-reduced-motion:reduce){.f{animation:none}}" in text
    root = inert(text)
    (still,) = (frame for frame in root.iter(f"{SVG}g") if "still" in frame.get("class", "").split())
    drawn = {row.get("id"): "".join(row.itertext()) for row in root.iter(f"{SVG}g") if row.get("id")}
    assert any("▰" in drawn[use.get("href", "").removeprefix("#")] for use in still)
