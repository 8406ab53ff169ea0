"""Odd input is answered or told in a sentence, never by a page of code."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import simulator as sim
from simulator import cli
from simulator.errors import FindingsError
from simulator.present.sentences.causes import cause_lines
from tests import building


def test_json_of_a_year_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run", "--year", "1999", "--json", "--lang", "en"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "1999" in said.err
    assert len(said.err.splitlines()) == 1


def test_json_of_a_year_holds_that_year_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run", "--year", "2027", "--json", "--only", "money,verdict,rules"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["year"] for row in found["district"]] == [2027]
    assert [row["year"] for row in found["verdict"]["years"]] == [2027]
    assert {row["year"] for row in found["checks"]} == {2027}
    assert cli.main(["run", "--json", "--only", "money"]) == 0
    whole = json.loads(capsys.readouterr().out)
    assert [row["year"] for row in whole["district"]] == [2025, 2026, 2027, 2028]


@pytest.mark.parametrize(
    "said",
    [
        {"levers": {}},
        {"assumptions": {}},
        {"levers": {"investment": {}}},
        {"levers": {"repair": {}}},
    ],
)
def test_an_empty_block_says_nothing(said: dict[str, object]) -> None:
    scenario = building.scenario_of(policy=["national"], **said)
    assert scenario.flat() == building.scenario_of(policy=["national"]).flat()


def test_an_empty_block_that_does_not_exist_is_still_refused() -> None:
    with pytest.raises(FindingsError, match="nonsense"):
        building.scenario_of(levers={"nonsense": {}})


def test_a_fiscal_row_of_a_planned_year_is_told_not_to_count() -> None:
    money = [{"year": year, "recurrent_revenue": 1e8, "education_appropriation": 4e7 + year}
             for year in (2024, 2025, 2026)]  # fmt: skip
    district = building.district_of([building.school("A")], money)
    told = [each for each in district.findings if each.code == "fiscal_planned"]
    assert [(each.severity, each.value) for each in told] == [("warning", 2026)]
    assert "the row is not used" in told[0].text("en")
    found = sim.simulate(district, building.scenario_of(policy=["national"]))
    assert found.at("appropriation", 2026)[0] == 4e7 + 2025
    usual = building.district_of([building.school("A")], money[:2])
    assert not [each for each in usual.findings if each.code == "fiscal_planned"]


@pytest.mark.parametrize("rule", ["lowest_first", "proportional", "per_pupil"])
def test_money_that_nobody_can_get_is_spent_and_no_schools_share_of_it_is_known(rule: str) -> None:
    """A teaching point of 20 is not evaluated: no rule says who gets the 1,000 yuan."""
    point = building.school("A", "teaching_point", primary_pupils=20, primary_pupils_prior=20)
    levers = {"investment": {"computers": {"amount": 1000, "rule": rule}}}
    scenario = building.scenario_of(policy=["national"], levers=levers)
    with np.errstate(all="raise"):
        found = sim.simulate(building.district_of([point]), scenario)
    assert found.at("investment_total", 2026)[0] == 1000
    trace = found.explain("investment", "A", "primary", 2026)
    assert np.isnan(trace.value)
    assert len(cause_lines(trace, "en")) > 1
    nothing = building.scenario_of(policy=["national"])
    assert sim.simulate(building.district_of([point]), nothing).at("investment_total", 2026)[0] == 0


def test_the_commands_leave_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "empty.yaml"
    path.write_text("name: empty\nlevers: {}\n", encoding="utf-8")
    assert cli.main(["run", "--scenario", str(path), "--only", "verdict"]) == 0
