"""What is unknown by its nature waits for nothing, and no empty cell is blamed for it."""

from __future__ import annotations

import numpy as np

import simulator as sim
from simulator.completeness.leaves import Root, root_of
from simulator.completeness.roots import Roots
from simulator.machine.language import BASE
from tests import building
from tests.completeness.removing import ground, without


def test_a_planned_year_without_a_count_waits_for_nothing() -> None:
    district, scenario, _, _ = ground("sample")
    result = sim.simulate(without(district, "payroll"), scenario)
    assert np.isnan(result.values["pay_ratio"][BASE:, 0]).all()
    roots = Roots(result)
    based = {each.name for each in roots.named(roots.of("pay_ratio", BASE, 0))}
    assert based == {"payroll"}
    # nobody counts what civil servants will earn: pay alone would not mend a planned year
    assert roots.of("pay_ratio", BASE + 1, 0) == 0


def test_the_year_before_the_first_is_nobodys_to_give() -> None:
    district = building.district_of([building.school("A", primary_pupils_prior=None)])
    result = sim.simulate(district, building.scenario_of(policy=["national"]))
    roots = Roots(result)
    prior = (Root("schools", "primary_pupils_prior", "A"),)
    assert roots.named(roots.of("pupils", BASE - 1, 0)) == prior
    assert roots.named(roots.of("average_pupils", BASE, 0)) == prior
    # the mean of the year before needs the autumn before that, of which there is no column
    assert np.isnan(result.values["average_pupils"][BASE - 1, 0])
    assert roots.of("average_pupils", BASE - 1, 0) == 0


def test_the_coefficient_of_a_single_school_has_no_remedy() -> None:
    district = building.district_of([building.school("A")])
    table = sim.completeness(district, building.scenario_of(policy=["national"]))
    row = table.set_index(["group", "output"]).loc[("quality", "backbone")]
    # the school's own indicator is known, a coefficient of one school is not
    assert (row["computable"], row["blocked_by"], row["unlocks"]) == ("some", (), 0)


def test_a_count_is_asked_for_where_a_column_of_its_year_is() -> None:
    """Boarders have a column of last year, grades one of this year, pupils one of both."""
    result = sim.simulate(sim.sample_district(), sim.load_scenario("scenarios/steady.yaml"))
    school, stage = result.index.parts[0]
    assert stage == "primary"
    columns = {
        "prior_boarders": ("primary_boarders_prior", ""),
        "prior_mainstreamed": ("mainstreamed_primary_prior", ""),
        "observed_pupils": ("primary_pupils_prior", "primary_pupils"),
        **{f"observed_grade_{grade}": ("", f"grade_{grade}") for grade in range(1, 7)},
    }
    counts = [leaf for leaf in result.graph.inputs.values() if leaf.kind == "projection"]
    assert {leaf.name for leaf in counts} == set(columns)
    for leaf in counts:
        found = (root_of(result, leaf, position, 0) for position in (BASE - 1, BASE))
        asked = [Root("schools", name, school) if name else None for name in columns[leaf.name]]
        assert list(found) == asked, leaf.name
