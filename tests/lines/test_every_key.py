"""Every key that a line's file may hold counts: said otherwise, it pays otherwise."""

from __future__ import annotations

from typing import Any

import pytest

import simulator as sim
from simulator.own_formula.read_line import KEYS
from tests.building import district_of, scenario_of, school

#: Keys that name a line or cite its ground: they pay nothing by themselves.
NAMES = {"id", "zh", "en", "cites"}
COUNTED = {"counted": "headcount", "amount": 1000}
LUMP = {"lump_sum": 70_000}
#: Each key on a line that counts and on one that pays a lump sum alone: two values of it.
SAID: dict[str, tuple[Any, Any]] = {
    "counted": ("headcount", "boarders"),
    "amount": (1000, 900),
    "stages": (["primary"], ["junior"]),
    "school_types": (["primary"], ["junior"]),
    "ramp": ({"measure": "headcount", "points": [[0, 1], [400, 2]]},
             {"measure": "headcount", "points": [[0, 1], [400, 1.5]]}),
    "bands": ([{"below": 250, "as": 300}], [{"below": 250, "as": 250}]),
    "lump_sum": (70_000, 60_000),
    "factor": ("weak", "1 - weak"),
    "areas": ({"urban": 0, "town": 1, "rural": 1}, {"urban": 1, "town": 1, "rural": 0.5}),
    "when": ("headcount > 100", "headcount > 300"),
    "bounds": ({"most_per_school": 10_000}, {"most_per_school": 20_000}),
    "protection": ({"least": 1.0, "per_pupil": False}, {"most": 0.5, "per_pupil": False}),
    "since": (2026, 2028),
    "until": (2026, 2030),
    "paid_in": (1, None),
}  # fmt: skip
#: Keys that a line without a count refuses by name (tests/lines/test_mistakes.py).
REFUSED_OF_LUMPS = {"counted", "amount", "bands"}
#: Keys whose effect is tested where what they lead to is: the years between, subtotals, sharing.
ELSEWHERE = {"path", "into", "sharing"}


def _paid(**line: Any) -> list[list[float]]:
    row = {"id": "one", "zh": "一", "en": "One", **line}
    if row.get("paid_in", 1) is None:
        row.pop("paid_in")
    lines = {"id": "own", "zh": "本区", "en": "Own", "per_pupil": "headcount", "lines": [row]}
    rows = [
        school("A", area="urban", weak=1, primary_pupils=201, primary_boarders=31),
        school("B", "junior", area="rural", weak=0, junior_pupils=333),
    ]
    levers = {"operating_rate": {"primary": 1000, "junior": 1000}}
    made = scenario_of(policy=["national"], horizon=3, lines=lines, levers=levers)
    found = sim.simulate(district_of(rows), made)
    return [found.at("line_one", year).round(6).tolist() for year in (2026, 2027, 2028)]


def test_every_key_is_walked() -> None:
    assert set(KEYS) == NAMES | set(SAID) | ELSEWHERE


@pytest.mark.parametrize("key", sorted(set(SAID) - {"protection"}))
def test_a_line_that_counts_pays_otherwise_where_a_key_says_otherwise(key: str) -> None:
    base = {**COUNTED, "amount": 333.37} if key == "paid_in" else COUNTED
    one, other = ({**base, key: value} for value in SAID[key])
    assert _paid(**one) != _paid(**other)


@pytest.mark.parametrize("key", sorted(set(SAID) - {"protection"} - REFUSED_OF_LUMPS))
def test_a_lump_sum_alone_is_paid_otherwise_where_a_key_says_otherwise(key: str) -> None:
    base = {"lump_sum": 333.37} if key == "paid_in" else LUMP
    one, other = ({**base, key: value} for value in SAID[key])
    assert _paid(**one) != _paid(**other)


@pytest.mark.parametrize("base", [COUNTED, LUMP], ids=["counted", "lump"])
def test_what_is_protected_counts(base: dict[str, Any]) -> None:
    key = "amount" if "amount" in base else "lump_sum"
    falling = {**base, key: {2025: base[key], 2027: base[key] * 0.2}}
    plain, held = _paid(**falling), _paid(**falling, protection={"least": 1.0, "per_pupil": False})
    assert plain[0] == held[0]
    assert plain[1] != held[1]


def test_a_lump_sum_by_area_pays_nothing_where_the_area_counts_nothing() -> None:
    # 70,000 in the country, nothing in town
    areas = {"urban": 0, "town": 1, "rural": 1}
    assert _paid(**LUMP, areas=areas)[0] == [0, 70_000]
