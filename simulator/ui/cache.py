"""What is kept between redraws: the sample, the shipped scenarios, results by their key."""

from __future__ import annotations

import functools
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any, TypeVar

import streamlit as st

from simulator.district.model import District
from simulator.district.sample import sample_district
from simulator.policy.own import OwnPack
from simulator.results.result import Result
from simulator.results.simulate import simulate
from simulator.scenario.load import load_scenario, shipped_scenarios
from simulator.scenario.model import Scenario
from simulator.ui.keys import key

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
    """The result of a district and a scenario under the visitor's own packs, by its own name.

    Figures are computed once for equal content. Kept in the session and not for all visitors:
    an uploaded district ends with it.
    """
    packs = own_packs()
    return _kept(
        "results", key(district, scenario, packs), KEPT_RESULTS,
        lambda: _named(district, scenario, packs),
    )  # fmt: skip


def own_packs() -> tuple[OwnPack, ...]:
    """The district's own packs of this session; none before it has begun."""
    return getattr(st.session_state.get("session"), "packs", ())


def _named(district: District, scenario: Scenario, packs: tuple[OwnPack, ...]) -> Result:
    """Figures that may have been computed for another name, as this scenario's result."""
    content = key(district, scenario.fingerprint, packs)
    make = functools.partial(simulate, district, scenario, packs=packs)
    found = _kept("figures", content, KEPT_RESULTS, make)
    return replace(found, binding=replace(found.binding, scenario=scenario))


def view(kind: str, found: Result, *what: Any, make: Callable[[], T]) -> T:
    """Something made from a result and whatever else it depends on, made once a session."""
    return _kept("views", (kind, key(found, *what)), KEPT_VIEWS, make)


def _kept(place: str, name: Hashable, most: int, make: Callable[[], T]) -> T:
    store: OrderedDict[Hashable, T] = st.session_state.setdefault(f"kept_{place}", OrderedDict())
    if name not in store:
        store[name] = make()
    store.move_to_end(name)
    while len(store) > most:
        store.popitem(last=False)
    return store[name]
