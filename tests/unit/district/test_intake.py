"""New pupils: given, from births, from kindergarten rolls, in three variants."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.district.pupils.intake import USUAL_SPREAD, intake_from_kindergarten, intakes
from simulator.errors import FindingsError, JunhengError
from simulator.scenario.levers import levers
from tests.building import scenario_of

BIRTHS = {2019: 900, 2020: 840, 2021: 780, 2022: 690}


def cohort(**pupils: Any) -> Any:
    return scenario_of(policy=[], assumptions={"pupils": {"method": "cohort", **pupils}})


def test_given_intakes_stand_as_they_are() -> None:
    said = cohort(intake={"primary": [300, 280, 260], "junior": 250})
    assert intakes(said, 2025) == {"primary": [300, 280, 260], "junior": [250, 250, 250]}


def test_births_enter_a_third_seven_and_two_thirds_six_years_later() -> None:
    said = cohort(intake={"method": "births", "births": BIRTHS, "survival": 0.99,
                          "in_migration": [1.1, 1.0, 0.9]})  # fmt: skip
    # 2026: (900 + 2·840) ÷ 3 = 860; 2027: (840 + 2·780) ÷ 3 = 800; 2028: (780 + 2·690) ÷ 3 = 720
    expected = [860 * 0.99 * 1.1, 800 * 0.99, 720 * 0.99 * 0.9]
    assert intakes(said, 2025) == {"primary": pytest.approx(expected)}


def test_kindergarten_classes_enter_in_turn() -> None:
    rolls = {"top": 500, "middle": 450, "small": 400}
    said = cohort(intake={"method": "kindergarten", "kindergarten": rolls, "in_migration": 1.02})
    assert intakes(said, 2025) == {"primary": pytest.approx([510, 459, 408])}
    assert intake_from_kindergarten(rolls, 3) == 400


@pytest.mark.parametrize(
    ("after", "rolls"), [(4, {"top": 1, "middle": 1, "small": 1}), (2, {"top": 1})]
)
def test_classes_that_are_not_there_yet_are_named(after: int, rolls: dict[str, float]) -> None:
    with pytest.raises(JunhengError) as caught:
        intake_from_kindergarten(rolls, after)
    assert caught.value.code == "kindergarten_missing"
    assert str(after) in caught.value.text("zh") and str(after) in caught.value.text("en")


def test_variants_lie_as_far_from_the_middle_as_is_said() -> None:
    for variant, factor in (("middle", 1.0), ("high", 1.08), ("low", 0.92)):
        said = cohort(intake={"primary": 300}, variant=variant, spread=0.08)
        assert intakes(said, 2025)["primary"] == pytest.approx([300 * factor] * 3)
    # 5% where nothing is said, as the table of levers has it
    assert levers()["assumptions.pupils.spread"].neutral == USUAL_SPREAD
    assert intakes(cohort(intake={"primary": 300}, variant="high"), 2025)["primary"][0] == 315


@pytest.mark.parametrize(
    ("pupils", "path"),
    [
        ({"intake": {"method": "births"}}, "intake.births"),
        ({"intake": {"method": "births", "births": {}}}, "intake.births"),
        ({"intake": {"method": "births", "births": [900, 800]}}, "intake.births"),
        ({"intake": {"method": "births", "births": {"last": 900}}}, "intake.births"),
        ({"intake": {"method": "births", "births": {2019: -1}}}, "intake.births"),
        ({"intake": {"method": "births", "births": BIRTHS, "primary": 300}}, "intake.primary"),
        ({"intake": {"method": "tea leaves"}}, "intake.method"),
        ({"intake": {"primary": 300, "survival": 0.9}}, "intake.survival"),
        ({"intake": {"primary": 300}, "variant": "middling"}, "variant"),
        ({"intake": {"primary": 300}, "spread": 2}, "spread"),
    ],
)
def test_what_cannot_be_is_refused_at_its_key(pupils: dict[str, Any], path: str) -> None:
    with pytest.raises(FindingsError) as caught:
        cohort(**pupils)
    assert f"assumptions.pupils.{path}" in {each.column for each in caught.value.findings}
    assert all(each.text("zh") and each.text("en") for each in caught.value.findings)


def test_births_do_not_count_where_pupils_grow_by_rates() -> None:
    with pytest.raises(FindingsError):
        scenario_of(assumptions={"pupils": {"method": "growth", "intake": {"births": BIRTHS}}})


def test_a_scenario_that_changes_its_method_leaves_the_old_ones_values_behind() -> None:
    base = cohort(intake={"primary": 300}, variant="high")
    grown = base.with_changes({"assumptions.pupils.method": "growth"})
    assert not [path for path in grown.flat() if "intake" in path or "variant" in path]
    born = base.with_changes({"assumptions.pupils.intake": {"method": "births", "births": BIRTHS}})
    assert born.get("assumptions.pupils.intake.primary") is None
    assert born.get("assumptions.pupils.intake.births") == BIRTHS
