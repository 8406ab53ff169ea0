"""Formula lines in a scenario: read strictly, inherited, computed, traced, compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import simulator as sim
from simulator.district.model import District
from simulator.errors import FindingsError
from simulator.machine.trace import Trace
from simulator.own_formula.sources import NATIONAL
from simulator.results.result import Result
from simulator.scenario.describe import describe
from simulator.scenario.load import load_scenario, read_scenario
from simulator.scenario.model import Scenario
from simulator.scenario.write import dump_scenario
from simulator.strict_yaml import read_yaml
from tests.building import district_of, scenario_of, school

OWN: dict[str, Any] = {
    "id": "own",
    "zh": "本县公式",
    "en": "Our formula",
    "per_pupil": "headcount",
    "lines": [
        {"id": "base", "zh": "基本", "en": "Base", "counted": "headcount",
         "amount": {"primary": 700, "junior": 900}},
        {"id": "far", "zh": "乡村加拨", "en": "Rural", "counted": "headcount * rural_school",
         "amount": {"share": 0.1, "of": "base"}, "cites": "县府办〔2026〕3号"},
        {"id": "lump", "zh": "校均定额", "en": "Lump sum", "lump_sum": 20_000, "since": 2027},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def district() -> District:
    """A town school and a rural one with two stages, 200 pupils a stage."""
    return district_of([school("A"), school("B", "nine_year", area="rural")])


@pytest.fixture(scope="module")
def result(district: District) -> Result:
    """The district paid by its own lines."""
    return sim.simulate(district, scenario_of(policy=["national"], lines=OWN))


def _of_schools(result: Result, name: str, year: int) -> dict[tuple[str, str], float]:
    return dict(zip(result.index.parts, result.at(name, year).tolist(), strict=True))


def test_operating_funds_are_paid_by_the_lines(result: Result) -> None:
    # 200 · 700 = 140,000; rural 10% more: 154,000; 200 · 900 · 1.1 = 198,000
    assert _of_schools(result, "operating_funds", 2026) == pytest.approx(
        {("A", "primary"): 140_000, ("B", "primary"): 154_000, ("B", "junior"): 198_000}
    )
    # from 2027 a lump sum of 20,000 a school, of B by its pupils: half and half
    assert _of_schools(result, "operating_funds", 2027) == pytest.approx(
        {("A", "primary"): 160_000, ("B", "primary"): 164_000, ("B", "junior"): 208_000}
    )


def test_each_line_can_be_asked_for_and_they_add_up(result: Result) -> None:
    added = sum(result.at(f"line_{line}", 2027) for line in ("base", "far", "lump"))
    np.testing.assert_allclose(np.asarray(added), result.at("operating_funds", 2027))
    assert _of_schools(result, "line_far", 2027)["B", "junior"] == pytest.approx(18_000)


def test_a_trace_goes_from_operating_funds_to_the_line_and_the_column(result: Result) -> None:
    trace = result.explain("operating_funds", "B", "primary", 2027)
    seen: dict[str, Trace] = {}
    waiting = [trace]
    while waiting:  # the nearest of each name first
        each = waiting.pop(0)
        waiting.extend(each.inputs if each.name not in seen else ())
        seen.setdefault(each.name, each)
    assert {"formula_funds", "line_total", "line_far", "line_far_count", "line_far_rate",
            "line_far_amount", "headcount", "rural_school"} <= seen.keys()  # fmt: skip
    assert seen["line_far"].value == pytest.approx(14_000)
    assert seen["line_far"].cites == ("县府办〔2026〕3号",)
    assert (seen["line_far_amount"].kind, seen["line_far_amount"].lever) == (
        "line",
        "lines.far.amount",
    )


def test_the_national_lines_in_a_scenario_change_nothing() -> None:
    sample = sim.sample_district()
    packs = {"policy": ["national", "district_plan"]}
    by_lines = sim.simulate(sample, scenario_of(**packs, lines=read_yaml(NATIONAL).data))
    plain = sim.simulate(sample, scenario_of(**packs))
    for name in ("operating_funds", "need", "gap"):
        np.testing.assert_allclose(by_lines.values[name], plain.values[name], rtol=1e-12)
    assert by_lines.identity != plain.identity


def test_a_pot_of_the_lines_is_what_is_paid(district: District) -> None:
    pot = {"id": "paid", "zh": "实拨", "en": "Paid", "rule": "proportion", "shared": "total",
           "amount": 100_000, "paid_in": 1}  # fmt: skip
    found = sim.simulate(district, scenario_of(policy=[], lines={**OWN, "pots": [pot]}))
    paid = _of_schools(found, "operating_funds", 2026)
    # 140, 154 and 198 parts of 492: 28,455.28, 31,300.81 and 40,243.90
    assert paid == {("A", "primary"): 28_455, ("B", "primary"): 31_301, ("B", "junior"): 40_244}


def test_mistakes_are_told_with_the_scenarios_own_at_once() -> None:
    wrong = [{**OWN["lines"][0], "counted": "headcont"}, {**OWN["lines"][1], "sum": 3}]
    with pytest.raises(FindingsError) as caught:
        scenario_of(lines={**OWN, "lines": wrong}, levers={"training_share": 7}, colour="red")
    found = {(each.code, each.column) for each in caught.value.findings}
    assert {("lines_formula", "lines.lines.0.counted"), ("lines_unknown_key", "lines.lines.1.sum"),
            ("scenario_key", "colour")} <= found  # fmt: skip
    assert any(column == "levers.training_share" for _, column in found)
    rows = {each.column: each.row for each in caught.value.findings}
    assert rows["lines.lines.0.counted"] is not None


def test_a_column_keeps_its_name_beside_a_line_that_is_called_like_it() -> None:
    """``base_rate`` is the district's standard, not what the line ``base`` pays."""
    line = {"id": "base", "zh": "基本", "en": "Base", "counted": "headcount", "amount": "base_rate"}
    made = district_of([school("A")], operating_rate_primary=777)
    found = sim.simulate(made, scenario_of(policy=[], lines={**OWN, "lines": [line]}))
    assert _of_schools(found, "line_total", 2026) == {("A", "primary"): 155_400}  # 200 · 777


