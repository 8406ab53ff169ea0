"""The arrays of a plan's problem, made once more by plain loops from figures drawn at random."""

from __future__ import annotations

import itertools
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simulator.errors import FindingsError, JunhengError
from simulator.machine.index import Index
from simulator.plan import build, known, spending
from simulator.plan.build import build_problem, carries_over, homes
from simulator.plan.known import refuse_unknown
from simulator.plan.problem import INDICATORS, ITEMS, KINDS, Problem
from simulator.plan.spending import shared_out, spending_of
from simulator.plan.wishes import Wishes
from tests.plan.guarding import lacking, over_years, rich
from tests.plan.making import simple

SCHOOLS = ("A", "B", "C", "D")
#: School C has all three stages; the senior one stands among the others and is never planned.
PART_SCHOOL, PART_STAGE = np.array([0, 1, 2, 2, 2, 3]), np.array([0, 0, 0, 2, 1, 1])
PARTS = [0, 1, 2, 4, 5]
YEARS = (2026, 2027, 2028)
STAGE_FIGURES = ("standard_", "cv_limit")
DISTRICT = ("exempt_share", "indicators_needed", "gap", "carried_over", "rotation_share",
            "hold_harmless", "training_alternative", "training_share", "need")  # fmt: skip


class _Ground:
    """Figures of a district by name, drawn at random; some are set."""

    def __init__(self, seed: int = 1, **given: Any) -> None:
        self.seed, self.given, self.made = seed, given, {}
        index = Index(SCHOOLS, PART_SCHOOL, PART_STAGE, (2024, 2025, *YEARS))
        table = pd.DataFrame(
            {"weak": pd.array([0, 1, pd.NA, 1], dtype="Int64"),
             "school_name": [f"School {name}" for name in SCHOOLS]}, index=list(SCHOOLS),
        )  # fmt: skip
        district = SimpleNamespace(schools=table, name="made")
        self.result = SimpleNamespace(index=index, binding=SimpleNamespace(district=district))
        self.scenario = SimpleNamespace(get=lambda path: None)
        self.parts, self.years = np.array(PARTS), YEARS
        self.evaluated = np.ones(len(PARTS), dtype=bool)

    def _figure(self, name: str) -> np.ndarray:
        if name not in self.made:
            rng = np.random.default_rng([self.seed, *name.encode()])
            shape = (len(YEARS) + 1, self._width(name))
            drawn = rng.uniform(0.2, 5.0, shape)
            self.made[name] = np.broadcast_to(self.given.get(name, drawn), shape).astype(float)
        return self.made[name]

    def _width(self, name: str) -> int:
        if name in DISTRICT or name.startswith(("unit_price", "lead_time", "district_")):
            return 1
        if name.startswith(("standard_", "cv_", "stage_", "room_")):
            return 3
        return len(SCHOOLS) if name.startswith(("school_", "public_school")) else len(PART_STAGE)

    def by_year(self, name: str) -> np.ndarray:
        return self._figure(name)[1:]

    def at_base(self, name: str) -> np.ndarray:
        return self._figure(name)[0]

    def at_end(self, name: str) -> np.ndarray:
        return self._figure(name)[-1]

    @property
    def private(self) -> np.ndarray:
        return self.at_base("public_school") == 0


SCOPE = np.array([[1.0] * 6, [1, 1, 0, 1, 1, 1], [1, 1, 0, 1, 1, 1], [1, 0, 1, 1, 1, 1]])
PLAIN: dict[str, Any] = {
    "in_scope": SCOPE, "lead_time_teaching_area": 3.0, "lead_time_sports_area": 2.0,
    "lead_time_equipment_value": 1.0, "lead_time_multimedia_rooms": 0.0, "indicators_needed": 6.0,
    "hold_harmless": 1.0, "public_school": 1.0,
}  # fmt: skip


@pytest.fixture
def ground(monkeypatch: pytest.MonkeyPatch) -> _Ground:
    monkeypatch.setattr(spending, "rules_in_force", lambda result: [])
    return _Ground(**PLAIN)


