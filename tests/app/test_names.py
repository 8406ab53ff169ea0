"""A saved scenario has its own name on every page and in every file, never its parent's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from simulator.library.store import library_path, open_library
from simulator.scenario.load import load_scenario
from simulator.ui.frame import PAGES
from tests.app import pages
from tests.app.test_library import _fresh, _save

#: The parent's names, and one that no file or page has of itself.
PARENT, OWN = load_scenario("scenarios/steady.yaml").name, "甲乙丙送审"
CHANGED = {"levers.boarding_rate": 420}


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUNHENG_HOME", str(tmp_path / "home"))


def _to_library(**changes: object) -> AppTest:
    return _save(pages.opened("library", "zh", changes=changes), OWN)


def _on_screen(**changes: object) -> AppTest:
    test = pages.opened("overview", "zh", changes=changes)
    test.session_state["save_load"] = True
    test.run()
    next(each for each in test.text_input if each.label == "方案名称").set_value(OWN)
    test.run()
    return (
        next(each for each in test.button if "bookmark_add" in str(each.proto.icon)).click().run()
    )


def _by_draft(**changes: object) -> AppTest:
    test = _on_screen(**changes)
    key = test.query_params["draft"]
    return _fresh("overview", draft=key[0] if isinstance(key, list) else key, lang="zh")


def _by_link(**changes: object) -> AppTest:
    _to_library(**changes)
    library = open_library(library_path())
    return _fresh("overview", link=library.share(library.entries()[0].id), lang="zh")


#: Ways in which a scenario comes to a name of its own.
WAYS: tuple[Callable[..., AppTest], ...] = (_to_library, _on_screen, _by_draft, _by_link)


@pytest.mark.parametrize("changes", [{}, CHANGED], ids=["same", "changed"])
@pytest.mark.parametrize("way", WAYS)
def test_whatever_is_open_carries_its_own_name(
    way: Callable[..., AppTest], changes: dict[str, object]
) -> None:
    test = way(**changes)
    assert not test.exception and not test.error
    assert OWN in test.markdown[0].value
    picked = test.session_state["session"].picked
    assert dict(picked.name) == {"zh": OWN, "en": OWN}
    if test.slider:
        assert test.selectbox("scenario").format_func(test.selectbox("scenario").value) == OWN


def test_no_page_and_no_file_calls_it_as_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    session = _on_screen(**CHANGED).session_state["session"]
    with pages.files(monkeypatch) as found:
        for name in PAGES:
            test = AppTest.from_function(pages._draw, kwargs={"name": name}, default_timeout=60)
            test.session_state["session"] = session
            test.session_state["compare_kept"] = ["", "baseline"]
            test.run()
            assert not test.exception, name
            assert PARENT["zh"] not in pages.said(test), name
            if name == "present":
                assert OWN in test.title[0].value
    named = set()
    for place, content in found.items():
        file, text = place.partition("/")[2], pages.texts(content)
        assert not any(each in file or each in text for each in PARENT.values()), place
        named |= {place.partition("/")[0]} if OWN in file or OWN in text else set()
    assert {"download_brief", "download_workbook", "download_scenario", "download_tables",
            "compare_file", "compare_csv"} <= named  # fmt: skip


def test_a_file_saved_under_a_name_says_that_name(monkeypatch: pytest.MonkeyPatch) -> None:
    test = pages.opened("overview", "zh", changes=CHANGED)
    test.session_state["save_load"] = True
    test.run()
    next(each for each in test.text_input if each.label == "方案名称").set_value(OWN)
    with pages.files(monkeypatch, f"/{OWN}.yaml") as found:
        test.run()
    place = next(each for each in found if each.endswith(f"/{OWN}.yaml"))
    assert f"name: {OWN}" in found[place].decode()


def test_scenarios_of_one_name_stand_beside_each_other() -> None:
    test = _to_library(**CHANGED)
    test.button("undo").click().run()
    test = _save(test, OWN)
    session = test.session_state["session"]
    assert len(session.opened) == 1  # equal in content and name: the same one
    test.button("undo").click().run()
    test.button("reset_all").click().run()
    test = _save(test, "steady")
    # one that is called as a shipped file takes nothing's place
    assert len(test.session_state["session"].opened) == 2
    assert PARENT["zh"] in test.selectbox("scenario").options
