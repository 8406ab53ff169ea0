"""Tabs of a page: what is not looked at is not drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from simulator.ui.words import language, say


def opened(page: str, names: Sequence[str]) -> Iterator[str]:
    """The tab that is open, by its name; whatever is drawn meanwhile stands in it.

    Headings are the page's own words; the key has the language, so that a switch keeps nothing
    of the other one's.
    """
    words = [say(f"{page}.tab.{name}") for name in names]
    tabs = st.tabs(words, key=f"{page}_tabs:{language()}", on_change="rerun")
    for name, tab in zip(names, tabs, strict=True):
        if tab.open:
            with tab:
                yield name
