"""What a plan is asked for on screen: objective, year, money, what is fixed or not touched."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from simulator.plan import OBJECTIVES, Objective, Wishes
from simulator.plan.problem import ITEMS, KINDS
from simulator.present.table import YUAN
from simulator.results.result import Result
from simulator.ui import state
from simulator.ui.words import label, named, say

#: What the visitor chose, kept while other pages are looked at.
PLACE = "plan_chosen"
#: No year at all.
NEVER = 0


def chosen() -> dict[str, Any]:
    """The visitor's choices by name."""
    found: dict[str, Any] = st.session_state.setdefault(PLACE, {})
    return found


def _keep(name: str) -> str:
    """The key of a control that remembers what was chosen when the page is left."""
    key = f"plan:{name}"
    if name in chosen() and key not in st.session_state:
        st.session_state[key] = chosen()[name]
    return key


def _kept(name: str, value: Any) -> Any:
    chosen()[name] = value
    return value


def ask(result: Result) -> tuple[Objective, Wishes]:
    """Draw the controls; what they come to."""
    years = list(result.index.years[result.index.years.index(result.index.base_year) + 1 :])
    objective = _objective()
    with st.container(key="plan_top"):
        left, right = st.columns(2)
    target = None if objective == "earliest" else _year(left, "target", years, years[-1])
    weak_by = _year(right, "weak_by", [NEVER, *years], NEVER) or None
    with st.expander(say("plan.more"), key="plan_more"):
        more = _more(result, years)
    wishes = Wishes(target=target, weak_by=weak_by, **more)
    return objective, wishes


def _objective() -> Objective:
    found: Any = st.segmented_control(
        say("plan.objective"), OBJECTIVES, key=_keep("objective"), required=True,
        default=None if "plan:objective" in st.session_state else OBJECTIVES[0],
        format_func=named(OBJECTIVES, lambda each: label(f"plan.objective.{each}")),
    )  # fmt: skip
    return _kept("objective", found) or OBJECTIVES[0]


def _year(place: Any, name: str, options: Sequence[int], first: int) -> int:
    key = _keep(name)
    if st.session_state.get(key) not in options:
        st.session_state[key] = first
    found: int = place.selectbox(
        say(f"plan.{name}"), options, key=key,
        format_func=named(options, lambda each: str(each) if each else say("plan.not_earlier")),
    )  # fmt: skip
    return int(_kept(name, found))


def _more(result: Result, years: list[int]) -> dict[str, Any]:
    with st.container(key="plan_switches"):
        left, middle, right = st.columns(3)
    carry = _switch(left, "carry_over", False)
    keep = _switch(middle, "keep", False, say("plan.keep_help"))
    key = _keep("discount")
    st.session_state.setdefault(key, 3.0)
    percent = right.number_input(
        say("plan.discount"), -20.0, 50.0, step=0.5, format="%.1f", key=key,
        help=say("plan.discount_help"),
    )  # fmt: skip
    _kept("discount", percent)
    waive = _switch(st, "waive", False, say("plan.waive_help"))
    private = _private(result)
    owners = bool(private) and _switch(st, "owners", False, say("plan.owners_help"))
    fixed = fixed_rows(result) if keep else {"purchases": (), "moves": ()}
    return {
        "carry_over": carry,
        "discount": percent / 100,
        "waive_growth_per_pupil": waive,
        "owners": owners,
        "untouched": _schools(result),
        "envelope": _envelope(years),
        "item_caps": _item_caps(),
        **fixed,
    }


def _switch(place: Any, name: str, first: bool, hint: str | None = None) -> bool:
    key = _keep(name)
    st.session_state.setdefault(key, first)
    return bool(_kept(name, place.toggle(say(f"plan.{name}"), key=key, help=hint)))


def _schools(result: Result) -> tuple[str, ...]:
    names = result.binding.district.schools["school_name"].to_dict()
    key = _keep("untouched")
    st.session_state[key] = [each for each in st.session_state.get(key, []) if each in names]
    found = st.multiselect(
        say("plan.untouched"), list(names), key=key, placeholder=say("plan.not_earlier"),
        format_func=named(names, lambda each: str(names[each])),
    )  # fmt: skip
    return tuple(_kept("untouched", found))


