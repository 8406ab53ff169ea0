"""The style of the page: what wraps, how wide it is, and Streamlit's own words in Chinese."""

from __future__ import annotations

import json
from pathlib import Path

import streamlit as st

from simulator.ui.words import language, say

#: The page's own icon: Streamlit's symbols would be fetched from the network as an icon.
ICON = str(Path(__file__).with_name("icon.svg"))
#: Rows of columns that go under one another where a column would become narrower than this.
NARROWEST = {
    "two_charts": 400,
    "four_figures": 215,
    "compare_choice": 300,
    "compare_operating_rate": 400,
    "compare_least_cv_headroom": 400,
    "data_top": 340,
    "library_hand_on": 300,
    "plan_top": 215,
    "plan_switches": 240,
    "plan_caps": 200,
    "plan_item_caps": 200,
    "present_charts": 380,
    "present_verdict": 250,
    "schools_top": 280,
    **dict.fromkeys(
        (
            "filters_balance",
            "filters_schools",
            "filters_training",
            "filters_changes",
            "filters_causes_failing",
            "filters_causes_scope",
            "filters_compare",
            "filters_pupil_schools",
            "filters_lines",
            "filters_line_gains",
        ),
        150,
    ),
}
WRAPPING = "".join(
    f'.st-key-{key} [data-testid="stHorizontalBlock"]{{flex-wrap:wrap}}'
    f'.st-key-{key} [data-testid="stColumn"]{{min-width:min(100%,{width}px)}}'
    for key, width in NARROWEST.items()
)
#: Words are wrapped, never cut; a wide screen gives its width to tables and charts.
WHOLE = (
    ':is([data-testid="stMetricLabel"],[data-testid="stMetricValue"],'
    '[data-testid="stCheckbox"] [data-testid="stWidgetLabel"]) *'
    "{white-space:normal;overflow:visible}"
    ':is([data-testid="stButton"],[data-testid="stDownloadButton"],'
    '[data-testid="stFormSubmitButton"]) button *{white-space:normal;overflow:visible}'
    # the parts of the verdict stand in columns: how many lines they take depends on no word
    '.st-key-verdict [data-testid="stMarkdownContainer"] p{display:grid;gap:0.25rem 0.75rem;'
    "grid-template-columns:repeat(auto-fill,minmax(min(100%,19.5rem),1fr));justify-items:start}"
    # the finding above a chart has room for two lines, on a telephone for four
    '[class*="st-key-finding_"]{min-height:3.25rem}'
    '@media (max-width:640px){[class*="st-key-finding_"]{min-height:6.25rem}}'
    # what takes a slider back stands at the end of its name
    '[class*="st-key-slider_"]{position:relative}'
    '[class*="st-key-slider_"] [data-testid="stWidgetLabel"]{padding-right:1.5rem}'
    '[data-testid="stElementContainer"][class*="st-key-reset-"],'
    '[data-testid="stLayoutWrapper"]:has(>[class*="st-key-reset-"])'
    "{position:absolute;right:0;top:-0.4rem;width:auto}"
    # Streamlit's own download gives raw texts, formulas among them: each table has a guarded one
    '[data-testid="stElementToolbarButton"]:has([aria-label^="Download as CSV"]){display:none}'
    "@media (min-width:1000px){"
    '[data-testid="stMainBlockContainer"]{padding-left:2.5rem;padding-right:2.5rem}}'
)
#: Where Streamlit writes English of its own → the word that stands there in Chinese.
BUILT_IN = {
    '[data-testid="stTopNavSection"]:not(:has(svg)) p': "builtin.more",
    '[data-testid="stFileUploaderDropzone"] button p': "builtin.upload",
    '[data-testid="stFileUploaderDropzoneInstructions"] span': "builtin.largest",
}


def style(task: str) -> str:
    """The style sheet of every page, in the visitor's language; the task's name stands out."""
    words = _translated() if language() == "zh" else ""
    return f"<style>{WRAPPING}{WHOLE}{_marked(task)}{words}</style>"


def _marked(task: str) -> str:
    """The task of the page, underlined in the navigation also on its further pages."""
    link = f'[data-testid="stTopNavLink"][href$="/{task}"]'
    return f"{link}{{box-shadow:inset 0 -2px currentColor;font-weight:600}}"


def _translated() -> str:
    """Streamlit has no Chinese: its words are not drawn, ours are drawn in their place."""
    largest = st.get_option("server.maxUploadSize")
    rules = [
        f"{place}{{font-size:0}}{place}::after"
        f"{{content:{json.dumps(say(word, megabytes=largest), ensure_ascii=False)};"
        "font-size:0.875rem}"
        for place, word in BUILT_IN.items()
    ]
    # what to press is said in English only; the count of letters goes with it
    return "".join(rules) + '[data-testid="InputInstructions"]{display:none}'
