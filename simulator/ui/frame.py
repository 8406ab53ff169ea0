"""What surrounds every page: navigation, the verdict, the levers at the side, the windows."""

from __future__ import annotations

import functools
from collections.abc import Callable

import streamlit as st

from simulator.errors import JunhengError
from simulator.results.result import Result
from simulator.ui import cache, keeping, looks, state
from simulator.ui.components import downloads, pickers, sliders, verdict, why
from simulator.ui.views import (
    balance,
    compare,
    data,
    library,
    lines,
    money,
    overview,
    plan,
    present,
    pupils,
    rulebook,
    rules,
    schools,
    tracked,
)
from simulator.ui.words import language, safe, say

Show = Callable[[Result], None]
#: Heading → address → (page, symbol), in the order of the navigation; "" stands by itself.
GROUPS: dict[str, dict[str, tuple[Show, str]]] = {
    "": {
        "overview": (overview.show, "dashboard"),
        "rules": (rules.show, "gavel"),
        "balance": (balance.show, "balance"),
        "plan": (plan.show, "route"),
    },
    "funds": {
        "pupils": (pupils.show, "groups"),
        "schools": (schools.show, "school"),
        "money": (money.show, "payments"),
        "lines": (lines.show, "functions"),
    },
    "scenarios": {
        "compare": (compare.show, "compare_arrows"),
        "library": (library.show, "folder_special"),
        "present": (present.show, "slideshow"),
    },
    "ground": {
        "data": (data.show, "upload_file"),
        "tracked": (tracked.show, "flag"),
        "rulebook": (rulebook.show, "menu_book"),
    },
}
PAGES: dict[str, tuple[Show, str]] = {
    name: page for group in GROUPS.values() for name, page in group.items()
}


def show() -> None:
    """The whole screen: one page of the product."""
    keeping.restore()
    st.html(looks.style())
    pages = {
        say(f"group.{group}") if group else "": [_place(name) for name in names]
        for group, names in GROUPS.items()
    }
    st.navigation(pages, position="top").run()


def _place(name: str) -> st.Page:
    """A page's place in the navigation."""
    return st.Page(
        functools.partial(page, name), title=say(f"page.{name}"), url_path=name,
        icon=f":material/{PAGES[name][1]}:", default=name == "overview",
        help=say(f"page.{name}_help"),
    )  # fmt: skip


def page(name: str) -> None:
    """A page by its address, with everything around it; a problem is told in a sentence."""
    show_page, _ = PAGES[name]
    keeping.restore()
    reading = keeping.linked() is not None
    with st.sidebar:
        pickers.show(reading)
    keeping.tell()
    found = _result()
    if found is None:
        return
    with st.sidebar:
        downloads.show(found)
        if not reading:
            sliders.show(found)
    _refused()
    keeping.banner(found.binding.district.fingerprint, found.binding.policy.fingerprint)
    verdict.show(found)
    show_page(found)
    why.show(found)
    keeping.keep()


def _result() -> Result | None:
    now = state.session()
    try:
        return cache.result(now.district, now.draft)
    except JunhengError as error:
        st.error(safe(error.text(language())), icon=":material/error:")
        st.button(say("reset_all", count=len(now.draft.changed())), on_click=state.reset)
        return None


def _refused() -> None:
    """Why a change was not taken."""
    for line in st.session_state.pop(state.REFUSED, ()):
        st.toast(safe(line), icon=":material/block:", duration="long")
