"""Cost per pupil without investment is told beside the rule that a year of building breaks."""

from __future__ import annotations

from typing import Any

import pytest

import simulator as sim
from simulator.formats.docx.brief import sections
from simulator.glossary import LANGUAGES, Language
from simulator.present.brief_parts import Shown, Teller
from simulator.present.sentences.growth import running_words, statuses
from simulator.present.table import Printer
from simulator.present.tables.catalogue import table
from simulator.results.result import Result
from tests.building import district_of, scenario_of, school

#: Built in the first year only; pay rises, so that the running cost of a pupil does too.
BUILT: dict[str, Any] = {
    "assumptions": {"pay_growth": 0.05, "pupils": {"primary": 0.0}},
    "levers": {
        "appropriation": {"rule": "series", "values": 60e6},
        "investment": {"books": {"amount": [3e6, 0, 0], "rule": "per_pupil"}},
    },
}


def run(**fields: Any) -> Result:
    rows = [school(name, ownership="public", **fields) for name in "ABC"]
    return sim.simulate(district_of(rows), scenario_of(policy=["national"], **BUILT))


def test_the_year_after_building_breaks_the_rule_and_not_without_investment() -> None:
    result = run()
    checks = result.checks
    rule = checks[(checks["rule"] == "growth_per_pupil") & (checks["stage"] == "primary")]
    found = dict(zip(rule["year"], rule["status"], strict=True))
    # 3,000,000 are spent in 2026 and nothing in 2027
    assert found[2026] == "pass" and found[2027] == "fail"
    # without it only pay moves, by 5% a year
    assert statuses(Printer(result, "zh"), "primary") == dict.fromkeys((2026, 2027, 2028), "pass")


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_are_told_beside_the_rules(language: Language) -> None:
    result = run()
    said = running_words(Printer(result, language))
    pass_word = {"zh": "2027 年达到", "en": "2027 met"}[language]
    assert pass_word in said
    for name in ("rules", "checks"):
        assert said in table(result, name, language).note
    parts = sections(Teller(result, language))
    notes = [block.table.note for part in parts for block in part.blocks
             if isinstance(block, Shown)]  # fmt: skip
    assert any(said in note for note in notes)


def test_the_figures_are_in_the_table_of_rates() -> None:
    rows = table(run(), "figures", "zh").records()
    both = [row for row in rows if row["id"] in ("cost_per_pupil", "running_cost_per_pupil")]
    whole, running = (row for row in both if row["stage"] == "小学")
    # three schools of 200 pupils share 3,000,000 in 2026, and pay alike otherwise
    assert whole["2026"] - running["2026"] == pytest.approx(3e6 / 600, abs=0.011)
    assert whole["2027"] == running["2027"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_investment_of_the_base_year_is_told(language: Language) -> None:
    word = {"zh": "基年投入未填报，2026 年", "en": "2026 is judged without investment"}[language]
    assert word in running_words(Printer(run(investment_spend=None), language))
    assert word not in running_words(Printer(run(), language))
