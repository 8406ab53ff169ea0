"""Levers that shut one another out, and size bands that would leave a hole."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

import simulator as sim
from simulator.errors import FindingsError
from simulator.glossary import LANGUAGES
from simulator.own_formula.bands import holes
from simulator.scenario.load import load_scenario
from simulator.scenario.model import Scenario
from tests.building import district_of, scenario_of, school


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(f"name: {name}\n{text}", encoding="utf-8")
    return path


@pytest.mark.parametrize("lag", [0, 1, 2])
@pytest.mark.parametrize("basis", ["terms", "average"])
def test_a_lag_beside_another_basis_is_refused(tmp_path: Path, basis: str, lag: int) -> None:
    path = write(tmp_path, "a", f"levers:\n  headcount_basis: {basis}\n  headcount_lag: {lag}\n")
    with pytest.raises(FindingsError) as caught:
        load_scenario(path)
    (found,) = caught.value.findings
    assert (found.code, found.source, found.row) == ("scenario_beside", "a.yaml", 4)
    for language in LANGUAGES:
        text = found.text(language)
        assert "levers.headcount_lag" in text
        assert f"levers.headcount_basis: {basis}" in text
        assert "levers.headcount_basis: lag" in text


@pytest.mark.parametrize("basis", ["", "  headcount_basis: lag\n"])
def test_a_lag_beside_its_own_basis_is_fine(tmp_path: Path, basis: str) -> None:
    path = write(tmp_path, "a", f"levers:\n{basis}  headcount_lag: 2\n")
    assert load_scenario(path).get("levers.headcount_lag") == 2


def test_a_child_with_another_basis_lays_its_parents_lag_down(tmp_path: Path) -> None:
    write(tmp_path, "parent", "levers: {headcount_lag: 2}\n")
    child = write(tmp_path, "child", "based_on: parent\nlevers: {headcount_basis: average}\n")
    said = load_scenario(child)
    assert said.get("levers.headcount_lag") is None
    # what was laid down stays down: a grandchild that wants a lag says which
    again = write(tmp_path, "again", "based_on: child\nlevers: {headcount_basis: lag}\n")
    assert load_scenario(again).get("levers.headcount_lag") is None


def test_a_child_with_a_lag_under_its_parents_basis_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "parent", "levers: {headcount_basis: terms}\n")
    child = write(tmp_path, "child", "based_on: parent\nlevers: {headcount_lag: 1}\n")
    with pytest.raises(FindingsError) as caught:
        load_scenario(child)
    assert [(each.code, each.source) for each in caught.value.findings] == [
        ("scenario_beside", "child.yaml")
    ]


def test_a_change_of_basis_takes_the_lag_along() -> None:
    lagged = scenario_of(levers={"headcount_lag": 1})
    changed = lagged.with_changes({"levers.headcount_basis": "terms"})
    assert changed.get("levers.headcount_lag") is None
    with pytest.raises(FindingsError):
        changed.with_changes({"levers.headcount_lag": 1})


def bands_of(*pairs: tuple[float, float]) -> list[dict[str, float]]:
    return [{"below": below, "as": counts_as} for below, counts_as in pairs]


def money_by_pupils(scenario: Scenario, sizes: range) -> list[float]:
    """Operating funds of a primary school of so many pupils, computed by the product itself."""
    rows = [
        school(f"S{size:04}", primary_pupils=size, primary_pupils_prior=size, primary_classes=1)
        for size in sizes
    ]
    result = sim.simulate(district_of(rows), scenario, wanted=["operating_funds"])
    last = result.index.years[-1]
    return [float(each) for each in result.at("operating_funds", last)]


#: Any two bands of these sizes and counts, and any single one.
SIZES = (4, 7)
COUNTS = (3, 4, 5, 7, 8)
SETS: list[tuple[tuple[float, float], ...]] = [
    *(((SIZES[0], one),) for one in COUNTS),
    *(((SIZES[0], one), (SIZES[1], two)) for one, two in itertools.product(COUNTS, COUNTS)),
]


@pytest.mark.parametrize("pairs", SETS)
def test_bands_are_refused_where_one_more_pupil_lowers_the_money(
    pairs: tuple[tuple[float, float], ...],
) -> None:
    levers: dict[str, Any] = {"operating_rate": {"primary": 1000}}
    floor: dict[str, Any] = {"small_school_floor": {"primary": bands_of(*pairs)}}
    # by brute force: what a school of 0 to 12 pupils is counted as, from the definition alone
    heads = [
        max(size, next((as_ for below, as_ in pairs if size < below), 0)) if size else 0
        for size in range(13)
    ]
    falls = any(more < fewer for fewer, more in itertools.pairwise(heads))
    content = {"policy": [], "levers": {**levers, **floor}}
    if falls:
        with pytest.raises(FindingsError) as caught:
            scenario_of(**content)
        codes = {(each.code, each.column) for each in caught.value.findings}
        assert codes == {("scenario_hole", "levers.small_school_floor.primary")}
        for found, language in itertools.product(caught.value.findings, LANGUAGES):
            assert str(found.value) in found.text(language)
    else:
        scenario_of(**content)


@pytest.mark.parametrize("pairs", [((100, 100),), ((50, 60), (100, 100)), ((60, 50), (90, 90))])
def test_bands_that_are_let_in_never_lower_the_money(
    pairs: tuple[tuple[float, float], ...],
) -> None:
    floor = {"primary": bands_of(*pairs)}
    levers = {"operating_rate": {"primary": 1000}, "small_school_floor": floor}
    money = money_by_pupils(scenario_of(policy=[], levers=levers), range(1, 121))
    assert all(more >= fewer for fewer, more in itertools.pairwise(money))
    assert money[-1] == pytest.approx(120 * 1000)


def test_the_refusal_says_what_is_allowed() -> None:
    pairs = bands_of((100, 120), (200, 110))
    with pytest.raises(FindingsError) as caught:
        scenario_of(levers={"small_school_floor": {"primary": pairs}})
    (found,) = caught.value.findings
    # beyond 99 pupils 110 are counted: the larger of 100 and 110
    assert "110" in found.mend("zh")
    assert "120" in str(found.value)


@pytest.mark.parametrize("counts_as", ["many", None, True])
def test_a_band_in_words_is_one_mistake(counts_as: Any) -> None:
    bands = [{"below": 100, "as": counts_as}]
    with pytest.raises(FindingsError) as caught:
        scenario_of(levers={"small_school_floor": {"primary": bands}})
    assert [each.code for each in caught.value.findings] == ["scenario_type"]


def test_a_line_counts_its_band_itself() -> None:
    # 120 of fewer than 100, then 110: one fewer than the first; a floor that is least is none
    assert list(holes([(100, 60), (200, 50)], least=False)) == [(0, 50)]
    assert list(holes([(100, 60), (200, 50)], least=True)) == []


def test_a_hole_in_the_bands_of_a_line_is_told_and_stays() -> None:
    line = {
        "id": "base", "zh": "定额", "en": "Rate", "counted": "pupils", "amount": 1000,
        "bands": bands_of((100, 120)), "cites": "区发〔2026〕1号",
    }  # fmt: skip
    lines = {
        "id": "made",
        "zh": "本区办法",
        "en": "Our way",
        "per_pupil": "pupils",
        "lines": [line],
    }
    result = sim.simulate(district_of([school("A")]), scenario_of(lines=lines))
    (found,) = [each for each in result.findings if each.code == "lines_band_hole"]
    assert "120" in found.message("zh") and "100" in found.message("zh")