def test_what_each_part_has_and_how_a_unit_raises_it(ground: Any) -> None:
    problem = build_problem(ground, Wishes())
    times = (100, 100, 100, 1, 1, 1, 100)
    for t, (n, part) in itertools.product(range(3), enumerate(PARTS)):
        inside = SCOPE[t + 1, part] == 1
        pupils, share = (ground.by_year(name)[t, part] for name in ("pupils", "facility_share"))
        assert problem.scope[t, n] == inside
        assert problem.pupils[t, n] == (pupils if inside else 0.0)
        for i, name in enumerate(INDICATORS):
            each = times[i] * (share if i >= 3 else 1.0) / pupils if inside else 0.0
            assert problem.factor[t, i, n] == pytest.approx(each)
            level = ground.by_year(f"value_{name}")[t, part] if inside else 0.0
            assert problem.base[t, i, n] == level
    for k, kind in enumerate(KINDS):
        assert problem.teachers[k].tolist() == ground.at_end(kind)[PARTS].tolist()
    assert problem.most_teachers.tolist() == ground.at_end("teachers")[PARTS].tolist()
    assert problem.part_school.tolist() == [0, 1, 2, 2, 3] and problem.schools == SCHOOLS
    assert problem.part_stage.tolist() == [0, 0, 0, 1, 1] and problem.years == YEARS
    assert problem.weak.tolist() == [False, True, False, True]


def test_standards_limits_prices_and_caps_of_each_year(ground: Any) -> None:
    problem = build_problem(ground, Wishes(limit_factor=1.5))
    for t, stage, (i, name) in itertools.product(range(3), range(2), enumerate(INDICATORS)):
        assert problem.standard[t, stage, i] == ground.by_year(f"standard_{name}")[t, stage]
        limit = ground.by_year("cv_limit")[t, stage]
        assert problem.limit[t, stage, i] == pytest.approx(limit * 1.5)
    for t, (n, item) in itertools.product(range(3), enumerate(ITEMS)):
        assert problem.price[t, n] == ground.by_year(f"unit_price_{item}")[t, 0]
    assert problem.lead.tolist() == [2, 2, 1, 0]  # what takes longer is taken as two years
    assert problem.exempt_share.tolist() == ground.by_year("exempt_share")[:, 0].tolist()
    share = ground.by_year("rotation_share")[:, 0]
    for cap, name in ((problem.rotation_cap, "teachers"), (problem.backbone_cap, "backbone")):
        people = ground.by_year(name)[:, PARTS].sum(axis=1)
        assert cap == pytest.approx(share * people)
    assert problem.discount.tolist() == pytest.approx([1, 1 / 1.03, 1 / 1.03**2])
    assert np.isinf(problem.item_cap).all() and np.isinf(problem.school_cap).all()
    assert problem.item_cap.shape == (3, 4) and problem.may_move.shape == (3, 5)
    assert np.isnan(problem.fixed_buy).all() and problem.fixed_buy.shape == (3, 4, 4)
    assert np.isnan(problem.fixed_move).all() and problem.spending is None
    assert problem.may_buy.all() and problem.may_move.all() and problem.whole


def test_an_unknown_share_moves_nobody_and_unknown_teachers_are_left_out(ground: Any) -> None:
    ground.given |= {"rotation_share": np.array([[0.5], [np.nan], [0.5], [0.5]]),
                     "teachers": np.array([10.0, np.nan, 20, 99, 30, 40])}  # fmt: skip
    assert build_problem(ground, Wishes()).rotation_cap.tolist() == [0.0, 50.0, 50.0]


def test_exemptions_are_the_laws_or_what_a_person_asks(ground: Any) -> None:
    assert build_problem(ground, Wishes()).exemptions.tolist() == [1] * 5
    assert build_problem(ground, Wishes(exemptions=3)).exemptions.tolist() == [3] * 5
    assert build_problem(ground, Wishes(exemptions=0)).exemptions.tolist() == [0] * 5
    needed = np.array([[6.0], [np.nan], [np.nan], [np.nan]])
    late = _Ground(**{**PLAIN, "indicators_needed": np.array([[6.0], [6.0], [6.0], [4.0]])})
    assert build_problem(late, Wishes()).exemptions.tolist() == [3] * 5  # type: ignore[arg-type]
    unknown = _Ground(**{**PLAIN, "indicators_needed": needed})
    assert build._exemptions(unknown, Wishes(), 2).tolist() == [0, 0]  # type: ignore[arg-type]


