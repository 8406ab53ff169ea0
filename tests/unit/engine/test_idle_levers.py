"""A lever is marked as counting for nothing exactly where moving it strongly moves no result."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import simulator as sim
from simulator.errors import FindingsError
from simulator.machine.language import BASE
from simulator.results.idle import RESULTS, inputs_of
from simulator.results.result import Result
from simulator.scenario.levers import known_paths, lever_at
from simulator.scenario.model import Scenario
from tests.building import district_of, scenario_of, school

LINE = {
    "id": "a",
    "zh": "生均",
    "en": "Per pupil",
    "counted": "headcount",
    "amount": 100,
    "cites": "试",
}
BY_RATE = {**LINE, "amount": "operating_rate", "stages": ["primary", "junior"]}
OWN = {"id": "low", "zh": "每生一百元", "en": "A hundred a pupil", "per_pupil": "headcount"}
#: Scenarios that read levers differently: by the law, by own lines, out of a pot, by a series.
SCENARIOS: dict[str, dict[str, Any]] = {
    "law": {},
    "no_packs": {"policy": []},
    "lines": {"lines": {**OWN, "lines": [LINE]}},
    "lines_by_rate": {"lines": {**OWN, "lines": [BY_RATE]}},
    "lines_of_a_notice": {"policy": ["national", "notice_nanan_2020"]},
    "series": {"levers": {"appropriation": {"rule": "series", "values": 50e6}}},
    "prorate": {"levers": {"operating_pot": {"rule": "prorate", "amount": 3e6}}},
    "level_up": {"levers": {"operating_pot": {"rule": "level_up", "amount": 9e6}}},
    "by_area": {"levers": {"repair": {"method": "area", "unit_price": 900, "life": 50}}},
    "terms": {"levers": {"headcount_basis": "terms"}},
}
#: What every scenario says, so that each lever has something to act on.
COMMON: dict[str, Any] = {
    "assumptions": {
        "recurrent_revenue_growth": 0.05, "pay_growth": 0.03, "price_growth": 0.02,
        "pupils": {"primary": -0.1, "junior": 0.1, "special": 0.1},
    },
    "levers": {
        "operating_rate": {"primary": 1000, "junior": 1300}, "hold_harmless": True,
        "private_operating": "standard",
        "investment": {
            item: {"amount": 3e5, "rule": "lowest_first"}
            for item in ("teaching_area", "sports_area", "equipment_value", "multimedia_rooms",
                         "computers", "books")
        },
    },
}  # fmt: skip
#: Read, and yet without effect on figures: without packs there is no benchmark whose part could be
#: shared, and no floor under small schools.
SHARES = {f"levers.sharing.{level}" for level in ("central", "province", "city", "county")}
SATURATED = {"no_packs": {*SHARES, "levers.small_school_unit"}}


@functools.cache
def district() -> Any:
    """Schools of every kind, so that whatever a lever pays has somebody to be paid for."""
    people = {"primary_boarders": 30, "mainstreamed_primary": 4,
              "aided_primary_boarder": 9, "aided_primary_day": 20}  # fmt: skip
    junior = {"junior_boarders": 40, "mainstreamed_junior": 3,
              "aided_junior_boarder": 9, "aided_junior_day": 20}  # fmt: skip
    small = {"primary_pupils": 60, "primary_pupils_prior": 66, "area": "rural", "classes": 6}
    rows = [
        school("A", weak=1, small_class=1, **people),
        school("B", primary_pupils=700, primary_teachers=40, primary_classes=16,
               teaching_area=2000, **people),
        school("C", "nine_year", **people, **junior),
        school("D", "junior", weak=1, **junior),
        school("E", ownership="private", **people),
        school("F", primary_boarders=5, **small),
        school("H", "nine_year", primary_pupils=60, primary_pupils_prior=60, junior_pupils=70,
               junior_pupils_prior=70),
        special_school(),
    ]  # fmt: skip
    for row in rows:
        row |= {"music_rooms": 1, "art_rooms": 1, "leased_sports_area": 500}
        row.setdefault("ownership", "public")
        for stage in ("primary", "junior"):
            if f"{stage}_teachers" in row:
                row |= {f"{stage}_pe_art_shared": 1, "rotation_eligible": 5}
    money = [
        {"year": year, "recurrent_revenue": 100e6, "education_appropriation": 42e6,
         "upper_transfers": 5e6, "civil_servant_mean_pay": 90_000}
        for year in (2024, 2025)
    ]  # fmt: skip
    return district_of(
        rows, money, sharing_tier=3, operating_rate_primary=900, operating_rate_junior=1100
    )


def special_school() -> dict[str, Any]:
    ordinary = school("G", "special", special_pupils=90, special_pupils_prior=85)
    gone = ("primary_", "mainstreamed_", "aided_")
    return {key: value for key, value in ordinary.items() if not key.startswith(gone)}


def merged(left: dict[str, Any], right: dict[str, Any]) -> dict[str, Any]:
    found = dict(left)
    for key, value in right.items():
        both = isinstance(value, dict) and isinstance(found.get(key), dict)
        found[key] = merged(found[key], value) if both and key != "lines" else value
    return found


@functools.cache
def computed(name: str) -> Result:
    return sim.simulate(district(), scenario_of(**merged(COMMON, SCENARIOS[name])))


def figures(result: Result) -> dict[str, Any]:
    """Every result of the planned years."""
    return {
        name: result.values[name][BASE + 1 :] if result.values[name].shape[-2] > 1
        else result.values[name]
        for name in RESULTS
    }  # fmt: skip


def same(left: Result, right: Result) -> bool:
    mine, other = figures(left), figures(right)
    return all(
        np.allclose(mine[name], other[name], rtol=1e-12, atol=1e-9, equal_nan=True) for name in mine
    )


def others(scenario: Scenario, path: str) -> Iterator[dict[str, Any]]:
    """Strong moves of one lever, as changes of the scenario."""
    lever, said = lever_at(path), scenario.get(path)
    assert lever is not None
    if path.startswith("levers.sharing"):
        for shares in ((0.9, 0.05, 0.03, 0.02), (0, 0, 0, 1)):
            parts = dict(zip(("central", "province", "city", "county"), shares, strict=True))
            yield {f"levers.sharing.{key}": value for key, value in parts.items()}
    elif lever.kind == "investment" and path.endswith(".amount"):
        yield from ({path: value} for value in (0, 9e6))
    elif lever.kind == "flag":
        yield {path: not said}
    elif lever.kind == "choice":
        there = lever.neutral if said is None else said
        yield from ({path: choice} for choice in lever.choices if choice != there)
    elif lever.kind == "path":
        yield from ({path: choice} for choice in ("back", "front"))
    elif lever.kind in ("number", "bands"):
        ends = (lever.min, min(lever.max, 5000) if lever.unit != "yuan" else 9e7)
        low, high = ends if lever.slider is None else (lever.slider[0], lever.slider[1])
        yield from ({path: value} for value in (low, (low + high) / 2, high) if value != said)


def moved_any(name: str, path: str) -> bool | None:
    """Whether a strong move of a lever moves any result; None where no move is allowed."""
    result, allowed = computed(name), False
    scenario = result.binding.scenario
    for changes in others(scenario, path):
        try:
            changed = scenario.with_changes(changes)
        except FindingsError:
            continue
        allowed = True
        if not same(sim.simulate(district(), changed), result):
            return True
    return False if allowed else None


PATHS = [
    path for path in known_paths()
    if inputs_of(path) and not path.startswith("assumptions.pupils.")
    and (lever := lever_at(path)) is not None and lever.kind not in ("rows", "rates", "years")
]  # fmt: skip


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_lever_is_marked_where_no_move_of_it_moves_anything(name: str) -> None:
    idle = computed(name).idle
    wrong = {
        path: "marked" if path in idle else "not marked"
        for path in PATHS
        if (moves := moved_any(name, path)) is not None
        and moves == (path in idle)
        and path not in SATURATED.get(name, set())
    }
    assert wrong == {}


def test_what_is_read_and_saturated_is_not_marked() -> None:
    idle = computed("no_packs").idle
    assert not SATURATED["no_packs"] & idle.keys()


def test_levers_of_the_national_formula_are_marked_under_own_lines() -> None:
    idle = computed("lines").idle
    for path in ("operating_rate.primary", "boarding_rate", "heating_rate", "weak_school_tilt"):
        assert idle[f"levers.{path}"] == "lines"
    # what the lines do not touch goes on counting
    for path in ("levers.training_share", "levers.repair.primary", "assumptions.pay_growth"):
        assert path not in idle


def test_a_line_that_names_a_lever_brings_it_back() -> None:
    assert "levers.operating_rate.primary" not in computed("lines_by_rate").idle
    assert "levers.boarding_rate" in computed("lines_by_rate").idle