def _envelope(years: list[int]) -> list[float] | None:
    """Yuan a year; years left empty have no cap of their own."""
    unit = label(f"unit.{state.session().money}")
    st.caption(f"{say('plan.cap')} — {say('plan.caps_help')}")
    words = {f"cap_{year}": say("plan.cap_of", year=year, unit=unit) for year in years}
    amounts = _amounts("plan_caps", words)
    if all(amount is None for amount in amounts.values()):
        return None
    return [math.inf if amount is None else amount for amount in amounts.values()]


def _item_caps() -> dict[str, float]:
    unit = label(f"unit.{state.session().money}")
    words = {
        f"item_{item}": say("plan.item_cap", item=label(f"short.{item}"), unit=unit)
        for item in ITEMS
    }
    amounts = _amounts("plan_item_caps", words)
    return {
        name.removeprefix("item_"): amount for name, amount in amounts.items() if amount is not None
    }


def _amounts(row: str, words: Mapping[str, str]) -> dict[str, float | None]:
    """A row of amounts in the unit of money, in yuan; None where left empty."""
    money = state.session().money
    with st.container(key=row):
        places = st.columns(len(words), vertical_alignment="bottom")
    found: dict[str, float | None] = {}
    for place, (name, word) in zip(places, words.items(), strict=True):
        key = _keep(f"{name}:{money}")
        st.session_state.setdefault(key, None)
        amount = place.number_input(word, min_value=0.0, key=key, placeholder="—")
        _kept(f"{name}:{money}", amount)
        found[name] = None if amount is None else amount * YUAN[money]
    return found


def _private(result: Result) -> set[str]:
    """The private schools, for which a plan neither buys nor moves anybody."""
    flags = result.at("public_school", result.index.base_year)
    return {name for name, public in zip(result.index.schools, flags, strict=True) if public == 0}


def fixed_rows(result: Result) -> dict[str, tuple[dict[str, Any], ...]]:
    """Purchases and moves that the scenario lists school by school; those of private ones lapse."""
    private = _private(result)
    said = result.binding.scenario.flat()
    purchases = [
        {"item": item, **row}
        for item in ITEMS
        if said.get(f"levers.investment.{item}.rule") == "list"
        for row in said.get(f"levers.investment.{item}.plan") or ()
        if row["school"] not in private
    ]
    moves = [
        dict(row)
        for row in said.get("levers.rotation") or ()
        if row["kind"] in KINDS and row["school"] not in private
    ]
    return {"purchases": tuple(purchases), "moves": tuple(moves)}


def sentences(
    result: Result, objective: Objective, wishes: Wishes, money: str, schools: int
) -> tuple[str, list[str]]:
    """The question that is asked, and the rules that the answer must keep."""
    years = result.index.years[result.index.years.index(result.index.base_year) + 1 :]
    question = say(
        f"plan.sentence.{objective}", first=years[0], last=years[-1], schools=schools,
        year=wishes.target or years[-1],
    )  # fmt: skip
    names = result.binding.district.schools["school_name"]
    rules = [
        say("plan.rule.standards"), say("plan.rule.limits"),
        say("plan.rule.money", amounts=money), say("plan.rule.rotation"),
        say("plan.rule.waived" if wishes.waive_growth_per_pupil else "plan.rule.growth"),
    ]  # fmt: skip
    if private := _private(result):
        name = "private_mended" if wishes.owners else "private"
        rules.append(say(f"plan.rule.{name}", count=len(private)))
    if wishes.untouched:
        listed = say("plan.joint").join(str(names[each]) for each in wishes.untouched)
        rules.append(say("plan.rule.untouched", schools=listed))
    if wishes.weak_by:
        rules.append(say("plan.rule.weak", year=wishes.weak_by))
    return question, rules