def test_money_is_what_is_left_over_and_no_more_than_is_allowed(ground: Any) -> None:
    ground.given |= {"gap": np.array([[0.0], [100.0], [200.0], [np.nan]]), "carried_over": 30.0}
    assert build_problem(ground, Wishes(envelope=[50, 500, 7])).envelope.tolist() == [
        50.0,
        170.0,
        7.0,
    ]
    left = build._envelope(ground, Wishes())
    assert left[:2].tolist() == [70.0, 170.0] and np.isnan(left[2])
    ground.scenario = SimpleNamespace(get=lambda path: path == "levers.carry_over")
    assert carries_over(ground.scenario, Wishes()) is True
    ground.scenario = SimpleNamespace(get=lambda path: None)
    assert carries_over(ground.scenario, Wishes()) is False
    assert carries_over(ground.scenario, Wishes(carry_over=True)) is True


def test_lead_times_must_be_the_same_in_all_years(ground: Any) -> None:
    ground.given["lead_time_sports_area"] = np.array([[1.0], [1.0], [1.0], [0.0]])
    with pytest.raises(JunhengError, match="Lead times differ"):
        build_problem(ground, Wishes())
    base = _Ground(**{**PLAIN, "lead_time_sports_area": np.array([[0.0], [1.0], [1.0], [1.0]])})
    assert build_problem(base, Wishes()).lead[1] == 1  # type: ignore[arg-type]


def test_caps_and_what_is_not_touched(ground: Any) -> None:
    problem = build_problem(ground, Wishes(
        school_caps={"B": 7.0}, item_caps={"sports_area": 5.0, "teaching_area": [1.0, 2.0, 3.0]},
        untouched=("C",), untouched_items=(("A", "equipment_value"),)))  # fmt: skip
    assert problem.school_cap.tolist() == [np.inf, 7.0, np.inf, np.inf]
    assert problem.item_cap[:, 0].tolist() == [1.0, 2.0, 3.0]
    assert problem.item_cap[:, 1].tolist() == [5.0] * 3 and np.isinf(problem.item_cap[:, 2:]).all()
    closed = [
        [school == "C" or (school == "A" and item == 2) for school in SCHOOLS] for item in range(4)
    ]
    assert (~problem.may_buy).tolist() == closed
    assert problem.may_move.tolist() == [[True, True, False, False, True]] * 3


@pytest.mark.parametrize(
    ("wishes", "target", "start"),
    [
        ({}, 2, [2, 2, 2, 2, 2]), ({"target": 2027}, 1, [1, 1, 1, 1, 1]),
        ({"weak_by": 2026}, 2, [2, 0, 2, 2, 0]), ({"weak_by": 2028, "target": 2027}, 1, [1] * 5),
        ({"priorities": {"C": 2026, "B": 2027}}, 2, [2, 1, 0, 0, 2]),
        ({"priorities": {"C": 2028}, "target": 2026}, 0, [0] * 5),
        ({"priorities": {"B": 2027}, "weak_by": 2026}, 2, [2, 1, 2, 2, 0]),
    ],
)  # fmt: skip
def test_the_first_year_in_which_each_school_must_meet_the_standards(
    ground: Any, wishes: dict[str, Any], target: int, start: list[int]
) -> None:
    problem = build_problem(ground, Wishes(**wishes))
    assert problem.target == target and problem.start.tolist() == start