def test_lines_cannot_count_what_they_decide() -> None:
    wrong = [{**OWN["lines"][0], "counted": "operating_funds"}]
    with pytest.raises(FindingsError, match="operating_funds"):
        scenario_of(lines={**OWN, "lines": wrong})


def _write(path: Path, scenario: Scenario) -> None:
    path.write_text(dump_scenario(scenario), encoding="utf-8")


def test_lines_are_inherited_replaced_and_taken_back(tmp_path: Path) -> None:
    _write(tmp_path / "first.yaml", scenario_of(lines=OWN))
    base = load_scenario(tmp_path / "first.yaml")
    assert base.lines == OWN
    heir = read_scenario("based_on: first\nlevers: {training_share: 0.06}", "heir.yaml", tmp_path)
    assert heir.lines == OWN
    assert "lines" not in dump_scenario(heir)
    other = heir.with_changes({"lines": {**OWN, "lines": OWN["lines"][:1]}})
    assert other.changed()["lines"][0] == OWN
    assert other.fingerprint != heir.fingerprint
    _write(tmp_path / "other.yaml", other)
    assert load_scenario(tmp_path / "other.yaml").fingerprint == other.fingerprint
    back = read_scenario("based_on: first\nlines: null", "back.yaml", tmp_path)
    assert back.lines is None
    _write(tmp_path / "back.yaml", back)
    assert load_scenario(tmp_path / "back.yaml").lines is None
    assert heir.with_changes({"lines": None}).fingerprint != heir.fingerprint
    with pytest.raises(FindingsError):
        heir.with_changes({"lines": {"lines": []}})


def test_lines_with_years_survive_being_written(tmp_path: Path) -> None:
    rising = {**OWN["lines"][0], "amount": {"primary": {2026: 700, 2028: 800}, "junior": 900}}
    made = scenario_of(lines={**OWN, "lines": [rising]})
    _write(tmp_path / "made.yaml", made)
    assert load_scenario(tmp_path / "made.yaml").fingerprint == made.fingerprint


def test_other_lines_are_told_in_words() -> None:
    assert describe(scenario_of(lines=OWN), "zh", 2025) == ["公用经费按“本县公式”分配"]
    plain = scenario_of()
    own = plain.derived("own").with_changes({"lines": OWN})
    assert describe(own, "zh", 2025) == ["公用经费按“本县公式”分配（原为“国家公式”）"]
    assert describe(own, "en", 2025) == [
        "pays operating funds by “Our formula” (before: “the national formula”)"
    ]


