"""Every figure is explained down to cells, levers and cited values, and computes again."""

from __future__ import annotations

import numpy as np
import pytest

import simulator as sim
from simulator.errors import JunhengError
from simulator.machine.registry import Input
from tests.building import district_of, scenario_of, school

ENDS = {"column", "fiscal", "district", "lever", "parameter", "structure", "projection"}


@pytest.fixture(scope="module")
def result():
    scenario = sim.load_scenario("scenarios/steady.yaml")
    return sim.simulate(sim.sample_district(), scenario)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("need", {}),
        ("gap", {}),
        ("growth_total_headroom", {}),
        ("growth_per_pupil_headroom", {"stage": "junior"}),
        ("cv_backbone", {"stage": "primary"}),
        ("composite_cv", {"stage": "junior"}),
        ("stage_balanced", {"stage": "primary"}),
        ("bureau_training", {}),
    ],
)
@pytest.mark.parametrize("year", [2026, 2028])
def test_the_printed_tree_gives_the_number_and_ends_in_sources(result, name, place, year):
    trace = result.explain(name, year=year, **place)
    for line in trace.walk():
        again = line.evaluate()
        assert np.isnan(again) == np.isnan(line.value), line
        if not np.isnan(again):
            assert again == pytest.approx(line.value, rel=1e-9, abs=1e-6), line
        if not line.inputs:
            # nothing comes before the first year of the data: it is said to be unknown
            first = line.position == 0 and np.isnan(line.value)
            assert line.kind in ENDS or first, line


def test_every_column_of_a_sample_figure_names_its_cell(result):
    leaves = [line for line in result.explain("need", year=2028).walk() if line.kind == "column"]
    assert len(leaves) > 500
    # a column that the sample does not have is unknown and has no cell
    assert all(line.origin is not None or np.isnan(line.value) for line in leaves)


def test_the_law_comes_with_document_and_date(result):
    trace = result.explain("operating_rate", stage="primary", year=2027)
    benchmark = next(line for line in trace.walk() if line.name == "operating_benchmark")
    assert benchmark.law.amount == 720
    assert benchmark.law.citation.document == "财政部、教育部2023年春季公布"


def test_a_total_lists_the_largest_and_the_rest_exactly(result):
    trace = result.explain("payroll_total", year=2026)
    lines = trace.inputs
    assert len(lines) == 6 and lines[-1].kind == "rest" and len(lines[-1].rest) == 43
    values = [line.value for line in lines[:-1]]
    assert values == sorted(values, reverse=True)
    assert sum(values) + lines[-1].value == pytest.approx(trace.value, rel=1e-12)


def test_the_empty_cell_behind_an_unknown_figure_is_named():
    rows = [school("A"), school("B", equipment_value=None), school("C")]
    made = sim.simulate(district_of(rows), scenario_of(policy=["national"]))
    trace = made.explain("cv_equipment_value", stage="primary", year=2026)
    assert np.isnan(trace.value)
    cells = trace.unknown_cells()
    assert {(cell.name, cell.place[0]) for cell in cells} == {("counted_equipment_value", "B")}
    # what does not need the cell is computed
    assert np.isfinite(made.district["need"]).all()
    assert made.verdict.years["balanced"].isna().all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": "nonsense"}, "no figure called nonsense"),
        ({"name": "need", "year": 1999}, "1999"),
        ({"name": "operating_funds", "school": "nowhere", "stage": "primary"}, "nowhere"),
    ],
)
def test_a_figure_that_is_not_there_is_refused_by_name(result, arguments, message):
    with pytest.raises(JunhengError, match=message):
        result.explain(**arguments)


def test_every_input_can_be_reached(result):
    """No input is declared that no formula uses; a running sum goes by ``code_rank``."""
    used = {name for formula in result.graph.formulas.values() for name in formula.arguments}
    assert {name for name, leaf in result.graph.inputs.items() if isinstance(leaf, Input)} - {
        "code_rank"
    } <= used