def test_a_persons_own_purchases_and_moves_are_added_up(ground: Any) -> None:
    row = {"item": "sports_area", "school": "B", "stage": "primary", "year": 2027, "amount": 12.0}
    other = {"item": "teaching_area", "school": "D", "stage": "junior", "year": 2026, "amount": 6.0}
    move = {"school": "C", "stage": "junior", "year": 2026, "kind": "backbone", "teachers": 2}
    problem = build_problem(
        ground,
        Wishes(
            purchases=[row, row, other],
            moves=[move, {**move, "teachers": -5}, {**move, "school": "D", "kind": "pe_art"}],
        ),
    )
    expected = np.full((3, 4, 4), np.nan)
    expected[1, 1, 1], expected[0, 0, 3] = 24.0 / problem.price[1, 1], 6.0 / problem.price[0, 0]
    assert problem.fixed_buy == pytest.approx(expected, nan_ok=True)
    moved = np.full((3, 5), np.nan)
    moved[1, 3], moved[2, 4] = -3.0, 2.0
    assert np.array_equal(problem.fixed_move, moved, equal_nan=True)
    for wrong in ({"school": "A"}, {"stage": "senior"}):
        with pytest.raises(JunhengError, match="no move of teachers can be fixed"):
            build_problem(ground, Wishes(moves=[{**move, **wrong}]))


def test_purchases_are_listed_under_the_part_that_lacks_most() -> None:
    """Shares of the last year's standards: the lowest of the four facilities tells."""
    problem = simple(
        [100.0] * 4,
        {"teaching_area": [3.0, 2.0, 4.0, 9.0], "sports_area": [9.0, 9.0, 1.0, 9.0]},
        standard=np.full((1, 2, 7), 4.0),
    )
    problem.base[0, 5:] = 9.0
    two = problem.with_(schools=("A", "B"), part_school=np.array([0, 0, 1, 1]))
    assert homes(two).tolist() == [1, 2]
    # teachers do not count, nor does what nothing is asked of; the first of equals is taken
    two.base[0, :3] = [0.1, 9.0, 0.1, 9.0]
    assert homes(two).tolist() == [1, 2]
    none = two.with_(standard=np.full((1, 2, 7), np.nan))
    assert homes(none).tolist() == [0, 2]
    # a part that is not evaluated is the home only where no other is there
    out = two.with_(scope=np.array([[True, False, False, False]]))
    assert homes(out).tolist() == [0, 2]
    # the levels of a part without a scope are written as 0: that is no lack of it
    empty = np.where(np.arange(4) == 1, 0.0, two.base)
    assert homes(out.with_(base=empty)).tolist() == [0, 2]
    early = over_years(two, 2)
    early.scope[1, 1], early.base[1, :, 1] = False, 0.0
    assert homes(early).tolist() == [0, 2]
    late = over_years(two, 2)
    late.base[0, 3, 0] = 0.5
    assert homes(late).tolist() == [1, 2]


def _rules(*names: str) -> Any:
    return lambda result: [SimpleNamespace(id=name, headroom=f"room_{name}") for name in names]


def test_what_is_spent_begins_with_the_base_year(monkeypatch: pytest.MonkeyPatch) -> None:
    room = np.ones((4, 3))
    room[2, 1] = np.nan
    names = ("growth_pay", "growth_per_pupil", "growth_operating", "no_fall_per_pupil")
    monkeypatch.setattr(spending, "rules_in_force", _rules(*names))
    ground: Any = _Ground(**PLAIN, room_growth_operating=room, training_alternative=0.5)
    monkeypatch.setattr(_Ground, "_width", _one_wide(_Ground._width))
    made = spending_of(ground, Wishes(untouched=("B",)))
    assert made is not None
    needs, costs = (
        ("stage_need", "stage_operating", "need"),
        ("stage_cost", "stage_operating", "district_cost"),
    )
    heads = ("stage_average_pupils", "stage_average_pupils", "district_average_pupils")
    for family, stage in itertools.product(range(3), range(2)):
        own = stage if family < 2 else 0
        assert made.yuan[family, 0, stage] == ground.at_base(costs[family])[own]
        assert made.heads[family, 0, stage] == ground.at_base(heads[family])[own]
        for t in range(3):
            assert made.yuan[family, t + 1, stage] == ground.by_year(needs[family])[t, own]
            assert made.heads[family, t + 1, stage] == ground.by_year(heads[family])[t, own]
    asked = np.ones((3, 3, 2), dtype=bool)
    asked[1, 1, 1] = asked[2, :, 1] = False
    assert (made.asked == asked).all() and not made.less.any() and made.less.shape == (3, 3, 2)
    assert made.held is True
    assert made.counts == pytest.approx(1 - 0.5 * ground.by_year("training_share")[:, 0])
    count = ground.by_year("headcount")
    for t in range(3):
        assert made.counted[t].tolist() == pytest.approx(
            [count[t, 0] + count[t, 2], count[t, 4] + count[t, 5]]
        )
    waived = spending_of(ground, Wishes(waive_growth_per_pupil=True))
    assert waived is not None and not waived.asked[0].any() and waived.asked[1].any()


