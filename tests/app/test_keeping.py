"""A visit's work stays its own: through page turns, reloads, two windows, a link, a full disk."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from simulator.errors import JunhengError
from simulator.library.database import SqlLibrary
from simulator.library.store import Library, library_path, open_library
from simulator.ui import state
from simulator.ui.frame import PAGES
from tests.app import pages
from tests.app.test_library import _fresh, _save

RATE = "levers.boarding_rate"


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUNHENG_HOME", str(tmp_path / "home"))


def _library() -> Library:
    return open_library(library_path())


def _key(test: AppTest, name: str = "draft") -> str:
    found = test.query_params[name]
    return str(found[0] if isinstance(found, list) else found)


def _edit(test: AppTest, **changes: Any) -> AppTest:
    """Change the draft, as a slider does."""
    now = test.session_state["session"]
    draft = now.draft.with_changes(changes)
    past = (*now.past, now.draft)
    test.session_state["session"] = state.replace(now, draft=draft, past=past)
    return test.run()


def _rate(test: AppTest) -> object:
    return pages.draft_of(test).get(RATE)


def test_the_address_keeps_its_draft_when_a_page_is_turned() -> None:
    test = _edit(_fresh("overview", lang="zh"), **{RATE: 420})
    key = _key(test)
    test.query_params.clear()  # what the link of another page does
    test.run()
    assert _key(test) == key
    assert _rate(_fresh("money", draft=key)) == 420


def test_what_is_kept_is_more_than_the_levers() -> None:
    test = _save(_fresh("library", lang="zh"), "甲")
    now = test.session_state["session"]
    test.session_state["session"] = state.replace(now, language="en", money="yuan")
    test.run()
    again = _fresh("library", draft=_key(test)).session_state["session"]
    assert (again.language, again.money) == ("en", "yuan")
    assert [each.title("zh") for each in again.opened.values()] == ["甲"]
    assert again.picked in again.opened.values()
    # it still says what it changes, over the base it was saved with
    assert again.picked.changed() == now.picked.changed()


def test_a_language_alone_is_kept_too() -> None:
    test = _fresh("overview", lang="zh")
    test.session_state["session"] = state.replace(test.session_state["session"], language="en")
    test.run()
    assert _fresh("overview", draft=_key(test)).session_state["session"].language == "en"


def test_two_windows_on_one_draft_keep_both() -> None:
    first = _edit(_fresh("overview", lang="zh"), **{RATE: 420})
    key = _key(first)
    second = _fresh("overview", draft=key)
    _edit(first, **{RATE: 430})
    _edit(second, **{RATE: 440})
    assert not second.exception and "另存为一份草稿" in second.toast[0].value
    assert _key(first) == key != _key(second)
    assert _rate(_fresh("overview", draft=key)) == 430
    assert _rate(_fresh("overview", draft=_key(second))) == 440
    # from then on each goes on by itself
    _edit(second, **{RATE: 450})
    assert not second.toast
    assert _rate(_fresh("overview", draft=_key(second))) == 450


def test_what_cannot_be_kept_is_told_once_and_kept_when_it_can_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    test = _fresh("overview", lang="zh")

    def full(*_: Any, **__: Any) -> None:
        raise JunhengError("store_full", path="库")

    with monkeypatch.context() as patched:
        patched.setattr(SqlLibrary, "keep_draft", full)
        _edit(test, **{RATE: 420})
        assert not test.exception and "磁盘已满" in test.toast[0].value
        _edit(test, **{RATE: 430})
        assert not test.exception and not test.toast
    test.run()
    assert "已重新存上" in test.toast[0].value
    assert _rate(_fresh("overview", draft=_key(test))) == 430


def test_a_library_taken_away_under_the_server_is_made_anew() -> None:
    test = _edit(_fresh("overview", lang="zh"), **{RATE: 420})
    for each in library_path().parent.iterdir():
        each.unlink()
    _edit(test, **{RATE: 430})
    assert not test.exception and not test.error and not test.toast
    assert _rate(_fresh("overview", draft=_key(test))) == 430


@pytest.mark.parametrize(
    "state_", ["", "[]", "{", '"x"', "{}", '{"picked": 1, "draft": []}', '{"opened": 5}']
)
def test_a_damaged_draft_is_told_in_a_sentence(state_: str) -> None:
    test = _edit(_fresh("overview", lang="zh"), **{RATE: 420})
    key = _key(test)
    with sqlite3.connect(library_path()) as connection:
        connection.execute("update drafts set state = ?", (state_,))
    connection.close()
    again = _fresh("overview", lang="zh", draft=key)
    assert not again.exception and "草稿已损坏" in again.warning[0].value
    assert again.slider


def _by_link() -> tuple[AppTest, str]:
    _save(pages.opened("library", "zh", changes={RATE: 420}), "甲")
    library = _library()
    token = library.share(library.entries()[0].id)
    return _fresh("overview", link=token, lang="zh"), token


def test_a_link_is_still_open_after_a_page_is_turned() -> None:
    test, token = _by_link()
    test.query_params.clear()
    test.run()
    assert _key(test, "link") == token and "draft" not in test.query_params


@pytest.mark.parametrize("page", PAGES)
def test_nothing_of_a_copy_to_read_is_changed_from_any_page(page: str) -> None:
    _, token = _by_link()
    test = _fresh(page, link=token, lang="zh")
    before = test.session_state["session"]
    assert not test.exception and before.reading
    for button in [each for each in test.button if not each.disabled]:
        if button.key in ("link_continue", "plan_seek"):
            continue
        button.click().run()
        now = test.session_state["session"]
        assert now.draft.fingerprint == before.draft.fingerprint, button.key
        assert (now.picked, now.district, now.opened) == (
            before.picked, before.district, before.opened
        ), button.key  # fmt: skip
    assert len(_library().entries()) == 1


def test_a_linked_visit_neither_sees_nor_deletes_what_others_saved() -> None:
    _, token = _by_link()
    _library().save(_library().entries()[0].work)
    test = _fresh("library", link=token, lang="zh")
    assert "方案库不开放" in pages.said(test)
    test.button("link_continue").click().run()
    # one's own copy is one's own to change; the library is as closed as before
    assert "方案库不开放" in pages.said(test)
    _edit(test, **{RATE: 430})
    again = _fresh("library", draft=_key(test))
    assert _rate(again) == 430 and "方案库不开放" in pages.said(again)
    _library().unshare(next(each.id for each in _library().entries() if each.link))
    assert "方案库不开放" in pages.said(_fresh("library", draft=_key(test)))
    assert len(_library().entries()) == 2


def test_a_note_written_elsewhere_is_not_written_over() -> None:
    test = _save(pages.opened("library", "zh"), "甲")
    entry = _library().entries()[0]
    _library().annotate(entry.id, note="别处先写的")
    test.text_area(f"library_new_note:{entry.id}").set_value("后写的")
    next(b for b in test.button if b.label == "保存修改").click().run()
    assert not test.exception
    assert _library().entries()[0].work.note == "别处先写的"
    assert "刚在别处被改动" in test.error[0].value and "后写的" in test.error[1].value
    # what it says now is in sight, and can be changed
    assert test.text_area(f"library_new_note:{entry.id}").value == "别处先写的"
    test.text_area(f"library_new_note:{entry.id}").set_value("再写的")
    next(b for b in test.button if b.label == "保存修改").click().run()
    assert _library().entries()[0].work.note == "再写的"


def test_what_was_changed_elsewhere_is_not_deleted_unseen() -> None:
    test = _save(pages.opened("library", "zh"), "甲")
    _library().annotate(_library().entries()[0].id, note="别处先写的")
    test.button("library_delete").click().run()
    assert "刚在别处被改动" in test.error[0].value and len(_library().entries()) == 1
    test.button("library_delete").click().run()
    assert _library().entries() == ()


def test_the_trash_brings_back_what_another_visit_deleted() -> None:
    _save(pages.opened("library", "zh"), "甲")
    entry = _library().entries()[0]
    _library().delete(entry.id)
    test = _fresh("library", lang="zh")
    assert "甲" in test.selectbox("library_trash_which").options[0]
    test.button("library_trash_restore").click().run()
    assert not test.exception and _library().entries() == (entry,)
