"""Whom a district's own lines pay: boarders, special pupils, small and weak schools, by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import simulator as sim
from simulator.own_formula.own_columns import following
from simulator.results.ramps import ramps
from tests.building import district_of, scenario_of, school

UNKNOWN = math.nan
KINDS = ("ordinary", "boarding", "special", "small_school", "weak_school")


def line(identifier: str, **said: Any) -> dict[str, Any]:
    return {"id": identifier, "zh": "行", "en": "Line", **said}


#: A weak: 200 pupils of whom 50 board and 20 are mainstreamed. B: 200 and 200, nobody special.
#: C: a teaching point of 40 in a village.
ROWS = [
    school("A", primary_boarders=50, mainstreamed_primary=20, weak=1),
    school("B", "nine_year", area="rural"),
    school("C", "teaching_point", primary_pupils=40),
]
PLACES = (("A", "primary"), ("B", "primary"), ("C", "primary"), ("B", "junior"))


def test_one_boarder_is_one() -> None:
    own = {"id": "own", "zh": "本县", "en": "Own", "per_pupil": "headcount",
           "lines": [line("board", counted="boarders", amount=300)]}  # fmt: skip
    made = scenario_of(policy=["national"], lines=own)
    few = district_of([school("A", primary_boarders=1), school("B", primary_boarders=0)])
    general = {**own, "lines": [BASE, line("lump", lump_sum=100)]}
    ones = district_of([
        school("A"), school("B", primary_pupils=1, primary_pupils_prior=1, primary_classes=1),
        school("C", primary_pupils=0, primary_pupils_prior=0, primary_classes=0),
    ])  # fmt: skip
    alone = sim.simulate(ones, scenario_of(policy=["national"], lines=general))
    # 200 and 1 at 700 yuan and 100 more; where nobody is, nobody is paid but the lump sum
    assert alone.at("ordinary_asked", 2026)[:2].tolist() == pytest.approx([140_100, 800])
    assert alone.at("ordinary_asked", 2026)[2] == alone.at("formula_funds", 2026)[2]
    assert sim.simulate(few, made).at("boarding_asked", 2026).tolist() == [300, 0]


def paid(*lines: dict[str, Any], **more: Any) -> sim.Result:
    levers = more.pop("levers", {})
    own = {"id": "own", "zh": "本县", "en": "Own", "per_pupil": "headcount", **more,
           "lines": list(lines)}  # fmt: skip
    made = scenario_of(policy=["national"], lines=own, levers=levers)
    return sim.simulate(district_of(ROWS), made)


def asked(result: sim.Result) -> dict[str, list[float]]:
    """What is asked for each kind of people at A, B primary, C, B junior in 2026."""
    assert result.index.parts == PLACES
    return {
        kind: np.broadcast_to(result.at(f"{kind}_asked", 2026), 4).tolist() for kind in KINDS
    }  # fmt: skip


NONE = [0.0] * 4
BASE = line("base", counted="headcount", amount=700)


def check(result: sim.Result, **expected: Any) -> None:
    for kind, found in asked(result).items():
        assert found == pytest.approx(expected.get(kind, NONE)), kind


def test_a_general_rate_is_for_pupils_in_general_and_not_for_mainstreamed_ones() -> None:
    # A: 180 of 200 are not mainstreamed
    check(paid(BASE), ordinary=[126_000, 140_000, 28_000, 140_000])
    # a line that counts funded pupils has no mainstreamed ones in it: it is theirs whole
    only = line("base", counted="funded_pupils", amount=700)
    check(paid(only), ordinary=[126_000, 140_000, 28_000, 140_000])


def test_a_line_for_each_kind_pays_that_kind() -> None:
    lines = [BASE, line("board", counted="boarders", amount=300),
             line("spec", counted="special_heads", amount=6000)]  # fmt: skip
    check(paid(*lines), ordinary=[126_000, 140_000, 28_000, 140_000],
          boarding=[15_000, 0, 0, 0], special=[120_000, 0, 0, 0])  # fmt: skip


def test_a_line_that_counts_several_kinds_pays_each_its_part_of_the_count() -> None:
    # of 200 + 2 · 50 heads at 100 yuan, 100 are boarders'
    both = line("both", counted="headcount + 2 * boarders", amount=100)
    check(paid(both), ordinary=[18_000, 20_000, 4000, 20_000], boarding=[10_000, 0, 0, 0])
    # of 180 + 5 · 20 heads, 100 are mainstreamed pupils'
    special = line("both", counted="funded_pupils + 5 * mainstreamed", amount=100)
    check(paid(special), ordinary=[18_000, 20_000, 4000, 20_000], special=[10_000, 0, 0, 0])


def test_a_line_that_subtracts_a_kind_pays_it_nothing() -> None:
    # 150 heads at 100 yuan, nine tenths of them not mainstreamed
    less = line("less", counted="headcount - boarders", amount=100)
    check(paid(less), ordinary=[13_500, 20_000, 4000, 20_000])


def test_what_small_schools_lack_is_theirs() -> None:
    # C has 40 heads of the 100 that are counted at least
    lacking = line("few", counted="small_school_missing", amount=650)
    check(paid(BASE, lacking), ordinary=[126_000, 140_000, 28_000, 140_000],
          small_school=[0, 0, 60 * 650, 0])  # fmt: skip


def test_lines_that_look_at_weakness_are_for_weak_schools_too() -> None:
    once = line("tilt", counted="headcount", when="weak", amount=100)
    check(paid(BASE, once), ordinary=[126_000 + 18_000, 140_000, 28_000, 140_000],
          weak_school=[20_000, 0, 0, 0])  # fmt: skip
    # half more at a weak school: all that the line gives there
    more = line("tilt", counted="headcount", factor="1 + 0.5 * weak", amount=100)
    check(paid(more), ordinary=[27_000, 20_000, 4000, 20_000],
          weak_school=[30_000, 20_000, 4000, 20_000])  # fmt: skip
    heads = line("tilt", counted="headcount * weak", amount=100)
    assert asked(paid(BASE, heads))["weak_school"] == [20_000, 0, 0, 0]


def test_lump_sums_are_spread_over_a_parts_lines_in_proportion() -> None:
    board = line("board", counted="boarders", amount=300)
    # A: 155,000 by heads and 31,000 more: a fifth on top of each line
    result = paid(BASE, board, line("lump", lump_sum=31_000))
    found = asked(result)
    assert found["boarding"][0] == pytest.approx(18_000)
    assert found["ordinary"][0] == pytest.approx(126_000 * 1.2)
    # C: 28,000 by heads and 31,000
    assert found["ordinary"][2] == pytest.approx(59_000)


def test_lump_sums_alone_are_for_pupils_in_general() -> None:
    check(paid(line("lump", lump_sum=30_000)), ordinary=[30_000, 15_000, 30_000, 15_000])
    # so they are at a part that no line counts anybody at
    board = line("board", counted="boarders", amount=300)
    found = asked(paid(board, line("lump", lump_sum=30_000)))
    assert found["ordinary"] == [0, 15_000, 30_000, 15_000]
    assert found["boarding"] == [45_000, 0, 0, 0]


def test_heating_is_for_nobody_in_particular_but_counts_in_the_spreading() -> None:
    lines = [BASE, line("heat", counted="headcount", amount="heating_rate"),
             line("lump", lump_sum=8_000)]  # fmt: skip
    # A: 140,000 and 20,000 for heating, 8,000 more: a twentieth on top
    found = asked(paid(*lines, levers={"heating_rate": 100}))
    assert found["ordinary"][0] == pytest.approx(126_000 * 1.05)


@pytest.mark.parametrize(("amount", "share"), [(224_000, 0.5), (448_000, 1.0), (112_000, 0.25)])
def test_a_pot_cuts_every_line_alike(amount: float, share: float) -> None:
    # asked: 140,000 + 140,000 + 28,000 + 140,000 = 448,000
    pot = {"id": "pot", "zh": "实拨", "en": "Pot", "rule": "proportion", "shared": "total",
           "amount": amount}  # fmt: skip
    found = asked(paid(BASE, pots=[pot]))
    assert found["ordinary"] == pytest.approx(
        [126_000 * share, 140_000 * share, 28_000 * share, 140_000 * share], abs=1
    )


def test_only_lines_whose_money_is_paid_out_count() -> None:
    # the pot shares the subtotal alone: the line beside it is asked for and not paid
    kept = line("kept", counted="headcount", amount=100, into="need")
    board = line("board", counted="boarders", amount=300, into="need")
    beside = line("beside", counted="special_heads", amount=6000)
    pot = {"id": "pot", "zh": "实拨", "en": "Pot", "rule": "proportion", "shared": "need",
           "amount": 79_000}  # fmt: skip
    need = [{"id": "need", "zh": "需求", "en": "Need"}]
    found = asked(paid(kept, board, beside, subtotals=need, pots=[pot]))
    # asked 20,000 + 15,000 + 20,000 + 4,000 + 20,000 = 79,000
    assert found["boarding"] == pytest.approx([15_000, 0, 0, 0])
    assert found["ordinary"] == pytest.approx([18_000, 20_000, 4000, 20_000])
    assert found["special"] == NONE


def test_what_is_guaranteed_counts_as_well() -> None:
    kept = line("kept", counted="headcount", amount=100)
    board = line("board", counted="boarders", amount=300)
    pot = {"id": "pot", "zh": "实拨", "en": "Pot", "rule": "guarantee", "shared": "kept",
           "guaranteed": "board", "amount": 79_000}  # fmt: skip
    found = asked(paid(kept, board, pots=[pot]))
    # 15,000 are sure, the other 64,000 are shared by 20, 20, 4 and 20
    assert found["boarding"] == pytest.approx([15_000, 0, 0, 0])
    assert found["ordinary"] == pytest.approx([18_000, 20_000, 4000, 20_000])


def test_a_line_of_special_schools_is_special_money_whole() -> None:
    special = {name: value for name, value in school("S", "special", special_pupils=30).items()
               if not name.startswith("primary_") and "_primary" not in name}  # fmt: skip
    own = {"id": "own", "zh": "本县", "en": "Own", "per_pupil": "headcount",
           "lines": [
               BASE | {"stages": ["primary"]},
               line("spec", counted="headcount", amount=8000, stages=["special"]),
           ]}  # fmt: skip
    made = scenario_of(policy=["national"], lines=own)
    result = sim.simulate(district_of([school("A"), school("B"), special]), made)
    assert result.at("special_asked", 2026).tolist() == [0, 0, 240_000]
    assert result.at("ordinary_asked", 2026)[:2].tolist() == [140_000, 140_000]
    assert result.at("ordinary_asked", 2026)[2] == 0


def test_own_columns_follow_pupils_or_staff_by_their_unit() -> None:
    from types import SimpleNamespace as Made

    columns = [Made(source=Made(name=unit), unit=unit) for unit in ("pupil", "class", "person",
                                                                    "yuan", "m2")]  # fmt: skip
    assert following(columns) == {"pupil": "pupils", "class": "pupils", "person": "staff"}


def test_schools_stand_on_a_ramp_by_their_measure() -> None:
    ramp = {"measure": "headcount", "points": [[0, 2], [100, 2], [200, 1]]}
    result = paid(line("base", counted="headcount", amount=700, ramp=ramp))
    (found,) = ramps(result, 2026)
    assert (found.line, found.text) == ("base", "headcount")
    assert np.asarray(found.measure).tolist() == [200, 200, 40, 200]
    assert found.weights().tolist() == [1, 1, 2, 1]
    # of a school's figure each of its parts has the school's
    whole = {"measure": "rural_school", "points": [[0, 1], [1, 3]]}
    (found,) = ramps(paid(line("base", counted="headcount", amount=700, ramp=whole)), 2026)
    assert found.weights().tolist() == [1, 3, 1, 3]
    assert ramps(sim.simulate(district_of(ROWS), scenario_of()), 2026) == ()