def _one_wide(width: Any) -> Any:
    return lambda self, name: 1 if name == "room_no_fall_per_pupil" else width(self, name)


def test_where_no_rule_about_spending_can_be_judged_there_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spending, "rules_in_force", _rules("growth_pay"))
    ground: Any = _Ground(**PLAIN)
    assert spending_of(ground, Wishes()) is None
    monkeypatch.setattr(spending, "rules_in_force", _rules("growth_per_pupil"))
    assert spending_of(ground, Wishes(waive_growth_per_pupil=True)) is None
    unknown: Any = _Ground(**{**PLAIN, "training_alternative": np.nan, "hold_harmless": 0.0})
    made = spending_of(unknown, Wishes())
    assert made is not None and made.counts.tolist() == [1.0] * 3 and not made.held
    share: Any = _Ground(**PLAIN, training_share=np.nan)
    made = spending_of(share, Wishes())
    assert made is not None and made.counts.tolist() == [1.0] * 3


def test_money_on_top_is_shared_out_by_heads_to_the_fen(ground: Any) -> None:
    """Primary 100, 0 and 200 heads of 10 yuan: 3.33 and 6.67; junior unknown and 50: all to it."""
    ground.given["headcount"] = np.array([100.0, 0, 200, 300, np.nan, 50])
    extra = np.array([[10.0, 0.0], [0.0, 7.5], [0.0, 0.0]])
    found = shared_out(ground, Wishes(), extra)
    assert found[0].tolist() == [3.33, 0.0, 6.67, 0.0, 0.0, 0.0]
    assert found[1].tolist() == [0.0, 0.0, 0.0, 0.0, 0.0, 7.5]
    assert not found[2].any()
    assert shared_out(ground, Wishes(untouched=("A",)), extra)[0].tolist() == [0, 0, 10.0, 0, 0, 0]
    few = shared_out(ground, Wishes(), np.array([[0.01, 0.0]] + [[0.0, 0.0]] * 2))
    assert few[0].tolist() == [0.0, 0.0, 0.01, 0.0, 0.0, 0.0]


def _named(ground: Any, wishes: Wishes = Wishes()) -> list[tuple[str, str, str | int]]:  # noqa: B008
    with pytest.raises(FindingsError) as told:
        refuse_unknown(ground, wishes)
    return [(f.code, f.column, f.params.get("school", f.value)) for f in told.value.findings]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (
            {"pupils": [1, 1, np.nan, np.nan, 1, 1]},
            ("plan_unknown_cell", "primary_pupils", "School C"),
        ),
        (
            {"backbone": [1, 1, 1, np.nan, np.nan, 1]},
            ("plan_unknown_cell", "junior_backbone", "School C"),
        ),
        (
            {"school_sports_area": [1, 1, 1, np.nan]},
            ("plan_unknown_cell", "sports_area", "School D"),
        ),
        ({"unit_price_sports_area": 0.0}, ("plan_unknown_price", "unit_cost:sports_area", None)),
        (
            {"unit_price_sports_area": np.array([[1.0], [1], [np.nan], [1]])},
            ("plan_unknown_price", "unit_cost:sports_area", None),
        ),
        (
            {"lead_time_sports_area": np.array([[1.0], [1], [1], [np.nan]])},
            ("plan_unknown_rule", "lead_time:sports_area", None),
        ),
        ({"exempt_share": np.nan}, ("plan_unknown_rule", "exempt_share", None)),
        ({"indicators_needed": np.nan}, ("plan_unknown_rule", "indicators_needed", None)),
        ({"gap": np.array([[1.0], [1], [np.nan], [1]])}, ("plan_unknown_money", "", 2027)),
    ],
)
def test_each_figure_that_is_not_known_is_named(given: dict[str, Any], found: Any) -> None:
    ground: Any = _Ground(**{**PLAIN, **given})
    ((code, column, told),) = _named(ground)
    assert (code, column or "", told) == (found[0], found[1], found[2])


