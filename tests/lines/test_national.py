"""The national formula as shipped lines gives what the engine's own formulas give."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import simulator as sim
from simulator.district.model import District
from simulator.machine.language import Array
from simulator.machine.run import run_graph
from simulator.own_formula.compile import compile_lines
from simulator.own_formula.sources import graph_sources, national_lines
from simulator.policy.load import load_policy
from simulator.results.binding import bind
from simulator.results.own_lines import graph_with, line_arrays
from simulator.scenario.load import SHIPPED, load_scenario
from simulator.scenario.model import Scenario
from tests.building import scenario_of

FEW = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
FIGURES = ("line_total", "operating_funds", "need", "gap")


@pytest.fixture(scope="module")
def sample() -> District:
    """The district that the product opens on."""
    return sim.sample_district()


def _by_lines(district: District, scenario: Scenario) -> dict[str, Array]:
    compiled = compile_lines(national_lines())
    binding = bind(district, load_policy(scenario.policy), scenario)
    arrays = {**binding.arrays, **line_arrays(compiled, binding.index, district)}
    return run_graph(graph_with(compiled), binding.index, arrays, FIGURES)


def _by_formulas(district: District, scenario: Scenario) -> dict[str, Array]:
    result = sim.simulate(district, scenario)
    names = ("formula_funds", "operating_funds", "need", "gap")
    return {name: result.values[name] for name in names}


def _compare(district: District, scenario: Scenario) -> None:
    lines, formulas = _by_lines(district, scenario), _by_formulas(district, scenario)
    for mine, own in zip(FIGURES, formulas, strict=True):
        one, other = np.broadcast_arrays(lines[mine], formulas[own])
        # the same terms, added up in another order: equal to the last bits of a float64
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-4, err_msg=own)


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_shipped_scenarios_give_the_same_operating_funds(path: Any, sample: District) -> None:
    _compare(sample, load_scenario(path))


COUNTS = ["primary_boarders", "junior_boarders", "mainstreamed_primary", "mainstreamed_junior"]


def _other(sample: District, seed: int) -> District:
    """Another district: schools of other sizes, some empty, some with unknown counts."""
    dice = np.random.default_rng(seed)
    schools = sample.schools.copy()
    size = len(schools)
    for column in ("primary_pupils", "junior_pupils", "special_pupils"):
        schools[column] = np.floor(schools[column] * dice.choice([0, 0.1, 0.5, 1, 2], size))
        schools[f"{column}_prior"] = np.floor(schools[column] * dice.uniform(0.9, 1.1, size))
    for column in COUNTS:
        few = (
            np.floor(schools[column.split("_")[-1] + "_pupils"] * 0.3)
            if "main" in column
            else (
                np.floor(schools[column.replace("boarders", "pupils")] * dice.uniform(0, 0.4, size))
            )
        )
        schools[column] = np.where(dice.uniform(size=size) < 0.05, np.nan, few)
    for flag in ("weak", "small_class"):
        schools[flag] = dice.choice([0.0, 1.0], size)
    return dataclasses.replace(sample, schools=schools)


RATE = st.integers(300, 3000)


@FEW
@given(
    st.integers(0, 10**6), RATE, RATE, st.sampled_from([None, 0, 250.5]),
    st.sampled_from([None, 0, 7000]), st.sampled_from([0, 33.3]), st.sampled_from([0, 0.17]),
    st.sampled_from([0, 0.07]), st.integers(0, 2), st.booleans(),
)  # fmt: skip
def test_random_districts_and_levers_give_the_same_operating_funds(
    sample: District, seed: int, primary: int, junior: int, boarding: float | None,
    special: float | None, heating: float, premium: float, tilt: float, lag: int, held: bool,
) -> None:  # fmt: skip
    asked = {"boarding_rate": boarding, "special_rate": special}
    levers = {
        "operating_rate": {"primary": primary, "junior": junior},
        "heating_rate": heating,
        "small_class_premium": premium,
        "weak_school_tilt": tilt,
        "headcount_lag": lag,
        "hold_harmless": held,
        **{key: value for key, value in asked.items() if value is not None},
    }
    _compare(_other(sample, seed), scenario_of(policy=["national"], levers=levers))


def test_each_line_is_a_figure_of_its_own_and_they_add_up(sample: District) -> None:
    compiled = compile_lines(national_lines())
    scenario = scenario_of(policy=["national"], levers={"weak_school_tilt": 0.1})
    binding = bind(sample, load_policy(("national",)), scenario)
    arrays = {**binding.arrays, **line_arrays(compiled, binding.index, sample)}
    found = run_graph(graph_with(compiled), binding.index, arrays)
    added = np.sum([found[f"line_{line.id}"] for line in national_lines().lines], axis=0)
    np.testing.assert_allclose(added, found["line_total"], rtol=1e-12)
    assert found["line_weak_school_added"][-1].sum() > 0


def test_a_line_cannot_name_what_it_decides_itself() -> None:
    sources = graph_sources()
    assert {"headcount", "operating_rate", "boarders", "floor_area", "weak"} <= sources.keys()
    assert not {"formula_funds", "operating_funds", "need", "gap"} & sources.keys()
