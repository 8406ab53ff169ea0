"""A scenario in sentences: every lever, both languages, against its base and against another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import simulator as sim
from simulator.glossary import LANGUAGES, Language
from simulator.scenario.describe import as_sentence, describe, difference
from simulator.scenario.levers import Lever, levers
from simulator.scenario.load import SHIPPED
from simulator.scenario.model import Scenario

BASE_YEAR = 2026
ROWS = {
    "assumptions.pupils.table": {"school": "a", "stage": "primary", "year": 2027, "pupils": 9},
    "levers.operating_extra": {"school": "A", "stage": "primary", "year": 2026, "amount": 5000},
    "levers.rotation": {
        "school": "a",
        "stage": "primary",
        "year": 2027,
        "kind": "backbone",
        "teachers": 1,
    },
    "assumptions.schools.new": {"school": "n", "name": "新校", "type": "primary", "area": "urban"},
    "assumptions.schools.opens_with": {"school": "n", "item": "books", "amount": 9},
    "assumptions.schools.moves": {
        "year": 2027,
        "school": "a",
        "into": "b",
        "share": 1,
        "takes": "staff",
    },
}


def said(**own: Any) -> Scenario:
    """A scenario that says this, without the loader's checks of what goes together."""
    paths = {path.replace("__", "."): value for path, value in own.items()}
    return Scenario({"zh": "甲", "en": "A"}, paths, ("national",), 3)


def holding(path: str, value: Any) -> Scenario:
    return Scenario({"zh": "甲", "en": "A"}, {path: value}, ("national",), 3)


def examples(lever: Lever) -> list[Any]:
    """Two values of a lever that differ from each other and from "not said"."""
    if lever.kind == "rows":
        return [[ROWS[lever.path]], [ROWS[lever.path]] * 2]
    if lever.kind == "years":
        return [{2019: 900, 2020: 850}, {2019: 900, 2020: 800}]
    if lever.kind in ("choice", "path"):
        return [choice for choice in lever.choices if choice != lever.neutral][:2]
    if lever.kind == "flag":
        return [not lever.neutral]
    low = max(lever.min, 0.01)
    return [low + (lever.max - low) / 4, low + (lever.max - low) / 2]


def all_paths() -> Iterator[tuple[Lever, str]]:
    for lever in levers().values():
        for path in lever.paths:
            yield lever, f"{path}.amount" if lever.kind == "investment" else path


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("lever", "path"), list(all_paths()), ids=lambda each: str(each)[:60])
def test_every_lever_has_a_sentence(lever: Lever, path: str, language: Language) -> None:
    first, *more = examples(lever)
    nothing = said()
    set_to = difference(nothing, holding(path, first), language, BASE_YEAR)
    taken = difference(holding(path, first), nothing, language, BASE_YEAR)
    assert len(set_to) == len(taken) == 1
    assert set_to != taken
    assert "{" not in set_to[0] + taken[0]
    for second in more:
        moved = difference(holding(path, first), holding(path, second), language, BASE_YEAR)
        back = difference(holding(path, second), holding(path, first), language, BASE_YEAR)
        assert len(moved) == 1 and moved != back


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("lever", "choice"),
    [
        (lever, choice)
        for lever in levers().values()
        for choice in lever.choices
        if lever.kind in ("choice", "path")
    ],
    ids=lambda each: str(each)[:40],
)
def test_every_choice_has_a_sentence_of_its_own(
    lever: Lever, choice: Any, language: Language
) -> None:
    alone = describe(holding(lever.path, choice), language, BASE_YEAR)
    others = [
        describe(holding(lever.path, each), language, BASE_YEAR)
        for each in lever.choices
        if each != choice
    ]
    assert len(alone) == 1
    assert alone not in others


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", ["lowest_first", "proportional", "per_pupil", "list"])
def test_every_way_of_giving_money_out_is_told(rule: str, language: Language) -> None:
    path = "levers.investment.books"
    row = {"school": "a", "stage": "primary", "year": 2027, "amount": 5000}
    own = {f"{path}.rule": rule, f"{path}.amount": 5000, f"{path}.plan": [row]}
    scenario = Scenario({"zh": "甲"}, own, (), 3)
    said_of_it = describe(scenario, language, BASE_YEAR)
    assert len(said_of_it) == 1
    assert "5,000" in said_of_it[0]