def test_what_a_plan_does_not_need_may_be_unknown() -> None:
    past = {"pupils": np.array([[np.nan] * 6] * 3 + [[1.0] * 6]),
            "unit_price_sports_area": np.array([[np.nan], [1], [1], [1]])}  # fmt: skip
    refuse_unknown(_Ground(**{**PLAIN, **past}), Wishes())  # type: ignore[arg-type]
    gap: Any = _Ground(**{**PLAIN, "gap": np.nan})
    refuse_unknown(gap, Wishes(envelope=[1, 1, 1]))
    needed: Any = _Ground(**{**PLAIN, "indicators_needed": np.nan})
    refuse_unknown(needed, Wishes(exemptions=2))
    assert _named(needed, Wishes(exemptions=0))[0][1] == "indicators_needed"
    out: Any = _Ground(**{**PLAIN, "pupils": [1, 1, np.nan, 1, 1, 1]})
    out.evaluated = np.array([True, True, False, True, True])
    refuse_unknown(out, Wishes())
    early = np.array([[np.nan] * 6] + [[1.0] * 6] * 3)
    assert len(_named(_Ground(**{**PLAIN, "backbone": early}))) == 5
    refuse_unknown(_Ground(**{**PLAIN, "backbone": early[::-1].copy()}), Wishes())  # type: ignore[arg-type]


def test_a_plan_needs_somebody_and_something_to_plan_for() -> None:
    nobody: Any = _Ground(**PLAIN)
    nobody.evaluated = np.zeros(5, dtype=bool)
    with pytest.raises(JunhengError, match="No school is evaluated"):
        refuse_unknown(nobody, Wishes())
    none: dict[str, Any] = {f"standard_{name}": np.nan for name in INDICATORS}
    bare: Any = _Ground(**{**PLAIN, **none, "cv_limit": np.nan})
    with pytest.raises(JunhengError, match="nothing to plan for"):
        refuse_unknown(bare, Wishes())
    senior = np.array([np.nan, np.nan, 0.5])
    with pytest.raises(JunhengError, match="nothing to plan for"):
        refuse_unknown(_Ground(**{**PLAIN, **none, "cv_limit": senior}), Wishes())  # type: ignore[arg-type]
    for enough in ([np.nan, 0.5, np.nan], [0.5, np.nan, np.nan]):
        refuse_unknown(_Ground(**{**PLAIN, **none, "cv_limit": np.array(enough)}), Wishes())  # type: ignore[arg-type]
    refuse_unknown(_Ground(**{**PLAIN, "cv_limit": np.nan}), Wishes())  # type: ignore[arg-type]


def test_no_more_than_forty_findings_are_told() -> None:
    given = dict.fromkeys(KINDS, np.nan) | {f"school_{item}": np.nan for item in ITEMS}
    given |= {f"unit_price_{item}": np.nan for item in ITEMS} | {"pupils": np.nan}
    found = _named(_Ground(**{**PLAIN, **given}))
    assert len(found) == 40 and known.MOST == 40  # 5 parts of 8 cells, 4 prices are left out


def test_a_hand_made_problem_is_one_like_any_other() -> None:
    assert isinstance(rich(), Problem) and homes(lacking()).tolist() == [0, 1]