def _sharing(district: District, **changes: Any) -> dict[str, float]:
    base = {**OWN["lines"][0], "sharing": {"central": 0.6, "province": 0.2}}
    far = {**OWN["lines"][1], "sharing": {"city": 0.5}}
    lines = {**OWN, "lines": [base, far, OWN["lines"][2]], **changes}
    found = sim.simulate(district, scenario_of(policy=["national"], lines=lines))
    names = ("central_operating", "province_operating", "city_operating", "county_operating")
    return {name: float(found.at(name, 2027)[0]) for name in names}


def test_each_line_is_borne_by_its_own_levels_of_government(district: District) -> None:
    # base 460,000: 60% and 20%; rural 32,000: half the city's; lump sums 40,000: the district's
    assert _sharing(district) == pytest.approx(
        {"central_operating": 276_000, "province_operating": 92_000, "city_operating": 16_000,
         "county_operating": 148_000}
    )  # fmt: skip


def test_what_a_pot_pays_is_borne_as_the_lines_are(district: District) -> None:
    pot = {"id": "pot", "zh": "盘", "en": "Pot", "rule": "proportion", "shared": "total",
           "amount": 266_000}  # fmt: skip
    # the pot is half of 532,000
    assert _sharing(district, pots=[pot]) == pytest.approx(
        {"central_operating": 138_000, "province_operating": 46_000, "city_operating": 8_000,
         "county_operating": 74_000}
    )  # fmt: skip


def test_shares_of_more_than_all_are_refused() -> None:
    line = {**OWN["lines"][0], "sharing": {"central": 0.6, "province": 0.5}}
    with pytest.raises(FindingsError, match="more than 1"):
        scenario_of(lines={**OWN, "lines": [line]})


def test_lines_may_be_written_in_chinese(district: District, result: Result) -> None:
    lines = [
        {**OWN["lines"][0], "counted": "拨款学生数"},
        {**OWN["lines"][1], "counted": "拨款学生数 × 农村学校"},
        OWN["lines"][2],
    ]
    said = {**OWN, "per_pupil": "拨款学生数", "lines": lines}
    found = sim.simulate(district, scenario_of(policy=["national"], lines=said))
    assert (found.values["operating_funds"] == result.values["operating_funds"])[2:].all()
    assert "headcount" in found.graph.formulas["line_far_count"].arguments


def _benchmark(district: District, lines: dict[str, Any]) -> dict[str, tuple[float, str]]:
    found = sim.simulate(district, scenario_of(policy=["national"], lines=lines)).checks
    rows = found.reset_index()
    rows = rows[(rows["rule"] == "benchmark") & (rows["year"] == 2026)]
    return {row["stage"]: (row["actual"], row["status"]) for _, row in rows.iterrows()}


def test_the_benchmark_is_judged_by_what_the_lines_pay(district: District) -> None:
    # the school in town gets 700 for each of its 200 pupils, under 720, though the mean of the
    # stage is (140,000 + 154,000) ÷ 400 = 735: 4,000 yuan are missing; junior 990 ≥ 940
    assert _benchmark(district, OWN) == {"primary": (700, "fail"), "junior": (990, "pass")}
    found = sim.simulate(district, scenario_of(policy=["national"], lines=OWN))
    assert found.at("ordinary_headroom", 2026)[0] == -4_000
    less = [{**OWN["lines"][0], "amount": 700}, *OWN["lines"][1:]]
    # junior 200 · 700 · 1.1 ÷ 200 = 770 < 940
    assert _benchmark(district, {**OWN, "lines": less}) == {
        "primary": (700, "fail"), "junior": (pytest.approx(770), "fail"),
    }  # fmt: skip


def test_lines_that_pay_by_the_standard_are_judged_by_the_standard(district: District) -> None:
    line = {**OWN["lines"][0], "amount": "operating_rate * 0.5"}
    found = sim.simulate(district, scenario_of(policy=["national"], lines={**OWN, "lines": [line]}))
    assert found.at("operating_rate", 2026)[:2].tolist() == [720, 940]
