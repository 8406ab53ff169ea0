"""The page of the rule book: every formula in words, mathematics and citation."""

from __future__ import annotations

import streamlit as st

from simulator.formats.html.rule_book import to_html
from simulator.glossary import Language
from simulator.machine.language import BASE
from simulator.present.rule_book import rule_book, to_markdown
from simulator.results.result import Result
from simulator.ui.components import own_packs
from simulator.ui.keys import key
from simulator.ui.words import language, say

HEIGHT = 900


@st.cache_data(show_spinner=False, max_entries=8)
def _written(
    speech: Language, asked: str, years: tuple[int, ...], _result: Result
) -> tuple[str, str]:
    """The book of one graph and its packs, told apart by a key: own lines and moves are in it."""
    del asked
    book = rule_book(_result.graph, speech, policy=_result.binding.policy, years=years)
    return to_html(book), to_markdown(book)


def show(result: Result) -> None:
    """The book itself, and as files."""
    st.subheader(say("page.rulebook"))
    own_packs.show(result)
    asked = key(result.graph, result.binding.policy)
    page, text = _written(language(), asked, result.index.years[BASE:], result)
    with st.container(horizontal=True):
        st.download_button(
            say("rulebook_html"), page, f"{say('rulebook_file')}.html", "text/html",
            key="rulebook_html", icon=":material/download:", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            say("rulebook_markdown"), text, f"{say('rulebook_file')}.md", "text/markdown",
            key="rulebook_markdown", icon=":material/download:", on_click="ignore",
        )  # fmt: skip
    st.iframe(page, height=HEIGHT, alt=say("page.rulebook"))
