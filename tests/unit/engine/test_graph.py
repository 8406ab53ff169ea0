"""The graph: order, refusals, recurrence, and leading axes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulator.errors import JunhengError
from simulator.law import FORMULAS, INPUTS
from simulator.machine.graph import build_graph
from simulator.machine.index import build_index
from simulator.machine.language import at_base, previous, total, where
from simulator.machine.registry import Input, Level, formula, make_formula
from simulator.machine.run import run_graph

HEADS = Input("heads", "part", "pupil", "projection", by_year=True)
RATE = Input("rate", "stage", "yuan", "parameter", by_year=True)
STAFF = Input("staff_count", "school", "person", "column")


def own(level: Level = "part"):
    return formula(level=level, unit="yuan", subject="operating", cites="own")


@own()
def funds(heads, rate):
    """Funds by heads and rate."""
    return heads * rate


@own("district")
def funds_total(funds):
    """Funds of the district."""
    return total(funds)


@own("school")
def funds_of_school(funds):
    """Funds of a school."""
    return total(funds)


@pytest.fixture
def index():
    """A nine-year school and a junior school, two planned years."""
    schools = pd.DataFrame(
        {"school_type": ["nine_year", "junior"], "special_pupils": [0.0, np.nan]},
        index=["A", "B"],
    )
    return build_index(schools, 2025, 2)


@pytest.fixture
def arrays():
    """Heads over four years of parts (A primary, A junior, B junior); rates by stage."""
    heads = np.array([[10.0, 20, 30], [11, 21, 31], [12, 22, 32], [13, 23, 33]])
    rate = np.array([[1.0, 2, 0]] * 4)
    return {"heads": heads, "rate": rate, "staff_count": np.array([[5.0, 6.0]])}


def test_parts_are_sorted_by_stage_and_gather_to_schools(index, arrays):
    graph = build_graph([funds, funds_total, funds_of_school], [HEADS, RATE])
    values = run_graph(graph, index, arrays)
    assert index.parts == (("A", "primary"), ("A", "junior"), ("B", "junior"))
    # 2025: 11·1 + 21·2 + 31·2 = 115; school A: 11 + 42 = 53, school B: 62
    assert values["funds_total"][1, 0] == 115
    assert values["funds_of_school"][1].tolist() == [53, 62]


def test_leading_axes_run_together(index, arrays):
    graph = build_graph([funds, funds_total], [HEADS, RATE])
    stacked = {**arrays, "rate": np.stack([arrays["rate"], 3 * arrays["rate"]])}
    values = run_graph(graph, index, stacked)
    assert values["funds_total"].shape == (2, 4, 1)
    np.testing.assert_allclose(values["funds_total"][1], 3 * values["funds_total"][0])


def test_only_what_is_asked_for_is_computed(index, arrays):
    graph = build_graph([funds, funds_total, funds_of_school], [HEADS, RATE])
    values = run_graph(graph, index, arrays, wanted=["funds_total"])
    assert "funds_total" in values and "funds_of_school" not in values


def test_last_year_runs_year_by_year(index, arrays):
    known = Input("start", "part", "yuan", "projection", by_year=True)
    growth = Input("growth", "district", "ratio", "lever")
    starts = np.zeros((4, 3))
    starts[0] = 8.0

    def compound(start, total_so_far, growth):
        """The start in the first year, then last year's value grown."""
        return start + where(start, 0, previous(total_so_far) * growth)

    made = make_formula(
        compound, ("start", "sum", "growth"), "part", "yuan", "money", ("own",), name="sum"
    )
    graph = build_graph([made], [known, growth])
    assert graph.recurrent == {"sum"}
    values = run_graph(graph, index, {"start": starts, "growth": np.array([[1.5]])})
    assert values["sum"][:, 0].tolist() == [8, 12, 18, 27]  # ×1.5 each year


def test_base_year_value_holds_for_every_year(index, arrays):
    @own()
    def first(heads):
        """Heads of the base year."""
        return at_base(heads)

    values = run_graph(build_graph([first], [HEADS]), index, arrays)
    assert values["first"].tolist() == [[11, 21, 31]]


def named(name, arguments, level="part", function=lambda *given: sum(given[1:], given[0])):
    return make_formula(function, arguments, level, "yuan", "money", ("own",), name=name)


def test_a_cycle_is_refused_with_its_names():
    circle = [named("a", ("b", "heads")), named("b", ("c",)), named("c", ("a",))]
    with pytest.raises(JunhengError, match=r"a → b → c → a"):
        build_graph(circle, [HEADS])


def test_a_missing_input_is_refused_with_its_name():
    with pytest.raises(JunhengError, match=r"a needs nowhere"):
        build_graph([named("a", ("heads", "nowhere"))], [HEADS])


def test_a_duplicate_is_refused_with_its_name():
    with pytest.raises(JunhengError, match=r"twice: heads"):
        build_graph([named("heads", ("rate",), "stage")], [HEADS, RATE])


def test_an_unlabelled_name_is_refused():
    with pytest.raises(JunhengError, match=r"no words for: funds"):
        build_graph([funds], [HEADS, RATE], labelled={"heads", "rate"})


def test_a_lower_level_must_be_gathered():
    with pytest.raises(JunhengError, match=r"cannot use heads"):
        build_graph([named("a", ("heads",), "district")], [HEADS])


def test_last_year_of_a_constant_is_refused():
    made = named("a", ("staff_count",), "school", previous)
    with pytest.raises(JunhengError, match=r"last year's staff_count"):
        build_graph([made], [STAFF])


@pytest.mark.parametrize(
    "body",
    [
        lambda heads: heads / 2,
        lambda heads: heads > 2,
        lambda heads: 1 if heads else 0,
        lambda heads: previous(heads * 2),
        lambda heads: heads + "x",
    ],
)
def test_what_no_sheet_or_trace_could_follow_is_refused(body):
    with pytest.raises(JunhengError):
        make_formula(body, ("heads",), "part", "yuan", "money", ("own",), name="bad")


def test_the_model_itself_builds_and_uses_every_formula_of_its_own():
    graph = build_graph(FORMULAS, INPUTS)
    ordered = [name for block in graph.blocks for name in block]
    assert sorted(ordered) == sorted(formula.name for formula in FORMULAS)
    position = {name: place for place, name in enumerate(ordered)}
    for made in FORMULAS:
        for argument in made.now - {made.name}:
            if argument in position:
                assert position[argument] < position[made.name], (made.name, argument)


def test_a_name_is_labelled_by_its_own_words_else_by_the_glossarys_else_stands_as_it_is(index):
    own_words = make_formula(
        lambda heads: heads, ("heads",), "part", "yuan", "money", ("own",), name="mine",
        words=("我的", "Mine"),
    )  # fmt: skip
    graph = build_graph([own_words, funds], [HEADS, RATE])
    assert [graph.label("mine", language) for language in ("zh", "en")] == ["我的", "Mine"]
    assert graph.label("pupils", "zh") != graph.label("pupils", "en")
    assert graph.label("nobodys_word", "en") == "nobodys_word"
    assert [graph.unit(name) for name in ("mine", "rate", "heads")] == ["yuan", "yuan", "pupil"]
    assert [graph.level(name) for name in ("mine", "rate", "heads")] == ["part", "stage", "part"]
    assert graph.users == {"heads": ("mine", "funds"), "rate": ("funds",)}
