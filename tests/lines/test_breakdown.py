"""What lines pay to whom, what one more yuan costs, who gains: by hand."""

from __future__ import annotations

from typing import Any

import pytest

import simulator as sim
from simulator.district.model import District
from simulator.errors import JunhengError
from simulator.present.tables.catalogue import table
from simulator.results.line_breakdown import breakdown, gains, gains_on_last_year, one_more_yuan
from simulator.results.result import Result
from tests.building import district_of, scenario_of, school

LINES: list[dict[str, Any]] = [
    {"id": "base", "zh": "基本", "en": "Base", "counted": "headcount", "amount": 700},
    {"id": "far", "zh": "乡村", "en": "Rural", "counted": "headcount * rural_school",
     "amount": {"share": 0.1, "of": "base"}},
    {"id": "lump", "zh": "定额", "en": "Lump", "lump_sum": 10_000, "since": 2027},
]  # fmt: skip
OWN = {"id": "own", "zh": "本县", "en": "Own", "per_pupil": "headcount", "lines": LINES}


@pytest.fixture(scope="module")
def district() -> District:
    """200 pupils a stage: a town primary school and a rural nine-year school."""
    return district_of([school("A"), school("B", "nine_year", area="rural")])


@pytest.fixture(scope="module")
def result(district: District) -> Result:
    """Paid by three lines."""
    return sim.simulate(district, scenario_of(policy=["national"], lines=OWN))


def test_the_breakdown_adds_up_to_what_each_school_gets(result: Result) -> None:
    found = breakdown(result, 2027)
    assert list(found.columns) == ["line_base", "line_far", "line_lump", "line_total"]
    junior = found[found.index == ("B", "junior")].to_numpy().tolist()
    assert junior == [pytest.approx([140_000, 14_000, 5_000, 159_000])]
    assert found.iloc[:, :-1].sum(axis=1).tolist() == found["line_total"].tolist()


def test_one_more_yuan_costs_what_is_counted(result: Result) -> None:
    # 600 pupils, and a tenth more for the 400 rural ones
    assert one_more_yuan(result, "base")[2026] == pytest.approx(640)
    # a hundredth of 700 for 400 pupils
    assert one_more_yuan(result, "far")[2028] == pytest.approx(2_800)
    with pytest.raises(JunhengError):
        one_more_yuan(result, "lump")


def test_gains_against_the_national_formula_and_last_year(
    district: District, result: Result
) -> None:
    asked = {"operating_rate": {"primary": 720, "junior": 940}}
    national = sim.simulate(district, scenario_of(policy=["national"], levers=asked))
    # 200 · (700 − 720); 200 · (770 − 720); 200 · (770 − 940)
    assert gains(result, national, 2026).to_dict() == pytest.approx(
        {("A", "primary"): -4_000, ("B", "primary"): 10_000, ("B", "junior"): -34_000}
    )
    assert gains_on_last_year(result, 2027).tolist() == pytest.approx([10_000, 5_000, 5_000])
    assert gains_on_last_year(result, 2028).tolist() == [0, 0, 0]
    with pytest.raises(JunhengError) as caught:
        gains(result, sim.simulate(sim.sample_district(), scenario_of()), 2026)
    assert caught.value.code == "other_schools"
    with pytest.raises(JunhengError) as caught:
        breakdown(national, 2026)
    assert caught.value.code == "no_lines"


def test_the_table_of_schools_has_a_column_for_each_line(result: Result) -> None:
    rows = table(result, "schools_2027", "zh", "yuan").records()
    junior = next(row for row in rows if row["stage"] == "初中")
    shown = {name: junior[name] for name in ("line_base", "line_far", "line_lump", "adjustment")}
    assert shown == {"line_base": 140_000, "line_far": 14_000, "line_lump": 5_000, "adjustment": 0}
    assert junior["operating_funds"] == 159_000
    assert "pupil_funds" not in junior
