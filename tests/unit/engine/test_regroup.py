"""Schools that close, merge or open: nobody and nothing is lost, and everything goes along."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import simulator as sim
from simulator.district.pupils.moves import MOVES, NEW, OPENS_WITH
from simulator.law.reorganisation.carrying import shifted
from simulator.results.result import Result
from simulator.scenario.model import Scenario
from tests.building import district_of, scenario_of, school

KEPT = ("pupils", "teachers", "backbone", "equipment_value", "computers", "books", "boarders",
        "mainstreamed", "aid", "stage_pay", "average_pupils", "pupils_last_year")  # fmt: skip
NEW_ROW = {"school": "X", "name": "新城学校", "type": "nine_year", "area": "urban"}
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def moved(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {MOVES: list(rows), **more}


def row(school_id: str, into: str, share: float = 1.0, year: int = 2027,
        takes: str = "staff") -> dict[str, Any]:  # fmt: skip
    return {"year": year, "school": school_id, "into": into, "share": share, "takes": takes}


@pytest.fixture(scope="module")
def baseline(root) -> Scenario:
    return sim.load_scenario(root / "scenarios" / "steady.yaml")


@pytest.fixture(scope="module")
def plain(baseline: Scenario) -> Result:
    return sim.simulate(sim.sample_district(), baseline)


def run(scenario: Scenario, changes: dict[str, Any]) -> Result:
    return sim.simulate(sim.sample_district(), scenario.with_changes(changes))


def at(result: Result, name: str, school_id: str, year: int, stage: str = "primary") -> float:
    if result.graph.level(name) == "school":
        return float(result.at(name, year)[result.index.school_position[school_id]])
    return float(result.at(name, year)[result.index.part_position[school_id, stage]])


def test_a_merger_by_hand() -> None:
    """Two schools of 200; B's teachers, staff, pay and books go along, its rooms stay."""
    pair = district_of([
        school("A", weak=1), school("B", payroll=2_400_000, books=4000, primary_boarders=20),
    ])  # fmt: skip
    said = {
        "policy": ["national"],
        "assumptions": {"pay_growth": 0.1, "schools": {"moves": [row("B", "A")]}},
        "levers": {"operating_rate": {"primary": 1000}, "hold_harmless": True},
    }  # fmt: skip
    found = sim.simulate(pair, scenario_of(**said))
    assert [at(found, "pupils", "A", year) for year in (2026, 2027, 2028)] == [200, 400, 400]
    assert [at(found, "pupils", "B", year) for year in (2026, 2027, 2028)] == [200, 0, 0]
    assert at(found, "teachers", "A", 2027) == 30 and at(found, "teachers", "B", 2027) == 0
    assert at(found, "books", "A", 2027) == 10_000 and at(found, "books", "B", 2027) == 0
    assert at(found, "teaching_area", "A", 2028) == 1000
    assert at(found, "boarders", "A", 2027) == 20
    # pay of 2027: both schools' pay of 2025 raised twice, whoever works where
    assert at(found, "payroll", "A", 2027) == pytest.approx(4_400_000 * 1.1**2)
    assert at(found, "staff", "A", 2027) == 40 and at(found, "mean_pay", "A", 2028) == (
        pytest.approx(110_000 * 1.1**3)
    )
    # last year's pupils of those who are here now
    assert at(found, "pupils_last_year", "A", 2027) == 400
    assert at(found, "classes", "B", 2027) == 0


@QUICK
@given(
    share=st.floats(0.05, 1), takes=st.sampled_from(("staff", "all")),
    year=st.sampled_from((2026, 2027, 2028)), second=st.floats(0.05, 1),
)  # fmt: skip
def test_nobody_and_nothing_is_lost(
    baseline: Scenario, plain: Result, share: float, takes: str, year: int, second: float
) -> None:
    rows = [row("9900002", "9900001", share, year, takes), row("9900001", "X", second, 2028)]
    found = run(baseline, moved(*rows, **{NEW: [NEW_ROW]}))
    for name in KEPT:
        for each in (2025, 2026, 2027, 2028):
            before = plain.at(name, each)
            after = found.at(name, each)
            np.testing.assert_allclose(np.nansum(after), np.nansum(before), rtol=1e-9, err_msg=name)
    for each in (2026, 2027, 2028):
        now = float(found.at("need", each)[0])
        assert np.isfinite(now)
        # paid by one standard a pupil, money follows pupils: only small-school top-ups differ
        assert now == pytest.approx(float(plain.at("need", each)[0]), rel=0.01)


