"""What one visitor's session holds: language, district, the picked scenario and its draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from simulator import glossary
from simulator.district.model import District
from simulator.glossary import Language
from simulator.library.access import WHOLE, Access
from simulator.policy.own import OwnPack
from simulator.present.table import MoneyUnit
from simulator.scenario.model import Scenario
from simulator.ui import cache
from simulator.ui.keys import key

#: The scenario that is open when the product is opened.
FIRST = "steady"
#: How the places of a visitor's own scenarios begin: no shipped file is called so.
OWN = "own:"
#: Name in the session: why a change was not taken.
REFUSED = "refused"
#: So many steps can be taken back.
STEPS = 100


@dataclass(frozen=True, slots=True)
class Session:
    """Everything a visitor chose; replaced as a whole, never changed in place.

    ``picked`` is the scenario that "changed" is measured against, ``draft`` what is computed.
    ``packs`` are the district's own, in force after those that a scenario names.
    ``round`` counts the times that the draft was set from outside the sliders. ``reading``:
    what is open is a link's, to be looked at; ``access`` is what the visit may do with the
    library.
    """

    language: Language
    district: District
    picked: Scenario
    draft: Scenario
    money: MoneyUnit = "10k_yuan"
    past: tuple[Scenario, ...] = ()
    future: tuple[Scenario, ...] = ()
    opened: Mapping[str, Scenario] = field(default_factory=dict)
    packs: tuple[OwnPack, ...] = ()
    reading: bool = False
    access: Access = WHOLE


def session() -> Session:
    """The visitor's session; begun with the sample district and the first scenario."""
    if "session" not in st.session_state:
        picked = cache.shipped()[FIRST]
        st.session_state["session"] = Session(
            first_language(), cache.sample(), picked, start_draft(picked)
        )
    found: Session = st.session_state["session"]
    return found


def first_language() -> Language:
    """The language of the address, else of the browser; Chinese where it says none."""
    asked = st.query_params.get("lang") or st.context.locale
    return glossary.as_language(asked) if asked else "zh"


def change(**values: Any) -> None:
    """The session with other values."""
    st.session_state["session"] = replace(session(), **values)


def start_draft(picked: Scenario) -> Scenario:
    """A draft that says nothing of its own yet."""
    return picked.derived(dict(picked.name))


def _own() -> bool:
    """Whether what is open is the visitor's own to change; where not, that is told."""
    now = session()
    if now.reading:
        refused = st.session_state.setdefault(REFUSED, [])
        refused[:] = [glossary.text("ui.keeping.reading", now.language)]
    return not now.reading


def pick(scenario: Scenario) -> None:
    """Open a scenario: what was drafted stays one step back. Nothing happens in a copy to read."""
    if not _own():
        return
    now = session()
    past = (*now.past, now.draft)[-STEPS:]
    change(picked=scenario, draft=start_draft(scenario), past=past, future=())


def edit(changes: Mapping[str, Any]) -> None:
    """Change the draft by dotted path; raises FindingsError for values that are not allowed.

    Nothing happens in a copy to read.
    """
    if not _own():
        return
    now = session()
    draft = now.draft.with_changes(changes)
    if draft.fingerprint != now.draft.fingerprint:
        change(draft=draft, past=(*now.past, now.draft)[-STEPS:], future=())


def reset(*paths: str) -> None:
    """Take some paths back to the picked scenario; all of them where none is named."""
    now = session()
    names = paths or tuple(now.draft.changed())
    said = now.picked.flat()
    known = {path: said.get(path) for path in names if path not in HEAD}
    head = {path: getattr(now.picked, path) for path in names if path in HEAD}
    if names:
        edit({**known, **head})


HEAD = ("horizon", "policy", "lines")


def undo() -> None:
    """One step back."""
    now = session()
    if now.past and _own():
        draft = now.past[-1]
        _go(draft, now.past[:-1], (*now.future, now.draft))


def redo() -> None:
    """One step forward again."""
    now = session()
    if now.future and _own():
        draft = now.future[-1]
        _go(draft, (*now.past, now.draft), now.future[:-1])


def _go(draft: Scenario, past: tuple[Scenario, ...], future: tuple[Scenario, ...]) -> None:
    change(draft=draft, picked=draft.base or draft, past=past, future=future)


def open_district(district: District) -> None:
    """Use another district; the scenario stays as it is."""
    if _own():
        change(district=district)


def keep(scenario: Scenario) -> None:
    """Remember a scenario of the visitor's own among those that can be picked.

    One that is called as another stands beside it: neither takes the other's place.
    """
    if place_of(scenario) is None and _own():
        place = f"{OWN}{key(scenario)[:16]}"
        change(opened={**session().opened, place: scenario})


def scenarios() -> dict[str, Scenario]:
    """What can be picked: the shipped scenarios, then the visitor's own."""
    return {**cache.shipped(), **session().opened}


def titles() -> dict[str, str]:
    """What those that can be picked are called; a number is added where names are the same."""
    language = session().language
    found: dict[str, str] = {}
    for place, scenario in scenarios().items():
        title = written = scenario.title(language)
        number = 1
        while written in found.values():
            number += 1
            written = f"{title} ({number})"
        found[place] = written
    return found


def place_of(scenario: Scenario) -> str | None:
    """Which of those that can be picked a scenario is: equal in content and in name."""
    found = scenarios()
    return next((name for name, each in found.items() if alike(each, scenario)), None)


def alike(one: Scenario, other: Scenario) -> bool:
    """Whether two scenarios say the same under the same name."""
    return one.fingerprint == other.fingerprint and dict(one.name) == dict(other.name)
