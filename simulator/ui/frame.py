"""What surrounds every page: navigation, the verdict, the levers at the side, the windows."""

from __future__ import annotations

import functools
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

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
    papers,
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
#: Task → address → (page, symbol), in the order of the way through; the first stands for the task.
TASKS: dict[str, dict[str, tuple[Show, str]]] = {
    "now": {
        "overview": (overview.show, "dashboard"),
        "money": (money.show, "payments"),
        "schools": (schools.show, "school"),
    },
    "gap": {
        "balance": (balance.show, "balance"),
        "rules": (rules.show, "gavel"),
        "tracked": (tracked.show, "flag"),
    },
    "ways": {
        "plan": (plan.show, "route"),
        "lines": (lines.show, "functions"),
        "pupils": (pupils.show, "groups"),
    },
    "scenarios": {
        "compare": (compare.show, "compare_arrows"),
        "library": (library.show, "folder_special"),
        "present": (present.show, "slideshow"),
    },
    "handup": {"papers": (papers.show, "outbox")},
    "data": {"data": (data.show, "upload_file")},
    "ground": {"rulebook": (rulebook.show, "menu_book")},
}
PAGES: dict[str, tuple[Show, str]] = {
    name: page for task in TASKS.values() for name, page in task.items()
}
#: What comes after a page on the way through.
NEXT = {
    "overview": "balance", "money": "rules", "schools": "balance", "balance": "plan",
    "rules": "plan", "tracked": "plan", "plan": "compare", "lines": "compare", "pupils": "plan",
    "compare": "papers", "library": "papers", "papers": "library", "data": "overview",
    "rulebook": "overview",
}  # fmt: skip
FIRST = "overview"


def show() -> None:
    """The whole screen: one page of the product."""
    keeping.restore()
    st.html(looks.style(address_of(task_of(_address()))))
    pages = [_place(name) for name in PAGES]
    if _address() not in ("", *PAGES):
        pages.append(_elsewhere(_address()))
    st.navigation(pages, position="top").run()


def task_of(name: str) -> str:
    """The address that stands for the task a page belongs to, in the navigation."""
    return next((next(iter(task)) for task in TASKS.values() if name in task), FIRST)


def address_of(name: str) -> str:
    """A page's address: the first page is the bare one."""
    return "" if name == FIRST else name


def _address() -> str:
    """The last part of the address that the visitor came by; none where it is not told."""
    return unquote(urlsplit(st.context.url or "").path).rstrip("/").rpartition("/")[2]


def _elsewhere(address: str) -> st.Page:
    """An address that is no page's leads to the first page, without a window of Streamlit's."""
    return st.Page(
        functools.partial(page, FIRST), title=say("task.now"), url_path=address,
        visibility="hidden",
    )  # fmt: skip


def _place(name: str) -> st.Page:
    """A page's place: the first of a task is called by it and is seen in the navigation."""
    task, others = next((task, names) for task, names in TASKS.items() if name in names)
    leads = next(iter(others)) == name
    return st.Page(
        functools.partial(page, name), title=say(f"task.{task}" if leads else f"page.{name}"),
        url_path=name, icon=f":material/{PAGES[name][1]}:", default=name == FIRST,
        help=say(f"page.{name}_help"), visibility="visible" if leads else "hidden",
    )  # fmt: skip


def _within(name: str) -> None:
    """The pages of the same task beside one another."""
    names = next(names for names in TASKS.values() if name in names)
    if len(names) > 1:
        with st.container(horizontal=True, key="within"):
            for each in names:
                st.page_link(
                    _place(each), label=say(f"page.{each}"), icon=f":material/{PAGES[each][1]}:"
                )


def _next_step(name: str) -> None:
    """What to do after this page."""
    if name in NEXT:
        with st.container(key="next_step", border=True):
            st.page_link(_place(NEXT[name]), label=say(f"next.{name}"),
                         icon=":material/arrow_forward:")  # fmt: skip


def page(name: str) -> None:
    """A page by its address, with everything around it; a problem is told in a sentence."""
    show_page, _ = PAGES[name]
    keeping.restore()
    reading = keeping.linked() is not None
    with st.sidebar:
        pickers.show(reading)
    keeping.tell()
    _missing()
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
    _within(name)
    show_page(found)
    _next_step(name)
    why.show(found)
    keeping.keep()


def _missing() -> None:
    """On every page, until it is opened again or the sample is chosen: whose data are missing."""
    lost = state.session().missing
    if lost is None:
        return
    with st.container(border=True, key="missing"):
        st.warning(
            safe(say("keeping.other_district", name=lost.name, file=lost.file or lost.name)),
            icon=":material/history:",
        )  # fmt: skip
        with st.container(horizontal=True):
            st.page_link(_place("data"), label=say("keeping.open_again"))
            st.button(say("back_to_sample"), key="missing_sample",
                      on_click=state.open_district, args=(cache.sample(),))  # fmt: skip


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