def test_a_new_school_opens_with_what_it_is_given_and_is_funded(baseline: Scenario) -> None:
    opens = [{"school": "X", "item": "teaching_area", "amount": 4000},
             {"school": "X", "item": "music_rooms", "amount": 2}]  # fmt: skip
    found = run(baseline, moved(row("9900003", "X", 0.4), **{NEW: [NEW_ROW], OPENS_WITH: opens}))
    assert at(found, "pupils", "X", 2026) == 0 and at(found, "operating_funds", "X", 2026) == 0
    assert at(found, "pupils", "X", 2027) == pytest.approx(0.4 / 0.6 * at(
        found, "pupils", "9900003", 2027), abs=1)  # fmt: skip
    assert [at(found, "teaching_area", "X", year) for year in (2026, 2027, 2028)] == [0, 4000, 4000]
    assert at(found, "music_rooms", "X", 2026) == 0 and at(found, "music_rooms", "X", 2028) == 2
    held = at(found, "paid_per_pupil_last_year", "X", 2027)
    assert held == pytest.approx(at(found, "paid_per_pupil_last_year", "9900003", 2027))
    assert at(found, "operating_funds", "X", 2027) >= held * at(
        found, "funded_pupils", "X", 2027
    ) * (1 - 1e-12)
    # the year before it opens it counts for nothing anywhere
    assert np.isfinite(found.at("cv_teaching_area", 2026)[0])


@pytest.mark.parametrize(("columns", "judged"), [({}, False), ({"rotation_eligible": 8}, True)])
def test_a_new_school_gives_no_column_that_a_rule_waits_for(
    columns: dict[str, int], judged: bool
) -> None:
    pair = district_of([school("A", **columns), school("B", **columns)])
    schools = {"moves": [row("B", "X", 0.5)], "new": [{**NEW_ROW, "type": "primary"}]}
    found = sim.simulate(pair, scenario_of(policy=["national"], assumptions={"schools": schools}))
    assert ("rotation_eligible" in set(found.checks["rule"])) is judged


def test_a_closed_school_is_neither_repaired_nor_evaluated(baseline: Scenario) -> None:
    by_area = {"levers.repair": None, "levers.repair.method": "area",
               "levers.repair.unit_price": 800, "levers.repair.life": 40,
               "assumptions.price_growth": 0}  # fmt: skip
    found = run(baseline, {**moved(row("9900002", "9900001")), **by_area})
    assert at(found, "repair", "9900002", 2026) > 0
    assert at(found, "repair", "9900002", 2027) == 0
    assert at(found, "in_scope", "9900002", 2027) == 0
    taken = run(baseline, {**moved(row("9900002", "9900001", takes="all")), **by_area})
    assert at(taken, "repair", "9900001", 2027) == pytest.approx(
        at(found, "repair", "9900001", 2027) + at(found, "repair", "9900002", 2026)
    )


def test_repair_that_goes_on_as_it_was_stays_with_the_site(baseline: Scenario) -> None:
    national = {"policy": ("national",)}
    before = run(baseline, national)
    spent = before.school_totals["repair"].xs(2025)
    index = 1.02**2
    for takes, there, here in (
        ("staff", 0, spent["9900001"]),
        ("all", 0, spent["9900001"] + spent["9900002"]),
    ):
        merged = run(baseline, {**moved(row("9900002", "9900001", takes=takes)), **national})
        found = merged.school_totals["repair"].xs(2027)
        assert found["9900002"] == there
        assert found["9900001"] == pytest.approx(here * index)
        assert merged.school_totals["repair"].xs(2025).equals(spent)


def test_the_funded_headcount_lags_with_the_pupils(baseline: Scenario) -> None:
    lagged = run(baseline, {**moved(row("9900002", "9900001")), "levers.headcount_lag": 1})
    two = run(baseline, {**moved(row("9900002", "9900001")), "levers.headcount_lag": 2})
    both = [at(lagged, "pupils", each, 2026) for each in ("9900001", "9900002")]
    assert at(lagged, "headcount", "9900001", 2027) == pytest.approx(sum(both))
    assert at(lagged, "headcount", "9900002", 2027) == 0
    counted = [at(two, "pupils", each, 2025) for each in ("9900001", "9900002")]
    assert at(two, "headcount", "9900001", 2027) == pytest.approx(sum(counted))


