"""Two different downloads never share a name: every file of every page, as it is looked at."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import Any

import pytest
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from simulator.ui.frame import PAGES
from simulator.ui.state import replace
from tests.app import pages

#: Files of the sample or of the opened data alone: a change of the scenario leaves them the same.
OF_DATA = {"template_filled", "template_empty", "roll"}
#: Files whose content is compared; what is packed says when it was made, and differs by that.
READ = (".csv", ".yaml", ".md", ".html", ".json")


def _offered(patch: pytest.MonkeyPatch, test: Any) -> dict[str, tuple[str, str]]:
    """What a page offers: key → name of the file, and print of its content where it is read."""
    found: dict[str, tuple[str, str]] = {}

    def take(_: Any, label: str, data: Any, file_name: str = "", *__: Any, **more: Any) -> bool:
        if more.get("disabled"):
            return False
        content = data() if callable(data) and file_name.endswith(READ) else data
        if not callable(content):
            content = content if isinstance(content, bytes) else str(content).encode()
            found[str(more.get("key") or label)] = file_name, hashlib.sha256(content).hexdigest()
        else:
            found[str(more.get("key") or label)] = file_name, ""
        return False

    with patch.context() as patched:
        patched.setattr(DeltaGenerator, "download_button", take)
        patched.setattr(st, "download_button", partial(take, None))
        test.run()
    assert not test.exception
    return found


def _states(patch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, tuple[str, str]]]]:
    """Every page as it opens, in yuan, and with a lever moved; then tables that are filtered."""
    seen = []
    for name in PAGES:
        test = pages.opened(name, "zh")
        seen.append(("as it opens", _offered(patch, test)))
        now = test.session_state["session"]
        test.session_state["session"] = replace(now, money="yuan")
        seen.append(("yuan", _offered(patch, test)))
        moved = now.draft.with_changes({"levers.boarding_rate": 420})
        test.session_state["session"] = replace(now, draft=moved)
        seen.append(("moved", _offered(patch, test)))
    schools = pages.opened("schools", "zh")
    schools.text_input("schools_search").set_value("小学")
    seen.append(("as it opens", _offered(patch, schools)))
    rows = pages.opened("rules", "zh")
    rows.selectbox("checks_status").set_value("unknown")
    seen.append(("as it opens", _offered(patch, rows)))
    return seen


def test_two_different_downloads_never_share_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    contents: dict[str, set[tuple[str, ...]]] = {}
    for state, offered in _states(monkeypatch):
        for where, (name, print_) in offered.items():
            # a paper stands beside every page and on the page of papers: it is the same one
            key = where.removesuffix(":page")
            place = (print_,) if print_ else (key, "" if key in OF_DATA else state)
            contents.setdefault(name, set()).add(place)
    assert len(contents) > 60
    assert {name: sorted(each) for name, each in contents.items() if len(each) > 1} == {}


def test_a_filtered_table_has_a_name_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    test = pages.opened("schools", "zh")
    whole = _offered(monkeypatch, test)["download:schools_schools"]
    test.text_input("schools_search").set_value("小学")
    part = _offered(monkeypatch, test)["download:schools_schools"]
    assert whole[0] != part[0] and whole[1] != part[1]
