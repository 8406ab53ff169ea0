"""A line read from what is printed below it: computed again, what it rests on, what hides it."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pytest

import simulator as sim
from simulator.machine.language import at_base, known_or, largest, maximum, previous, total, where
from simulator.machine.symbols import Call, Expr, Name
from simulator.machine.trace_reading import blamed, evaluate, taken
from tests.building import district_of, scenario_of, school

UNKNOWN = math.nan
A, B, C, D = (Name(name) for name in "abcd")


def line(name: str, value: float, word: str | None = None) -> Any:
    return SimpleNamespace(name=name, value=value, word=word)


def lines(**values: float) -> tuple[Any, ...]:
    return tuple(line(name, value) for name, value in values.items())


def above_of(expression: Expr | None, below: tuple[Any, ...], kind: str = "formula") -> Any:
    """A line with such a formula over these lines."""
    return SimpleNamespace(expression=expression, inputs=below, kind=kind)


def names(found: list[Any]) -> list[str]:
    return [each.name for each in found]


def test_sums_differences_and_products_are_computed_again() -> None:
    below = lines(a=7.0, b=3.0, c=5.0)
    assert evaluate(A + B, below) == 10
    assert evaluate(A - B, below) == 4
    assert evaluate(A * B, below) == 21
    assert evaluate(A * B - C, below) == 16
    assert evaluate(2 * A, below) == 14
    assert evaluate(maximum(A, C), below) == 7


def test_the_same_name_under_a_word_is_another_line() -> None:
    below = (line("a", 1, "previous"), line("a", 2), line("a", 3, "at_base"))
    assert evaluate(A, below) == 2
    assert evaluate(previous(A), below) == 1
    assert evaluate(at_base(A), below) == 3
    assert evaluate(A - previous(A), below) == 1


def test_gathered_lines_are_taken_together() -> None:
    below = (line("a", 4, "total"), line("b", 100), line("a", 6, "total"), line("a", 9, "largest"),
             line("a", 8, "largest"))  # fmt: skip
    assert evaluate(total(A), below) == 10
    assert evaluate(largest(A), below) == 9
    assert evaluate(Call("cumulated", (B,)), (line("b", 2, "cumulated"), line("b", 5, "cumulated"),
                                              line("b", 50)), ) == 7  # fmt: skip


def test_of_nobody_the_total_is_nothing_and_the_largest_is_not_known() -> None:
    assert evaluate(total(A), ()) == 0
    assert math.isnan(evaluate(largest(A), ()))
    # there is no year before the first
    assert math.isnan(evaluate(previous(A), lines(a=1.0)))


#: If a, then b, else c.
CHOICE = where(A, B, C)


@pytest.mark.parametrize(
    ("flag", "rests_on"), [(1.0, ["a", "b"]), (0.0, ["a", "c"]), (UNKNOWN, ["a"])]
)
def test_a_figure_rests_on_the_branch_that_was_taken(flag: float, rests_on: list[str]) -> None:
    assert names(taken(above_of(CHOICE, lines(a=flag, b=1.0, c=2.0)))) == rests_on


def test_a_figure_rests_on_a_substitute_only_where_the_first_is_not_known() -> None:
    formula = known_or(A, B)
    assert names(taken(above_of(formula, lines(a=1.0, b=2.0)))) == ["a"]
    assert names(taken(above_of(formula, lines(a=UNKNOWN, b=2.0)))) == ["a", "b"]
    assert names(taken(above_of(formula, lines(a=0.0, b=2.0)))) == ["a"]


def test_branches_inside_a_sum_and_a_choice_are_left_out_too() -> None:
    below = lines(a=1.0, b=2.0, c=3.0, d=4.0)
    assert names(taken(above_of(CHOICE + D, below))) == ["a", "b", "d"]
    assert names(taken(above_of(D - CHOICE, below))) == ["a", "b", "d"]
    assert names(taken(above_of(where(A, where(B, C, D), D), below))) == ["a", "b", "c"]
    # a word that chooses nothing rests on all
    assert names(taken(above_of(maximum(A, B), below))) == ["a", "b"]


def test_years_and_totals_rest_on_their_lines() -> None:
    below = (line("a", 1, "previous"), line("a", 2), line("b", 3, "total"), line("b", 4, "total"))
    assert taken(above_of(previous(A) + total(B), below)) == [below[0], below[2], below[3]]


def test_an_operator_and_a_leaf_rest_on_all_that_is_below() -> None:
    below = lines(a=1.0, b=UNKNOWN, c=UNKNOWN)
    assert taken(above_of(None, below)) == list(below)
    assert taken(above_of(CHOICE, below, "operator")) == list(below)
    assert names(blamed(above_of(None, below))) == ["b", "c"]
    assert names(blamed(above_of(CHOICE, below, "operator"))) == ["b", "c"]
    # the same formula as no operator is blamed by its branches alone
    assert names(blamed(above_of(CHOICE, below))) == ["b"]


@pytest.mark.parametrize(
    ("flag", "hidden"), [(1.0, ["b"]), (0.0, ["c"]), (UNKNOWN, ["a"])]
)  # fmt: skip
def test_only_the_branch_that_was_taken_hides_a_figure(flag: float, hidden: list[str]) -> None:
    assert names(blamed(above_of(CHOICE, lines(a=flag, b=UNKNOWN, c=UNKNOWN)))) == hidden


def test_what_hides_a_sum_is_named_on_both_sides() -> None:
    below = lines(a=UNKNOWN, b=1.0, c=UNKNOWN)
    assert names(blamed(above_of(A + B * C, below))) == ["a", "c"]
    assert names(blamed(above_of(maximum(A, B), below))) == ["a"]
    assert names(blamed(above_of(2 * C, below))) == ["c"]
    mixed = (line("a", UNKNOWN, "previous"), line("a", UNKNOWN), line("a", 1, "previous"))
    assert blamed(above_of(previous(A), mixed)) == [mixed[0]]


@pytest.fixture(scope="module")
def town() -> sim.Result:
    made = [school("A", primary_boarders_prior=3), school("B", "nine_year")]
    settings = {"operating_rate_primary": 800, "operating_rate_junior": 1000}
    return sim.simulate(district_of(made, **settings), scenario_of(policy=["national"]))


JUNIOR = {"school": "B", "stage": "junior"}


@pytest.mark.parametrize(
    ("name", "place", "cell"),
    [
        ("staff", {"school": "A"}, ("schools", "A", "staff")),
        ("staff", {"school": "B"}, ("schools", "B", "staff")),
        ("counted_teachers", JUNIOR, ("schools", "B", "junior_teachers")),
        ("observed_pupils", {**JUNIOR, "year": 2025}, ("schools", "B", "junior_pupils")),
        ("observed_pupils", {**JUNIOR, "year": 2024}, ("schools", "B", "junior_pupils_prior")),
        ("prior_boarders", {"school": "A", "stage": "primary", "year": 2024},
         ("schools", "A", "primary_boarders_prior")),
        ("current_rate", {"stage": "junior"}, ("district", "", "operating_rate_junior")),
        ("observed_revenue", {"year": 2024}, ("fiscal", 2024, "recurrent_revenue")),
        ("observed_revenue", {"year": 2025}, ("fiscal", 2025, "recurrent_revenue")),
        ("rural_school", {"school": "A"}, ("schools", "A", "area")),
    ],
)  # fmt: skip
def test_a_leaf_is_read_from_its_cell(town, name: str, place: Any, cell: Any) -> None:
    origin = town.explain(name, **place).origin
    assert origin is not None
    assert origin == town.binding.district.origin(*cell)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("operating_benchmark", {"stage": "primary"}),  # the law's
        ("heating_rate", {}),  # a lever
        ("planned", {}),  # of the years
        ("pupils", {"school": "A", "stage": "primary"}),  # a formula
    ],
)
def test_what_is_no_cell_has_none(town: sim.Result, name: str, place: dict[str, Any]) -> None:
    assert town.explain(name, **place).origin is None


@pytest.mark.parametrize(
    ("system", "years", "junior"), [("six_three", 6, (7, 9)), ("five_four", 5, (6, 9))]
)
def test_a_year_of_study_is_read_from_its_grade(system, years, junior) -> None:
    counts = {f"grade_{n}": 10 for n in range(1, 10)}
    row = school("B", "nine_year", **counts, primary_pupils=10 * years,
                 junior_pupils=10 * (9 - years))  # fmt: skip
    district = district_of([row, {**row, "school_id": "C", "school_name": "C"}],
                           school_system=system)  # fmt: skip
    result = sim.simulate(district, scenario_of(policy=[]), wanted=[])
    first, last = junior
    of_study = [("primary", 1, 1), ("primary", years, years), ("junior", 1, first),
                ("junior", last - first + 1, last)]  # fmt: skip
    for stage, grade, column in of_study:
        leaf = result.explain(f"observed_grade_{grade}", school="B", stage=stage, year=2025)
        assert leaf.origin is not None
        assert leaf.origin == district.origin("schools", "B", f"grade_{column}")
