"""A page of the screen without a browser, and the ground it stands on."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest

from simulator.district.model import District
from simulator.district.sample import sample_district
from simulator.scenario.load import load_scenario
from simulator.scenario.model import Scenario
from simulator.ui.state import Session, start_draft

SECONDS = 30


def _draw(name: str) -> None:
    from simulator.ui import frame

    frame.page(name)


def opened(
    name: str,
    language: str = "zh",
    district: District | None = None,
    scenario: str = "steady",
    **changes: Any,
) -> AppTest:
    """A page as it is drawn for a district and a scenario, with some values changed."""
    test = AppTest.from_function(_draw, kwargs={"name": name}, default_timeout=SECONDS)
    picked = load_scenario(f"scenarios/{scenario}.yaml")
    draft = start_draft(picked)
    if changes:
        draft = draft.with_changes(changes["changes"])
    test.session_state["session"] = Session(
        language="en" if language == "en" else "zh",
        district=district or sample_district(),
        picked=picked,
        draft=draft,
    )
    return test.run()


def draft_of(test: AppTest) -> Scenario:
    """The draft that the page's session holds now."""
    found: Scenario = test.session_state["session"].draft
    return found


def said(test: AppTest) -> str:
    """Everything that the page says in words."""
    parts = [test.markdown, test.caption, test.error, test.warning, test.info, test.success]
    return "\n".join(str(each.value) for kind in parts for each in kind)