def test_the_trace_of_a_merged_school_computes_again(baseline: Scenario) -> None:
    found = run(baseline, moved(row("9900002", "9900001"), row("9900003", "X", 0.3),
                                **{NEW: [NEW_ROW]}))  # fmt: skip
    for school_id in ("9900001", "9900002", "X"):
        tree = found.explain("operating_funds", school=school_id, stage="primary", year=2028)
        for line in tree.walk():
            assert np.isclose(line.evaluate(), line.value, equal_nan=True), line.name
            assert found.graph.label(line.name, "zh") and found.graph.label(line.name, "en")
            assert line.kind != "column" or line.year is None or line.origin is None


def test_a_districts_own_lines_follow_too(baseline: Scenario) -> None:
    lines = {
        "id": "own", "zh": "本区", "en": "Own", "per_pupil": "headcount",
        "lines": [{
            "id": "base", "zh": "基本", "en": "Base", "counted": "headcount", "amount": 900,
            "protection": {"least": 1.1},
        }],
    }  # fmt: skip
    found = run(baseline, {**moved(row("9900002", "9900001")), "lines": lines})
    alone = run(baseline, {"lines": lines})
    # what the line paid for both last year is the merged school's to be protected
    last = sum(at(alone, "line_base", each, 2026) for each in ("9900001", "9900002"))
    assert at(found, "line_base_last", "9900001", 2027) == pytest.approx(last)
    assert at(found, "line_base", "9900002", 2027) == 0


def test_growth_says_why_indicators_changed(baseline: Scenario) -> None:
    found = run(baseline, moved(row("9900002", "9900001")))
    both = sum(at(found, "teachers", each, 2025) for each in ("9900001", "9900002"))
    assert at(found, "base_teachers", "9900001", 2027) == both
    assert at(found, "base_teachers", "9900002", 2027) == 0
    assert at(found, "by_spending_teachers", "9900001", 2027) == pytest.approx(0, abs=1e-9)


def test_a_table_of_pupils_says_itself_who_is_where() -> None:
    pair = district_of([school("A"), school("B")])
    rows = [{"school": name, "stage": "primary", "year": year, "pupils": pupils}
            for year, counted in ((2026, (190, 190)), (2027, (370, 0)), (2028, (360, 0)))
            for name, pupils in zip("AB", counted, strict=True)]  # fmt: skip
    said = {"pupils": {"method": "table", "table": rows}, "schools": {"moves": [row("B", "A")]}}
    found = sim.simulate(pair, scenario_of(policy=[], assumptions=said))
    assert at(found, "pupils", "A", 2027) == 370
    assert at(found, "teachers", "A", 2027) == 30
    assert at(found, "pupils_last_year", "A", 2027) == 380


def test_a_zero_school_in_the_data_harms_nobody() -> None:
    """A nine-year school that is planned but has nobody yet leaves no figure unknown."""
    nothing = {
        key: 0 for key, value in school("N", "nine_year").items()
        if isinstance(value, int) and key not in ("weak", "small_class")
    }  # fmt: skip
    found = sim.simulate(
        district_of([school("A"), school("B"), school("N", "nine_year", **nothing)]),
        scenario_of(policy=["national"], levers={"hold_harmless": False}),
    )
    for name in ("need", "operating_total", "payroll_total"):
        assert np.isfinite(found.at(name, 2028)).all(), name


def test_shifting_spares_what_nobody_comes_to() -> None:
    shares = np.array([[0.5, 0.5, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    found = shifted(np.array([10.0, 4.0, np.nan]), shares)
    assert found[:2].tolist() == [5, 9] and np.isnan(found[2])


def test_the_identity_tells_moves_apart_but_not_the_data(baseline: Scenario, plain: Result) -> None:
    found = run(baseline, moved(row("9900002", "9900001")))
    assert found.identity != plain.identity
    assert found.binding.district.fingerprint == plain.binding.district.fingerprint
    assert dataclasses.is_dataclass(found.binding.moves)
