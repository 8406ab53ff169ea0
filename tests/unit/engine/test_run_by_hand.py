"""The graph year by year: last year, other levels, operators, several draws. Numbers by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from simulator.machine.graph import build_graph
from simulator.machine.index import Index, build_index
from simulator.machine.language import at_base, cumulated, known_or, previous, total
from simulator.machine.registry import Formula, Input, Level, make_formula
from simulator.machine.run import run_graph


@pytest.fixture
def index() -> Index:
    """Parts A primary, B primary, B junior; years 2024, the base year 2025, 2026, 2027."""
    schools = pd.DataFrame(
        {"school_type": ["primary", "nine_year"], "special_pupils": [0.0, 0.0]}, index=["A", "B"]
    )
    return build_index(schools, 2025, 2)


def made(name: str, level: Level, arguments: str, function: Any, **more: Any) -> Formula:
    if not function.__doc__:
        function.__doc__ = "Made for a test."
    return make_formula(function, tuple(arguments.split()), level, "yuan", "money", ("own",),
                        name=name, **more)  # fmt: skip


def added_up(below: Any) -> Any:
    """The total of what is below."""
    return total(below)


def leaf(name: str, level: Level, by_year: bool = True) -> Input:
    return Input(name, level, "yuan", "structure", by_year=by_year)


#: 1, 10 and 100 at the start, then unknown: carried on from last year.
START = np.array([[1.0, 10, 100], *[[np.nan] * 3] * 3])
#: By stage and year.
RATE = np.array([[2.0, 3, 0], [4, 5, 0], [6, 7, 0], [8, 9, 0]])
INPUTS = [
    leaf("start", "part"), leaf("rate", "stage"), leaf("added", "school", by_year=False),
    leaf("given", "district"),
]  # fmt: skip
ARRAYS = {
    "start": START, "rate": RATE, "added": np.array([[0.5, 0.25]]),
    "given": np.array([[1.0], [2], [3], [4]]),
}  # fmt: skip


def stock() -> Formula:
    """Last year's stock at this year's rate of the stage, and what the school adds."""
    return made("stock", "part", "start stock rate added",
                lambda start, stock, rate, added: known_or(
                    start, previous(stock) * rate + added))  # fmt: skip


def test_last_year_meets_this_years_rate_of_its_stage_and_its_schools_addition(index) -> None:
    found = run_graph(build_graph([stock()], INPUTS), index, ARRAYS)["stock"]
    # A: 1 · 4 + 0.5; · 6 + 0.5; · 8 + 0.5
    assert found[:, 0].tolist() == [1, 4.5, 27.5, 220.5]
    # B primary: 10 · 4 + 0.25; · 6; · 8
    assert found[:, 1].tolist() == [10, 40.25, 241.75, 1934.25]
    # B junior: 100 · 5 + 0.25; · 7; · 9
    assert found[:, 2].tolist() == [100, 500.25, 3502, 31518.25]


def test_a_group_gathers_and_spreads_within_a_year(index: Index) -> None:
    # each part has last year's and a tenth of last year's of its school, its stage, all
    share = made("part_stock", "part", "start part_stock of_school of_stage of_all",
                 lambda start, part_stock, of_school, of_stage, of_all: known_or(
                     start, previous(part_stock) + 2 * previous(of_school) + 4 * previous(of_stage)
                     + 8 * previous(of_all)))  # fmt: skip
    sums = [made(name, level, "part_stock", added_up)
            for name, level in (("of_school", "school"), ("of_stage", "stage"),
                                ("of_all", "district"))]  # fmt: skip
    found = run_graph(build_graph([share, *sums], INPUTS), index, ARRAYS)
    assert found["of_school"][0].tolist() == [1, 110]
    assert found["of_stage"][0].tolist() == [11, 100, 0]
    assert found["of_all"][0].tolist() == [111]
    # A: 1 + 2 · 1 + 4 · 11 + 8 · 111; B: 10 + 2 · 110 + 4 · 11 + 888; 100 + 220 + 400 + 888
    assert found["part_stock"][1].tolist() == [935, 1162, 1608]
    assert found["of_all"][1].tolist() == [935 + 1162 + 1608]
    # A: 935 + 2 · 935 + 4 · (935 + 1162) + 8 · 3705
    assert found["part_stock"][2, 0] == 3 * 935 + 4 * 2097 + 8 * 3705


def test_a_year_may_need_another_figure_of_the_same_year(index: Index) -> None:
    # what is left goes into next year, what is spent is known this year
    left = made("left", "district", "given spent", lambda given, spent: given - spent)
    spent = made("spent", "district", "left", lambda left: known_or(previous(left), 0.5))
    found = run_graph(build_graph([left, spent], INPUTS), index, ARRAYS)
    # 1 − 0.5; 2 − 0.5; 3 − 1.5; 4 − 1.5
    assert found["spent"][:, 0].tolist() == [0.5, 0.5, 1.5, 1.5]
    assert found["left"][:, 0].tolist() == [0.5, 1.5, 1.5, 2.5]


def test_a_group_may_look_below_at_what_is_outside_it(index: Index) -> None:
    grown = made("grown", "district", "grown heads", lambda grown, heads: known_or(
        previous(grown), 0) * 2 + total(heads))  # fmt: skip
    heads = np.array([[1.0, 2, 3], [10, 20, 30], [0, 0, 1], [0, 0, 2]])
    graph = build_graph([grown], [leaf("heads", "part")])
    found = run_graph(graph, index, {"heads": heads})["grown"]
    # 6; 2 · 6 + 60; 2 · 72 + 1; 2 · 145 + 2
    assert found[:, 0].tolist() == [6, 72, 145, 292]
    # what does not change over the years is seen in every year
    steady = build_graph([grown], [leaf("heads", "part", by_year=False)])
    found = run_graph(steady, index, {"heads": heads[:1]})["grown"]
    assert found[:, 0].tolist() == [6, 18, 42, 90]


@pytest.mark.parametrize("shape", ["one a year", "one a part", "one number"])
def test_an_operator_of_a_group_sees_its_own_year_alone(index: Index, shape: str) -> None:
    seen: list[tuple[int, ...]] = []

    def doubled(index: Index, carried: Any, rate: Any) -> Any:
        """Made for a test."""
        seen.append(carried.shape)
        due = carried * 2 + rate.sum()
        return {"one a year": due, "one a part": due[0], "one number": due[0].max()}[shape]

    carried = made("carried", "part", "start doubled",
                   lambda start, doubled: known_or(start, previous(doubled)))  # fmt: skip
    operator = make_formula(doubled, ("carried", "rate"), "part", "yuan", "money", ("own",),
                            name="doubled", operator=True)  # fmt: skip
    found = run_graph(build_graph([carried, operator], INPUTS), index, ARRAYS)["doubled"]
    assert seen == [(1, 3)] * 4
    # rates add up to 5, 9, 13, 17; the largest alone where one number stands for all
    if shape == "one number":
        assert found.tolist() == [[205] * 3, [419] * 3, [851] * 3, [1719] * 3]
    else:
        assert found[:, 0].tolist() == [7, 23, 59, 135]
        assert found[:, 2].tolist() == [205, 419, 851, 1719]


def test_an_operator_outside_sees_all_years_and_values_of_other_levels_as_they_are(index) -> None:
    def widest(index: Index, rate: Any, given: Any, start: Any) -> Any:
        """Made for a test."""
        assert (rate.shape, given.shape, start.shape) == ((4, 3), (4, 1), (4, 3))
        return rate.max(axis=-1, keepdims=True) + given

    operator = make_formula(widest, ("rate", "given", "start"), "part", "yuan", "money", ("own",),
                            name="widest", operator=True)  # fmt: skip
    found = run_graph(build_graph([operator], INPUTS), index, ARRAYS)["widest"]
    assert found.tolist() == [[4] * 3, [7] * 3, [10] * 3, [13] * 3]


def test_one_number_a_year_is_every_parts(index: Index) -> None:
    copied = made("copied", "part", "given", lambda given: given * 2)
    found = run_graph(build_graph([copied], INPUTS), index, ARRAYS)["copied"]
    assert found.tolist() == [[2] * 3, [4] * 3, [6] * 3, [8] * 3]
    fixed = made("fixed", "stage", "given", lambda given: 7.0 if isinstance(given, np.ndarray)
                 else given)  # fmt: skip
    found = run_graph(build_graph([fixed], INPUTS), index, ARRAYS)["fixed"]
    assert found.tolist() == [[7, 7, 7]]


def test_draws_of_several_inputs_run_side_by_side_through_the_years(index: Index) -> None:
    graph = build_graph([stock()], INPUTS)
    # two draws of the start, three of the rate: every pair of them
    starts = np.stack([START, 2 * START])[:, np.newaxis]
    rates = np.stack([RATE, 0 * RATE, 10 * RATE])
    found = run_graph(graph, index, {**ARRAYS, "start": starts, "rate": rates})["stock"]
    assert found.shape == (2, 3, 4, 3)
    assert found[0, 0].tolist() == run_graph(graph, index, ARRAYS)["stock"].tolist()
    # 2 · 1 · 40 + 0.5; nothing but what is added; B junior 2 · 100 · 50 + 0.25
    assert found[1, 2, 1].tolist() == [80.5, 800.25, 10_000.25]
    assert found[1, 1, 3].tolist() == [0.5, 0.25, 0.25]


def test_the_base_year_is_looked_at_from_every_year_of_a_group(index: Index) -> None:
    since = made("since", "district", "given", lambda given: at_base(given) * 10)
    found = run_graph(build_graph([since], INPUTS), index, ARRAYS)["since"]
    assert np.broadcast_to(found, (4, 1))[:, 0].tolist() == [20] * 4


def test_a_running_sum_goes_over_all_parts_whatever_is_computed_at_a_time(index, monkeypatch):
    from simulator.machine import run

    so_far = made("so_far", "part", "start", lambda start: 1 * cumulated(start))
    twice = made("twice", "part", "so_far", lambda so_far: so_far * 2)
    for chunk in (1, 2, 100):
        monkeypatch.setattr(run, "CHUNK", chunk)
        found = run_graph(build_graph([so_far, twice], INPUTS), index, ARRAYS)
        # A and B of the primary stage one after the other, B's junior part by itself
        assert found["twice"][0].tolist() == [2, 22, 200]


def test_an_operator_may_give_one_row(index: Index) -> None:
    def row(index: Index, start: Any) -> Any:
        """Made for a test."""
        return start[0]

    operator = make_formula(row, ("start",), "part", "yuan", "money", ("own",), name="row",
                            operator=True)  # fmt: skip
    added = made("added_up", "district", "row", added_up)
    found = run_graph(build_graph([operator, added], INPUTS), index, ARRAYS)
    assert found["row"].tolist() == [[1, 10, 100]]
    assert found["added_up"].tolist() == [[111]]


def test_nothing_but_what_is_asked_for_is_computed_in_chunks_or_not(index, monkeypatch) -> None:
    from simulator.machine import run

    double = made("double", "part", "start", lambda start: start * 2)
    four = made("four", "part", "double", lambda double: double * 2)
    other = made("other", "part", "start", lambda start: start * 3)
    summed = made("summed", "district", "four", added_up)
    last = made("last", "part", "summed start", lambda summed, start: summed + start)
    graph = build_graph([double, four, other, summed, last], INPUTS)
    for chunk in (1, 2, 3, 100):
        monkeypatch.setattr(run, "CHUNK", chunk)
        found = run_graph(graph, index, ARRAYS, ["summed"])
        assert not {"other", "last"} & set(found)
        assert found["summed"][0].tolist() == [444]
        whole = run_graph(graph, index, ARRAYS)
        assert whole["last"][0].tolist() == [445, 454, 544]
        assert whole["other"][0].tolist() == [3, 30, 300]
