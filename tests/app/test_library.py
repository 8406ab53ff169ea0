"""Saved scenarios, drafts and links: nothing is lost; what is opened is what was saved."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from simulator.library.exchange import export_entries, read_file
from simulator.library.store import Library, library_path, open_library
from tests.app import pages

CHANGED = {"levers.boarding_rate": 420, "assumptions.recurrent_revenue_growth": [0.03, 0.02, 0.01]}


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUNHENG_HOME", str(tmp_path / "home"))


def _library() -> Library:
    return open_library(library_path())


def _fresh(name: str, **query: str) -> AppTest:
    """A visit that begins with an address, as a browser does."""
    test = AppTest.from_function(pages._draw, kwargs={"name": name}, default_timeout=30)
    for key, value in query.items():
        test.query_params[key] = value
    return test.run()


def _save(test: AppTest, name: str) -> AppTest:
    test.text_input("library_name").set_value(name)
    test.text_input("library_author").set_value("王会计")
    test.text_area("library_note").set_value("送审稿")
    next(b for b in test.button if b.label in ("保存到方案库", "Save to the library")).click()
    return test.run()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_saved_opens_as_it_was(language: str) -> None:
    test = _save(pages.opened("library", language, changes=CHANGED), "甲方案")
    assert not test.exception and not test.error
    entry = _library().entries()[0]
    assert entry.scenario().fingerprint == pages.draft_of(test).fingerprint
    assert entry.work.author == "王会计" and entry.work.note == "送审稿"
    # what is open is what was saved; one step back is the draft it was made of
    assert pages.draft_of(test).title("zh") == "甲方案"
    test.button("undo").click().run()
    test.button("reset_all").click().run()
    assert pages.draft_of(test).fingerprint != entry.work.scenario
    test.button("library_open").click().run()
    assert pages.draft_of(test).fingerprint == entry.work.scenario
    assert "甲方案" in test.info[0].value


def test_a_name_that_is_taken_keeps_both() -> None:
    first = _save(pages.opened("library", "zh", changes=CHANGED), "同名")
    assert len(first.info) == 1
    second = _save(pages.opened("library", "zh"), "同名")
    assert len(_library().entries()) == 2
    assert "王会计" in second.info[0].value


def test_a_name_that_cannot_be_is_refused_in_a_sentence() -> None:
    test = _save(pages.opened("library", "zh"), " ")
    assert not test.exception and len(test.error) == 1
    assert _library().entries() == ()


def test_delete_and_restore_rename_and_duplicate() -> None:
    test = _save(pages.opened("library", "zh"), "甲")
    test.button("library_delete").click().run()
    assert _library().entries() == () and "甲" in test.button("library_restore").label
    test.button("library_restore").click().run()
    entry = _library().entries()[0]
    test.button("library_duplicate").click().run()
    assert {each.name for each in _library().entries()} == {"甲", "甲（副本）"}
    test.selectbox("library_which").set_value(entry.id).run()
    test.text_input(f"library_new_name:{entry.id}").set_value("乙")
    next(b for b in test.button if b.label == "保存修改").click().run()
    assert not test.exception
    assert {each.name for each in _library().entries()} == {"乙", "甲（副本）"}


def test_search_by_word() -> None:
    test = _save(pages.opened("library", "zh"), "甲方案")
    test.text_input("library_search").set_value("没有这个词").run()
    assert "没有符合条件的方案" in pages.said(test)
    test.text_input("library_search").set_value("送审").run()
    assert "共 1 个" in pages.said(test)


def test_a_link_opens_exactly_that_to_be_read_and_can_be_gone_on_with() -> None:
    test = _save(pages.opened("library", "zh", changes=CHANGED), "甲方案")
    entry = _library().entries()[0]
    token = _library().share(entry.id)
    test = _fresh("overview", link=token, lang="zh")
    assert not test.exception and not test.error
    assert pages.draft_of(test).fingerprint == entry.work.scenario
    assert "只读副本" in test.info[0].value and not test.slider
    test.button("link_continue").click().run()
    assert test.slider and not any("只读副本" in each.value for each in test.info)
    assert pages.draft_of(test).fingerprint == entry.work.scenario


@pytest.mark.parametrize("name", ["link", "draft"])
@pytest.mark.parametrize("value", ["nonsense", "../../etc", "x" * 10_000, "'; drop table--"])
def test_an_address_that_leads_nowhere_is_told_in_one_sentence(name: str, value: str) -> None:
    test = _fresh("overview", lang="zh", **{name: value})
    assert not test.exception and not test.error
    assert len(test.warning) == 1
    assert test.slider


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_draft_comes_back_after_a_reload(language: str) -> None:
    test = pages.opened("money", language, changes=CHANGED)
    key = test.query_params["draft"]
    key = key[0] if isinstance(key, list) else key
    again = _fresh("overview", draft=key)
    assert not again.exception and not again.error and not again.warning
    now = again.session_state["session"]
    assert now.draft.fingerprint == pages.draft_of(test).fingerprint
    assert now.language == language
    assert now.picked.fingerprint == test.session_state["session"].picked.fingerprint
    # a value of a scenario's own, each of several years, is still there
    assert now.draft.get("assumptions.recurrent_revenue_growth") == [0.03, 0.02, 0.01]


def test_nothing_is_kept_of_a_visit_that_changed_nothing() -> None:
    test = _fresh("overview", lang="zh")
    assert "draft" not in test.query_params


def test_a_home_that_cannot_be_written_to_is_told_and_the_screen_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    monkeypatch.setenv("JUNHENG_HOME", str(blocked))
    test = pages.opened("overview", "zh", changes=CHANGED)
    assert not test.exception and len(test.toast) == 1
    library = pages.opened("library", "zh")
    assert not library.exception and len(library.error) == 1


def test_a_file_carries_scenarios_to_another_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _save(pages.opened("library", "zh", changes=CHANGED), "甲方案")
    before = _library().entries()
    content = export_entries(before)
    assert json.loads(content)["format"] == "junheng.scenarios"
    monkeypatch.setenv("JUNHENG_HOME", str(tmp_path / "elsewhere"))
    _library().save_all(read_file(content))
    test = pages.opened("library", "zh")
    test.button("library_open").click().run()
    assert _library().entries()[0].identity == before[0].identity
    assert pages.draft_of(test).fingerprint == before[0].work.scenario


def test_a_damaged_file_is_refused_in_a_sentence() -> None:
    test = pages.opened("library", "zh")
    test.file_uploader("library_import").set_value([("x.json", b"{}", "application/json")]).run()
    assert not test.exception and len(test.error) == 1
    assert _library().entries() == ()


HOSTILE = ("9999-12-31T23:59:59-12:00", b"\xff\xfe", "2027-03-01", 7)


def _spoil(table: str, field: str, value: object, where: str) -> None:
    with closing(sqlite3.connect(library_path())) as connection:
        connection.execute(f"UPDATE {table} SET {field} = ? WHERE {where}", (value,))
        connection.commit()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("value", HOSTILE)
def test_one_damaged_record_is_told_and_deleted_and_the_page_works(
    language: str, value: object
) -> None:
    _save(pages.opened("library", language), "好")
    test = _save(pages.opened("library", language), "坏")
    _spoil("entries", "saved", value, "name = '坏'")
    test.run()
    assert not test.exception and not test.error
    assert len(test.warning) == 1 and "坏" in test.warning[0].value
    assert test.selectbox("library_which").options[0].startswith("“好”")
    number = _library().damaged()[0].number
    test.button(f"library_discard:{number}").click().run()
    assert not test.exception and not test.warning
    assert [each.name for each in _library().entries()] == ["好"]


def test_a_search_that_is_too_long_is_told_in_a_sentence() -> None:
    test = _save(pages.opened("library", "zh"), "甲方案")
    test.text_input("library_search").set_value(" ".join(map(str, range(60)))).run()
    assert not test.exception and "过多" in test.error[0].value
    assert test.text_input("library_name")


@pytest.mark.parametrize(
    ("field", "value"),
    [("state", "[1]"), ("state", "{"), ("state", b"\xff"), ("kept", "?"), ("state", "{}"),
     ("state", json.dumps({"picked": "a: &a [1]", "draft": "a: *a"})),
     ("state", json.dumps({"picked": 3, "draft": [None]}))],
)  # fmt: skip
def test_a_damaged_draft_is_told_and_the_visit_goes_on(field: str, value: object) -> None:
    test = pages.opened("money", "zh", changes=CHANGED)
    key = test.query_params["draft"]
    key = key[0] if isinstance(key, list) else key
    _spoil("drafts", field, value, "1 = 1")
    again = _fresh("money", draft=key, lang="zh")
    assert not again.exception and not again.error
    assert len(again.warning) == 1 and again.slider


@pytest.mark.parametrize("money", [["x"], {"a": 1}, "dollars", None, 7])
@pytest.mark.parametrize("language", [["zh"], None, "\u202e"])
def test_a_draft_with_strange_settings_is_taken_up_without_them(
    money: object, language: object
) -> None:
    test = pages.opened("money", "zh", changes=CHANGED)
    key = test.query_params["draft"]
    key = key[0] if isinstance(key, list) else key
    kept = _library().draft(key)
    assert kept is not None
    strange = {"money": money, "language": language, "district_name": ["x" * 999], "district": 7}
    _library().keep_draft(key, {**kept.state, **strange})
    again = _fresh("money", draft=key)
    assert not again.exception and not again.error
    assert pages.draft_of(again).fingerprint == pages.draft_of(test).fingerprint
    assert len(pages.said(again)) < 100_000 and "x" * 200 not in pages.said(again)
