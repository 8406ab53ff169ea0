"""The axes of a run and the way through very many parts, on a district small enough to see."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulator.machine import run
from simulator.machine.graph import build_graph
from simulator.machine.index import Index, build_index
from simulator.machine.registry import Input, formula
from simulator.machine.run import run_graph

#: A primary school, a nine-year one with three special pupils, a special school, a junior one.
SCHOOLS = pd.DataFrame(
    {
        "school_type": ["primary", "nine_year", "special", "junior"],
        "special_pupils": [0.0, 3, 90, np.nan],
    },
    index=["A", "B", "C", "D"],
)


@pytest.fixture
def index() -> Index:
    return build_index(SCHOOLS, base_year=2025, horizon=2)


def test_parts_stand_by_stage_then_in_the_order_of_the_sheet(index: Index) -> None:
    special = [("B", "special"), ("C", "special")]
    assert list(index.parts) == [
        ("A", "primary"), ("B", "primary"), ("B", "junior"), ("D", "junior"), *special,
    ]  # fmt: skip
    assert index.part_position["D", "junior"] == 3
    assert index.school_position == {"A": 0, "B": 1, "C": 2, "D": 3}


def test_years_begin_before_the_base_year(index: Index) -> None:
    assert index.years == (2024, 2025, 2026, 2027)
    assert index.base_year == 2025
    assert index.horizon == 2


def test_every_level_has_its_entities(index: Index) -> None:
    assert [index.size(level) for level in ("district", "school", "part")] == [1, 4, 6]
    assert len(index.entities("stage")) == index.size("stage")
    assert index.entities("district") == [(None, None)]
    assert index.entities("school")[2] == ("C", None)
    assert index.entities("stage")[1] == (None, "junior")
    assert index.entities("part")[3] == ("D", "junior")


def test_parts_gather_into_schools_and_stages(index: Index) -> None:
    ones = np.array([[1.0, 2, 4, 8, 16, 32]])
    # B has the second, third and fifth part
    assert index.groups("part", "school").sums(ones).tolist() == [[1, 2 + 4 + 16, 32, 8]]
    stages = index.groups("part", "stage").sums(ones)[0]
    assert stages[:2].tolist() == [1 + 2, 4 + 8]
    assert stages.sum() == 63
    assert index.groups("part", "district").sums(ones).tolist() == [[63]]
    assert index.reach("school").tolist() == [0, 1, 1, 3, 1, 2]


def test_a_part_and_those_before_it_stand_in_the_order_of_codes() -> None:
    mixed = SCHOOLS.set_axis(["D", "B", "C", "A"])  # type: ignore[call-overload]
    found = build_index(mixed, base_year=2025, horizon=1)
    # D and B primary, B and A junior, B and C special
    assert [found.up_to(part) for part in range(6)] == [[1, 0], [1], [3, 2], [3], [4], [4, 5]]
    order, starts = found.by_code
    assert order.tolist() == [1, 0, 3, 2, 4, 5]
    assert starts.tolist() == [0, 2, 4]


def test_numbers_by_stage_reach_the_parts_of_their_stage(index: Index) -> None:
    found = index.at_parts(
        {"primary": np.array([1.0, 2, 3, 4]), "junior": np.array([5.0, 6, 7, 8])}
    )
    assert found.tolist() == [1, 2, 6, 8, 0, 0]


def test_one_special_pupil_makes_a_special_part() -> None:
    one = SCHOOLS.assign(special_pupils=[1.0, 0, 90, np.nan])
    assert [part for part in build_index(one, 2025, 1).parts if part[1] == "special"] == [
        ("A", "special"), ("C", "special"),
    ]  # fmt: skip


def test_a_district_without_special_pupils_has_no_special_parts() -> None:
    plain = SCHOOLS.drop(index=["C"]).assign(special_pupils=0.0)
    assert [stage for _, stage in build_index(plain, 2025, 1).parts] == [
        "primary", "primary", "junior", "junior",
    ]  # fmt: skip


@formula(level="part", unit="yuan", subject="operating", cites="own")
def paid_here(heads, rate_here, factor_here, whole_here):
    """Heads at the stage's rate, by the school's factor, with a district's own on top."""
    return heads * rate_here * factor_here + whole_here


@formula(level="part", unit="yuan", subject="operating", cites="own")
def doubled_here(paid_here):
    """Twice what is paid: a second formula of the same chunk."""
    return paid_here * 2


@formula(level="part", unit="yuan", subject="operating", cites="own")
def constant_here(whole_here):
    """One number for all."""
    return whole_here + 1


INPUTS = [
    Input("heads", "part", "person", "structure", by_year=True),
    Input("rate_here", "stage", "yuan", "structure", by_year=True),
    Input("factor_here", "school", "number", "structure"),
    Input("whole_here", "district", "yuan", "structure"),
]


@pytest.mark.parametrize("chunk", [1, 2, 3, 5, 6, 7, 100])
def test_in_chunks_of_any_size_each_part_has_its_own_school_and_stage(
    index: Index, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(run, "CHUNK", chunk)
    graph = build_graph([paid_here, doubled_here, constant_here], INPUTS)
    heads = np.array([[1.0, 2, 3, 4, 5, 6], [10, 20, 30, 40, 50, 60]])
    rates = np.zeros((2, index.size("stage")))
    rates[:, :2] = [[7, 9], [8, 10]]
    rates[:, index.part_stage[-1]] = [11, 12]
    inputs = {
        "heads": heads,
        "rate_here": rates,
        "factor_here": np.array([[1.0, 100, 10_000, 1_000_000]]),
        "whole_here": np.array([[0.5]]),
    }
    found = run_graph(graph, index, inputs)
    # A 1 · 7 · 1; B 2 · 7 · 100 and 3 · 9 · 100; D 4 · 9 · 1,000,000;
    # the special parts of B and C 5 · 11 · 100 and 6 · 11 · 10,000
    first = [7.5, 1400.5, 2700.5, 36_000_000.5, 5500.5, 660_000.5]
    second = [80.5, 16_000.5, 30_000.5, 400_000_000.5, 60_000.5, 7_200_000.5]
    assert found["paid_here"].tolist() == [first, second]
    assert found["doubled_here"].tolist() == [[2 * x for x in first], [2 * x for x in second]]
    assert np.broadcast_to(found["constant_here"], (1, 6)).tolist() == [[1.5] * 6]


def test_one_number_for_all_is_one_for_each_under_leading_axes_too(index: Index) -> None:
    # two draws of six years for six parts, and a formula that gives one number a year
    graph = build_graph([constant_here], INPUTS)
    whole = np.arange(12.0).reshape(2, 6, 1)
    found = run_graph(graph, index, {"whole_here": whole})["constant_here"]
    assert found.shape == (2, 6, 6)
    assert found[1, 5].tolist() == [12] * 6
