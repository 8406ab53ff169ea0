"""Many districts in one call give what each gives alone."""

from __future__ import annotations

import numpy as np
import pytest

import simulator as sim
from simulator.errors import JunhengError
from simulator.law.balance.quantities import INDICATORS
from simulator.results import many
from simulator.results.many import balance_of_many

NAMES = [item.id for item in INDICATORS]


@pytest.fixture(scope="module")
def sample():
    return sim.simulate(sim.sample_district(), sim.load_scenario("scenarios/steady.yaml"))


def columns_of(result, parts):
    found = {name: result.at(name, 2025)[parts] for name in ("pupils", *NAMES)}
    reach = result.index.part_school[parts]
    return {**found, "teaching_point": result.at("teaching_point", 2025)[reach]}


def test_two_copies_of_the_sample_in_any_order_give_the_engine_s_figures(sample, monkeypatch):
    monkeypatch.setattr(many, "SPAN", 20)  # several spans even for a few schools
    parts = np.flatnonzero(sample.index.part_stage < 2)
    own = columns_of(sample, parts)
    columns = {name: np.tile(column, 2) for name, column in own.items()}
    district = np.repeat([7, 3], len(parts))
    stage = np.tile(sample.index.part_stage[parts], 2)
    order = np.random.default_rng(1).permutation(len(district))
    mixed = {name: column[order] for name, column in columns.items()}
    found = balance_of_many(district[order], stage[order], mixed, 50)
    assert list(found.stages.index) == [(3, 0), (3, 1), (7, 0), (7, 1)]
    for name in NAMES:
        for what in ("mean", "sd", "cv"):
            expected = sample.at(f"{what}_{name}", 2025)[:2]
            np.testing.assert_allclose(found.stages[f"{what}_{name}"], [*expected, *expected])
        for what in ("value", "contribution"):
            one = sample.at(f"{what}_{name}", 2025)[parts]
            both = np.tile(one, 2)[order]
            np.testing.assert_allclose(found.parts[f"{what}_{name}"], both, atol=1e-12)
    assert found.stages["evaluated_schools"].tolist() == [35, 15, 35, 15]


def test_unknown_stays_unknown_and_one_school_has_no_cv():
    columns = {
        "pupils": np.array([100.0, 100, 100, 60, 40]),
        "teaching_point": np.array([0.0, 0, 0, 1, 1]),
        "books": np.array([1000.0, np.nan, 2000, 3000, 9000]),
    }
    found = balance_of_many(np.array([1, 1, 2, 3, 3]), np.zeros(5, int), columns, 50)
    assert found.stages["cv_books"].isna().all()
    # the second point of the third district has 40 pupils: one school is left
    assert found.stages["evaluated_schools"].tolist() == [2, 1, 1]
    assert found.stages["mean_books"].tolist()[1:] == [20, 50]


def test_nothing_gives_nothing():
    none = np.array([], dtype=int)
    columns = {name: np.array([]) for name in ("pupils", "teaching_point", "books")}
    assert balance_of_many(none, none, columns, 50).stages.empty


def test_columns_of_unequal_length_are_refused():
    columns = {"pupils": np.ones(2), "teaching_point": np.ones(3)}
    with pytest.raises(JunhengError, match="pupils"):
        balance_of_many(np.zeros(2, int), np.zeros(2, int), columns, 50)
