"""Formula lines in policy packs: layered, replaced by a scenario's own, told, sought, compared."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import simulator as sim
from simulator.compare.combine import combine
from simulator.district.model import District
from simulator.policy.load import load_policy, pack_lines
from simulator.policy.model import Policy
from simulator.present.sentences.explained import source_of
from simulator.present.table import Printer
from simulator.present.tables.comparison import parameters_table, sides
from simulator.present.tables.ground import levers_table
from simulator.results.goal import Goal, keep_total, meet_by_line
from simulator.results.result import Result
from simulator.scenario.describe import describe, difference
from simulator.scenario.load import load_scenario, read_scenario
from simulator.scenario.write import dump_scenario
from simulator.strict_yaml import write_yaml
from tests.building import district_of, scenario_of, school

OWN: dict[str, Any] = {
    "id": "own", "zh": "本县公式", "en": "Our formula", "per_pupil": "headcount",
    "lines": [{"id": "base", "zh": "基本", "en": "Base", "counted": "headcount", "amount": 700}],
}  # fmt: skip
NANAN, QINGDAO = "notice_nanan_2020", "notice_qingdao_2015"


@pytest.fixture(scope="module")
def district() -> District:
    """150 pupils in a primary school, 10 of them boarders, and 200 in a small-class one."""
    return district_of([
        school("A", primary_pupils=150, primary_pupils_prior=150, primary_boarders=10),
        school("B", primary_pupils_prior=200, small_class=1),
    ])  # fmt: skip


def _result(district: District, *packs: str, **more: Any) -> Result:
    return sim.simulate(district, scenario_of(policy=["national", *packs], **more))


def _paid(result: Result) -> list[float]:
    return [float(value) for value in result.at("operating_funds", 2026)]


def _pack(folder: Path, name: str, amount: float) -> None:
    """A pack of formula lines alone: so many yuan a pupil."""
    (folder / name).mkdir()
    line = {**OWN["lines"][0], "amount": amount}
    text = write_yaml({**OWN, "id": name, "lines": [line]})
    (folder / name / "lines.yaml").write_text(text, encoding="utf-8")


def test_a_pack_pays_by_its_lines_and_a_later_one_replaces_them(district: District) -> None:
    # 南安: 150 count as 200, at 750, and 10 boarders at 400; 200 at 750
    assert _paid(_result(district, NANAN)) == [154_000, 150_000]
    # 青岛: both count as 300, at 900; small classes a fifth more
    assert _paid(_result(district, NANAN, QINGDAO)) == [270_000, 324_000]
    assert _paid(_result(district, QINGDAO, NANAN)) == [154_000, 150_000]


def test_lines_of_a_pack_of_ones_own_are_layered(district: District, tmp_path: Path) -> None:
    _pack(tmp_path, "city", 500)
    _pack(tmp_path, "county", 600)
    policy = load_policy(["national", "county", "city", "district_plan"], [tmp_path])
    assert policy.lines is not None and policy.lines.pack == "city"
    assert _paid(sim.simulate(district, scenario_of(), policy=policy)) == [75_000, 100_000]
    # the values of the other packs stay in force
    assert policy.value("operating_benchmark", 2026, "primary") is not None


def test_a_scenarios_own_lines_replace_the_packs(district: District) -> None:
    own = _result(district, NANAN, lines=OWN)
    assert _paid(own) == [105_000, 140_000]
    assert own.lines is not None and own.lines.pack == ""


def test_a_scenario_may_take_the_national_formula_back(district: District) -> None:
    back = _result(district, NANAN, lines="national")
    assert back.lines is None
    for name in ("operating_funds", "need", "gap"):
        np.testing.assert_array_equal(back.values[name], _result(district).values[name])
    assert back.identity != _result(district, NANAN).identity


def test_what_is_said_of_lines_is_inherited_and_taken_back(tmp_path: Path) -> None:
    base = scenario_of(policy=["national", NANAN], lines="national")
    (tmp_path / "first.yaml").write_text(dump_scenario(base), encoding="utf-8")
    heir = read_scenario("based_on: first\nlevers: {training_share: 0.06}", "heir.yaml", tmp_path)
    assert heir.lines == "national" and "lines" not in dump_scenario(heir)
    packs = read_scenario("based_on: first\nlines: null", "packs.yaml", tmp_path)
    assert packs.lines is None and packs.policy == base.policy
    assert packs.fingerprint != heir.fingerprint
    for each in (base, packs, packs.with_changes({"lines": OWN})):
        (tmp_path / "again.yaml").write_text(dump_scenario(each), encoding="utf-8")
        assert load_scenario(tmp_path / "again.yaml").fingerprint == each.fingerprint


def _fingerprint_without_lines(policy: Policy) -> str:
    digest = hashlib.sha256(repr(policy.packs).encode())
    for place in sorted(policy.values, key=repr):
        digest.update(repr((place, policy.values[place])).encode())
    digest.update(repr(sorted(policy.declared.items())).encode())
    return digest.hexdigest()


def test_lines_count_in_the_fingerprint_only_where_there_are_any(tmp_path: Path) -> None:
    plain = load_policy(["national", "district_plan"])
    assert plain.lines is None and plain.fingerprint == _fingerprint_without_lines(plain)
    _pack(tmp_path, "county", 600)
    before = load_policy(["county"], [tmp_path])
    assert before.fingerprint != _fingerprint_without_lines(before)
    assert before.fingerprint == load_policy(["county"], [tmp_path]).fingerprint
    file = tmp_path / "county" / "lines.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("600", "601"), encoding="utf-8")
    assert load_policy(["county"], [tmp_path]).fingerprint != before.fingerprint


def test_nothing_read_from_a_pack_can_be_changed_by_a_scenario(district: District) -> None:
    found = _result(district, NANAN)
    assert found.lines is not None
    changed = found.binding.scenario.with_changes({"lines": found.lines.content})
    dict(changed.lines or {})["lines"][0]["amount"] = 1  # type: ignore[call-overload]
    assert _paid(_result(district, NANAN)) == [154_000, 150_000]


def test_a_trace_names_the_pack_of_an_amount(district: District) -> None:
    trace = _result(district, NANAN).explain("line_primary_standard_amount", stage="primary")
    assert trace.kind == "line"
    assert source_of(trace, "zh") == f"{NANAN}/lines.yaml › lines.primary_standard.amount"
    own = _result(district, NANAN, lines=OWN).explain("line_base_amount", stage="primary")
    assert source_of(own, "zh") == "lines.base.amount"


def test_a_goal_sought_on_a_packs_lines_makes_them_the_scenarios_own(district: District) -> None:
    found = _result(district, NANAN)
    reached = meet_by_line(found, "boarding", Goal("operating_total", 2026, 306_000))
    assert reached.value == pytest.approx(1.5)
    lines: Any = reached.scenario.lines
    assert [row["amount"] for row in lines["lines"]] == [750, 950, pytest.approx(600)]
    assert _paid(sim.simulate(district, reached.scenario)) == pytest.approx([156_000, 150_000])
    assert keep_total(found, "primary_standard", 2026, 304_000).value == pytest.approx(1)


def test_the_tables_show_the_lines_in_force_and_their_pack(district: District) -> None:
    found = levers_table(Printer(_result(district, NANAN), "zh"))
    rows = {row["path"]: row for row in found.records()}
    assert rows["lines.boarding"]["lever"] == "寄宿生"
    assert rows["lines.boarding"]["changed"] == ""
    assert "公用经费公式取自政策包 南安市 2020 年办法" in found.note
    own = levers_table(Printer(_result(district, NANAN, lines=OWN), "en"))
    assert "Nan'an 2020" not in own.note


def test_lines_that_a_packs_replace_are_marked_as_changed(district: District) -> None:
    base = scenario_of(policy=["national", QINGDAO])
    heir = base.derived("heir").with_changes({"policy": ["national", NANAN]})
    rows = levers_table(Printer(sim.simulate(district, heir), "en")).records()
    marks = {row["path"]: bool(row["changed"]) for row in rows}
    assert marks == dict.fromkeys(
        ("lines.primary_standard", "lines.junior_standard", "lines.boarding"), True
    )


def test_scenarios_on_other_packs_differ_by_their_lines(district: District) -> None:
    comparison = sim.compare([_result(district), _result(district, NANAN)])
    assert comparison.parameters.loc["lines.boarding", "differs"]
    table = parameters_table(sides(comparison, "en"))
    rows = {row["path"]: row for row in table.records()}
    assert (rows["lines.boarding"]["s0"], rows["lines.boarding"]["s1"]) == (
        "", "funded_boarders × 400; stages: [primary, junior]; cites: 南安市 2020 年公用经费分配",
    )  # fmt: skip
    assert "Nan'an 2020" in rows["policy"]["s1"]


def test_changes_on_a_pack_can_be_combined(district: District) -> None:
    base = _result(district, NANAN)
    first = _result(district, NANAN, lines=OWN)
    second = _result(district, NANAN, levers={"training_share": 0.06})
    both = combine(base, first, second).both
    assert _paid(both) == _paid(first) and both.binding.scenario.lines == OWN


def test_the_formula_of_a_pack_is_told_in_words() -> None:
    plain = scenario_of(policy=["national"])
    paid = plain.with_changes({"policy": ["national", NANAN]})
    assert describe(scenario_of(policy=["national", NANAN]), "zh", 2025) == [
        "公用经费按“南安市 2020 年公用经费”分配"
    ]
    assert difference(plain, paid, "en", 2025)[-1] == (
        "pays operating funds by “Nan'an 2020” (before: “the national formula”)"
    )
    assert difference(paid, paid.with_changes({"lines": OWN}), "en", 2025) == [
        "pays operating funds by “Our formula” (before: “Nan'an 2020”)"
    ]
    assert difference(paid, paid.with_changes({"lines": "national"}), "zh", 2025) == [
        "公用经费按“国家公式”分配（原为“南安市 2020 年公用经费”）"
    ]


def test_a_pack_that_is_not_there_is_left_to_the_loading_of_packs() -> None:
    assert pack_lines(("national", "no_such_pack")) is None
    found = pack_lines((NANAN, "no_such_pack"))
    assert found is not None and found.pack == NANAN