def test_the_words_of_the_client() -> None:
    old = said(levers__operating_rate__junior=1200)
    new = said(levers__operating_rate__junior=1300, levers__appropriation__margin=0.005)
    assert as_sentence(difference(old, new, "en", BASE_YEAR), "en") == (
        "Lets appropriation grow 0.5 points faster than recurrent revenue; "
        "raises the junior standard from 1,200 to 1,300 yuan by 2029."
    )
    assert as_sentence(difference(old, new, "zh", BASE_YEAR), "zh") == (
        "使教育拨款增幅高于财政经常性收入增幅 0.5 个百分点；"
        "到 2029 年将初中生均公用经费标准由 1,200 元提高到 1,300 元。"
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (0.05, 0.06, "raises"),
        (0.06, 0.05, "lowers"),
        (0.05, [0.05, 0.05, 0.06], "raises"),
        (0.05, [0.04, 0.05, 0.06], "changes"),
    ],
)
def test_the_direction_is_that_of_every_year(old: Any, new: Any, words: str) -> None:
    a, b = said(levers__training_share=old), said(levers__training_share=new)
    assert difference(a, b, "en", BASE_YEAR)[0].startswith(words)


def test_a_value_by_year_is_told_with_its_years() -> None:
    path = "assumptions.recurrent_revenue_growth"
    clause = difference(holding(path, 0.04), holding(path, [-0.03, -0.01, 0.01]), "en", BASE_YEAR)
    assert clause == [
        "assumes a yearly growth of recurrent revenue of −3%, −1%, 1% (2027–2029) instead of 4%"
    ]
    money = said(levers__appropriation__amount=[1e6, 2e6, 35e5])
    assert "100、200、350 万元（2027—2029 年）" in describe(money, "zh", BASE_YEAR)[0]


def test_the_same_every_year_is_one_value() -> None:
    a, b = said(levers__training_share=0.05), said(levers__training_share=[0.05] * 3)
    assert difference(a, b, "zh", BASE_YEAR) == []


def test_saying_what_not_saying_means_is_no_difference() -> None:
    assert difference(said(), said(levers__weak_school_tilt=0), "zh", BASE_YEAR) == []


@pytest.mark.parametrize(
    ("margin", "english", "chinese"),
    [
        (0.01, "1 point faster", "高于财政经常性收入增幅 1 个百分点"),
        (-0.01, "1 point slower", "低于财政经常性收入增幅 1 个百分点"),
        (0, "as fast as recurrent revenue (before: 0.2 points faster)", "同步增长（原为高 0.2"),
    ],
)
def test_appropriation_against_revenue(margin: float, english: str, chinese: str) -> None:
    a, b = (said(levers__appropriation__margin=each) for each in (0.002, margin))
    assert english in difference(a, b, "en", BASE_YEAR)[0]
    assert chinese in difference(a, b, "zh", BASE_YEAR)[0]


def test_bands_of_small_schools_are_told_one_by_one() -> None:
    bands = [{"below": 50, "as": 50}, {"below": 100, "as": 100}]
    scenario = said(levers__small_school_floor__primary=bands)
    clause = difference(said(), scenario, "zh", BASE_YEAR)[0]
    assert clause == (
        "小规模小学最低核定人数为：不足 50 人按 50 人、不足 100 人按 100 人（原为按现行规定）"
    )


def test_shares_of_governments_are_told_together() -> None:
    shares = {"central": 0.5, "province": 0.2, "city": 0.1, "county": 0.2}
    own = {f"levers.sharing.{level}": share for level, share in shares.items()}
    told = describe(Scenario({"zh": "甲"}, own, (), 3), "zh", BASE_YEAR)
    assert told == ["公用经费分担比例为中央 50%、省级 20%、市级 10%、县级 20%"]


def test_packs_and_horizon_are_told_first() -> None:
    a = said()
    b = Scenario({"zh": "乙"}, {"levers.training_share": 0.06}, ("national", "district_plan"), 5)
    told = difference(a, b, "en", BASE_YEAR)
    assert told[:2] == [
        "stands on the packs national law, district plan (before: national law)",
        "plans 5 year(s) (before: 3)",
    ]
    assert len(told) == 3


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_scenarios_that_come_with_the_product(path: Any, language: Language) -> None:
    scenario = sim.load_scenario(path)
    told = describe(scenario, language, BASE_YEAR)
    assert told
    assert difference(scenario, scenario, language, BASE_YEAR) == []


def test_no_difference_is_said_too() -> None:
    assert as_sentence([], "zh") == "与原方案没有差别。"
    assert as_sentence([], "en") == "No difference to its base."


def test_progression_by_grade_is_told_grade_by_grade() -> None:
    path = "assumptions.pupils.progression"
    told = difference(said(), holding(path, {"2": 0.98, "1": 0.99}), "zh", BASE_YEAR)
    assert told == ["学生升级率按 1 年级 0.99、2 年级 0.98 测算（原为 1）"]
