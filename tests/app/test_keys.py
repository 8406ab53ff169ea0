"""What is kept is kept under all that it depends on: vary one dependence and the key is another."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simulator.district.sample import sample_district
from simulator.findings import Finding
from simulator.results.result import Result
from simulator.results.simulate import simulate
from simulator.scenario.load import load_scenario
from simulator.ui.keys import key
from tests.app import pages

DISTRICT = sample_district()
STEADY = load_scenario("scenarios/steady.yaml")
BASE = load_scenario("scenarios/baseline.yaml")
RESULT = simulate(DISTRICT, STEADY)
MERGER = {
    "assumptions.schools.moves": [
        {"year": 2027, "school": "9900002", "into": "9900001", "share": 0.4, "takes": "staff"}
    ]
}


def _other(value: Any) -> Any:
    """A value that differs a little."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return value + "a"
    if isinstance(value, pd.DataFrame):
        return value.iloc[::-1]
    if isinstance(value, tuple):
        return (*value, "a")
    if isinstance(value, frozenset):
        return value | {("a", "a")}
    if value is None:
        return "a"
    return {**value, "another": 1}


@pytest.mark.parametrize(
    "whole", [DISTRICT, STEADY, RESULT.binding.policy], ids=["data", "scenario", "packs"]
)
def test_every_field_of_what_is_computed_from_counts(whole: Any) -> None:
    for each in fields(whole):
        value = getattr(whole, each.name)
        varied = replace(whole, **{each.name: STEADY if each.name == "base" else _other(value)})
        assert key(varied) != key(whole), each.name
        assert key(replace(whole)) == key(whole), each.name


def test_names_notes_and_the_words_of_the_base_count_beside_the_content() -> None:
    renamed = STEADY.with_changes({"name": "别名"})
    assert renamed.fingerprint == STEADY.fingerprint and key(renamed) != key(STEADY)
    draft = STEADY.derived("草稿")
    assert key(replace(draft, base=renamed)) != key(draft)
    warned = replace(DISTRICT, findings=(*DISTRICT.findings, Finding("x", "warning")))
    assert warned.fingerprint == DISTRICT.fingerprint and key(warned) != key(DISTRICT)


def _varied() -> dict[str, Result]:
    binding = RESULT.binding
    policy = replace(binding.policy, packs=(*binding.policy.packs, "own"))
    return {
        "data": simulate(replace(DISTRICT, name="乙区"), STEADY),
        "scenario": simulate(DISTRICT, STEADY.with_changes({"name": "别名"})),
        "packs": replace(RESULT, binding=replace(binding, policy=policy)),
        "graph": replace(RESULT, graph=replace(RESULT.graph)),
        "figures": simulate(DISTRICT, STEADY, wanted=["gap"]),
    }


def test_every_part_of_a_result_counts() -> None:
    found = {name: key(each) for name, each in _varied().items()}
    assert len({key(RESULT), *found.values()}) == len(found) + 1
    assert key(simulate(DISTRICT, STEADY)) == key(RESULT)


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, 1.0), (1, True), (0.0, -0.0), ("1", 1), (("ab", "c"), ("a", "bc")), ((), None),
     ([1, [2]], [[1], 2]), ({"a": 1}, {"a": 2}), ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
     (np.array([1.0]), np.array([[1.0]])), (np.array([1]), np.array([1.0])),
     (date(2026, 1, 1), date(2026, 1, 2)), ("zh", "en"), (frozenset("a"), frozenset("ab"))],
)  # fmt: skip
def test_what_reads_alike_is_told_apart(one: Any, other: Any) -> None:
    assert key(one) != key(other)
    assert key(one) == key(one) and key(one, other) != key(other, one)


def test_what_has_no_known_content_gets_no_key() -> None:
    for each in (object(), len, DISTRICT.__class__):
        with pytest.raises(TypeError, match="no key"):
            key("kind", each)


def test_of_two_graphs_each_has_its_own_key() -> None:
    graph = simulate(DISTRICT, STEADY).graph
    assert key(graph) == key(RESULT.graph) and key(replace(graph)) != key(graph)


def _book(**changes: Any) -> str:
    with pytest.MonkeyPatch.context() as patch, pages.files(patch, ".md") as found:
        test = pages.opened("rulebook", "zh", **changes)
        assert not test.exception
        return next(iter(found.values())).decode()


def test_the_rule_book_of_one_visitor_is_not_anothers() -> None:
    plain, merged = _book(), _book(changes=MERGER)
    assert plain != merged
    assert (_book(), _book(changes=MERGER)) == (plain, merged)
