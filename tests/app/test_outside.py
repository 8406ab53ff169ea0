"""Names from outside stay words: on no page, in no file a link, a picture or a formula."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from google.protobuf.json_format import MessageToDict
from streamlit.testing.v1 import AppTest

from simulator.district.model import District
from simulator.district.sample import sample_district
from simulator.escaping import FORMULA_MARKS, WRITERS, written
from simulator.scenario.load import load_scenario
from simulator.ui.frame import PAGES
from simulator.ui.state import Session, start_draft
from tests.app import pages

HOSTILE = (
    "=甲![a](http://x.example/a)[b](http://x.example/b)<img src=http://x.example/c>"
    "`q`$m$:red[r] www.x.example a@x.example"
)
#: Texts that Streamlit reads as Markdown, by their names in its messages.
MARKDOWN = {"body", "label", "help", "caption", "delta"}
#: What is read as more than words: a link or picture, a tag, code, mathematics, a colour, and an
#: address that becomes a link by itself.
READ = re.compile(
    r"(?<!\\)\]\(http|(?<!\\)<img|(?<!\\)`q|(?<!\\)\$m|(?<!\\):red\[|https?://x|www\\?\.x|a\\?@x"
)


def _district() -> District:
    """The sample with a hostile name in every place that has a name from outside."""
    sample = sample_district()
    names = [f"{HOSTILE}{place}" for place in range(len(sample.schools))]
    settings = {
        name: HOSTILE if isinstance(value, str) and name.endswith("name") else value
        for name, value in sample.settings.items()
    }
    return replace(
        sample, name=HOSTILE, settings=settings, schools=sample.schools.assign(school_name=names),
        indicators=sample.indicators.assign(name=HOSTILE),
    )  # fmt: skip


def _session(language: str) -> Session:
    words = {"name": HOSTILE, "note": HOSTILE, "question": HOSTILE}
    picked = load_scenario("scenarios/steady.yaml").with_changes(words)
    tight = load_scenario("scenarios/tight_revenue.yaml").with_changes({"name": f"{HOSTILE}2"})
    draft = start_draft(picked).with_changes({"levers.appropriation.margin": -0.02})
    return Session(
        language="en" if language == "en" else "zh", district=_district(), picked=picked,
        draft=draft, opened={"own:1": picked, "own:2": tight},
    )  # fmt: skip


def _nodes(node: Any) -> Iterator[Any]:
    yield node
    for each in getattr(node, "children", {}).values():
        yield from _nodes(each)


def _strings(said: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(said, dict):
        for key, value in said.items():
            yield from _strings(value, key)
    elif isinstance(said, list):
        for value in said:
            yield from _strings(value, name)
    elif isinstance(said, str):
        yield name, said


def _read(test: AppTest) -> list[str]:
    """Every text of a page in which a hostile name is read as more than words."""
    found = []
    for node in _nodes(test._tree):
        proto = getattr(node, "proto", None)
        if not hasattr(proto, "DESCRIPTOR"):
            continue
        kind, message = node.type, MessageToDict(proto)
        for name, text in _strings(message):
            charts = json.dumps(json.loads(text), ensure_ascii=False) if name == "spec" else ""
            marked = name in MARKDOWN and kind not in ("html", "code") and READ.search(text)
            if marked or "<img" in charts or (kind in ("html", "iframe") and "<img" in text):
                found.append(f"{kind}.{name}: {text[:300]}")
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_reads_a_name_as_more_than_words(language: str) -> None:
    found: dict[str, list[str]] = {}
    for name in PAGES:
        test = AppTest.from_function(pages._draw, kwargs={"name": name}, default_timeout=60)
        test.session_state["session"] = _session(language)
        test.session_state["compare_kept"] = ["", "own:2"]
        test.run()
        assert not test.exception, name
        assert "甲" in pages.said(test), name
        if _read(test):
            found[name] = _read(test)
    assert found == {}


@pytest.mark.parametrize(("place", "page"), [("markdown", "overview"), ("plotly", "compare")])
def test_the_watch_sees_a_name_that_is_not_escaped(
    place: Any, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(WRITERS, place, str)  # type: ignore[arg-type]
    test = AppTest.from_function(pages._draw, kwargs={"name": page}, default_timeout=60)
    test.session_state["session"] = _session("zh")
    test.session_state["compare_kept"] = ["", "own:2"]
    assert _read(test.run()) != []


def test_no_file_reads_a_name_as_more_than_words(monkeypatch: pytest.MonkeyPatch) -> None:
    with pages.files(monkeypatch) as found:
        for name in ("compare", "balance", "rulebook", "data"):
            test = AppTest.from_function(pages._draw, kwargs={"name": name}, default_timeout=120)
            test.session_state["session"] = _session("zh")
            test.session_state["compare_kept"] = ["", "own:2"]
            test.run()
            assert not test.exception, name
    for place, content in found.items():
        assert not any(mark in place.partition("/")[2] for mark in '<>:"/\\|?*'), place
        for name, part in _parts(place, content):
            _harmless(name, part)


def _parts(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """A file and, where it is a packed folder, each file in it."""
    yield name, content
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for each in archive.namelist():
                yield from _parts(each, archive.read(each))


def _harmless(name: str, content: bytes) -> None:
    """A file holds nothing that is fetched, opened or computed by a name from outside."""
    text = pages.texts(content) if not name.endswith(".zip") else ""
    if name.endswith((".html", ".xlsx", ".docx")):
        assert "<img src" not in text, name
        assert not re.search(r"(TargetMode=\"External\"|<hyperlink )[^>]*x\.example", text), name
    if name.endswith(".csv"):
        cells = [cell.strip('"') for line in text.splitlines() for cell in line.split(",")]
        assert not any(cell.startswith("=甲") for cell in cells), name
    if name.endswith(".xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(content))
        formulas = [
            cell.value for sheet in book for row in sheet.iter_rows() for cell in row
            if cell.data_type == "f" and str(cell.value).startswith("=甲")
        ]  # fmt: skip
        assert formulas == [], name


@pytest.mark.parametrize("place", sorted(WRITERS))
@pytest.mark.parametrize("text", ["示范区第一小学", "Primary 1", ""])
def test_plain_names_stay_as_they_are(place: Any, text: str) -> None:
    assert written(text, place) == text


@pytest.mark.parametrize(
    ("place", "text", "wanted"),
    [
        ("markdown", "a\nb\r\nc", "a b c"), ("markdown", "[a](b)", r"\[a\]\(b\)"),
        ("markdown", "http://a", "http\\:\u2060\\/\\/a".replace("\\:\u2060", "\\:\u2060")),
        ("html", "<b>&\"'", "&lt;b&gt;&amp;&quot;&#x27;"),
        ("plotly", "<a href=x>$m$<br>", "&lt;a href=x&gt;&#36;m&#36;&lt;br&gt;"),
        ("word", "a\x00\x1bb", "ab"), ("terminal", "a\x1b[31mb\x9bc\u202ed", "a[31mbcd"),
    ],
)  # fmt: skip
def test_what_a_place_would_read_is_written_as_words(place: Any, text: str, wanted: str) -> None:
    assert written(text, place) == wanted


@pytest.mark.parametrize("mark", FORMULA_MARKS)
def test_no_cell_begins_as_a_formula(mark: str) -> None:
    assert written(f"{mark}1+1", "sheet").startswith("'")
    assert written(f"a{mark}1", "sheet").startswith("a")
