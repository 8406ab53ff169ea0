"""What is kept between redraws: the sample, the shipped scenarios, results by their identity."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from simulator.district.model import District
from simulator.district.sample import sample_district
from simulator.engine.result import Result
from simulator.engine.simulate import simulate
from simulator.policy.own import OwnPack
from simulator.scenario.load import load_scenario, shipped_scenarios
from simulator.scenario.model import Scenario

T = TypeVar("T")
#: So many results and what was made from them stay within one visitor's session.
KEPT_RESULTS, KEPT_VIEWS = 8, 64


@st.cache_resource(show_spinner=False)
def sample() -> District:
    """The sample district, read once for all visitors."""
    return sample_district()


@st.cache_resource(show_spinner=False)
def shipped() -> dict[str, Scenario]:
    """The scenarios that come with the product, by the name of their file."""
    return {path.stem: load_scenario(path) for path in shipped_scenarios()}


def result(district: District, scenario: Scenario) -> Result:
    """The result of a district and a scenario under the visitor's own packs, once a session.

    Kept in the session and not for all visitors: an uploaded district ends with it.
    """
    packs = own_packs()
    key = (district.fingerprint, district.extra_fingerprint, scenario.fingerprint, packs)
    return _kept("results", key, KEPT_RESULTS, lambda: simulate(district, scenario, packs=packs))


def own_packs() -> tuple[OwnPack, ...]:
    """The district's own packs of this session; none before it has begun."""
    return getattr(st.session_state.get("session"), "packs", ())


def view(kind: str, found: Result, *what: Any, make: Callable[[], T]) -> T:
    """Something made from a result (a table, a chart), made once a session."""
    return _kept("views", (kind, found.identity, *what), KEPT_VIEWS, make)


def _kept(place: str, key: tuple[Any, ...], most: int, make: Callable[[], T]) -> T:
    store: OrderedDict[Any, T] = st.session_state.setdefault(f"kept_{place}", OrderedDict())
    if key not in store:
        store[key] = make()
    store.move_to_end(key)
    while len(store) > most:
        store.popitem(last=False)
    return store[key]
