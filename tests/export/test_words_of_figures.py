"""Figures, signs and money read the same everywhere, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

import simulator as sim
from simulator import units
from simulator.formats.docx.brief import annexes, sections
from simulator.formats.table_files import csv_text
from simulator.glossary import LANGUAGES, Language
from simulator.present.brief_parts import Listed, Section, Shown, Teller, Text
from simulator.present.sentences.explained import lines_of, value_text
from simulator.present.sentences.verdict import verdict_parts
from simulator.present.table import MoneyUnit, Table
from simulator.present.tables.catalogue import Printer, all_tables, table
from simulator.present.tables.comparison_steps import comparison_tables
from simulator.results.result import Result
from simulator.scenario.load import SHIPPED
from tests import building

#: What no text for people may hold: a hyphen for a minus, minus nought, ten thousands turned
#: about, the path of a lever, an identifier, an unknown written as a number, a left-over brace.
FORBIDDEN = {
    "hyphen for minus": re.compile(r"(?<![\w.)/–—-])-\d"),
    "minus nought": re.compile(r"−0(?:\.0+)?(?![\d.,])"),
    "ten thousands": re.compile(r"×10k"),
    "lever path": re.compile(r"\b(?:levers|assumptions)\.[a-z_]+"),
    "identifier": re.compile(r"\b[a-z]+_[a-z_]+\b"),
    "no number": re.compile(r"\bnan\b|\binf\b"),
    "brace": re.compile(r"[{}]"),
}
#: The column of the levers' table that gives the key of the file on purpose.
KEYS = {"path"}


def _of_table(found: Table) -> Iterator[str]:
    yield from (found.title, found.note, *map(found.heading, found.columns))
    kept = [place for place, column in enumerate(found.columns) if column.id not in KEYS]
    for row in found.texts():
        yield from (row[place] for place in kept)


def _of_sections(parts: list[Section]) -> Iterator[str]:
    for section in parts:
        yield section.title
        for block in section.blocks:
            if isinstance(block, Text):
                yield block.text
            elif isinstance(block, Listed):
                yield from block.items
            elif isinstance(block, Shown):
                yield from _of_table(block.table)


def _texts(result: Result, language: Language, money: MoneyUnit) -> Iterator[str]:
    for found in all_tables(result, language, money):
        yield from _of_table(found)
    teller = Teller(result, language, money)
    yield from _of_sections(sections(teller))
    yield from _of_sections(annexes(teller)[:2])
    yield from (part.text for part in verdict_parts(Printer(result, language, money)))


def _bad(texts: Iterator[str]) -> list[tuple[str, str]]:
    return [(name, text) for text in dict.fromkeys(texts)
            for name, pattern in FORBIDDEN.items() if pattern.search(text)]  # fmt: skip


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_no_text_of_a_shipped_scenario_holds_a_forbidden_sign(path) -> None:  # type: ignore[no-untyped-def]
    result = sim.simulate(sim.sample_district(), sim.load_scenario(path))
    for language, money in zip(LANGUAGES, ("yuan", "10k_yuan"), strict=True):
        assert _bad(_texts(result, language, money)) == []
    assert _bad(_texts(result, "en", "yuan")) == []


def test_no_text_of_a_comparison_holds_a_forbidden_sign() -> None:
    names = ("baseline", "steady", "tight_revenue")
    district = sim.sample_district()
    found = sim.compare(
        [sim.simulate(district, sim.load_scenario(SHIPPED / f"{name}.yaml")) for name in names]
    )
    for language in LANGUAGES:
        texts = (text for each in comparison_tables(found, language) for text in _of_table(each))
        assert _bad(texts) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hyphen for minus", "gap -5.00"), ("minus nought", "−0.00 yuan"), ("brace", "{x}"),
        ("ten thousands", "5 ×10k yuan"), ("lever path", "levers.rate_growth"),
        ("identifier", "district_plan"), ("no number", "nan"),
    ],
)  # fmt: skip
def test_each_forbidden_sign_is_seen(name: str, text: str) -> None:
    assert (name, text) in _bad(iter([text]))


def test_a_chinese_brief_calls_the_packs_by_their_names() -> None:
    result = sim.simulate(sim.sample_district(), sim.load_scenario(SHIPPED / "steady.yaml"))
    said = "".join(_of_sections(sections(Teller(result))))
    assert "国家" in said
    assert "national" not in said
    assert "district_plan" not in said


@pytest.mark.parametrize(
    ("value", "decimals", "plain", "signed"),
    [
        (-0.001, 2, "0.00", "0.00"), (0.0, 0, "0", "0"), (-0.0, 2, "0.00", "0.00"),
        (1234.5, 0, "1,235", "+1,235"), (-1234.5, 0, "−1,235", "−1,235"),
        (0.005, 2, "0.01", "+0.01"),
    ],
)  # fmt: skip
def test_digits_and_signs(value: float, decimals: int, plain: str, signed: str) -> None:
    assert units.written(value, decimals) == plain
    assert units.written(value, decimals, signed=True) == signed


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [(0.004, 2, 3), (-0.0004, 2, 4), (0.005, 2, 2), (5.0, 0, 0), (0.0, 2, 2), (1e-12, 2, 2),
     (1e-9, 2, 9), (float("nan"), 2, 2)],
)  # fmt: skip
def test_digits_enough_that_something_is_not_nothing(
    value: float, decimals: int, expected: int
) -> None:
    assert units.telling(value, decimals) == expected


def test_money_in_a_sentence() -> None:
    assert units.with_unit(-793.14, "10k_yuan", "zh") == "−793.14 万元"
    assert units.with_unit(-793.14, "10k_yuan", "en") == "−7,931,400 yuan"
    assert units.amount("1,234.5678", "10k_yuan", "en") == "12,345,678 yuan"
    assert units.amount("0.00005", "10k_yuan", "en") == "0.5 yuan"
    assert units.amount("+5", "10k_yuan", "en") == "+50,000 yuan"
    assert units.amount("5", "yuan", "en") == "5 yuan"


def _nearly_kept() -> Result:
    """Training planned at 4.9999999% of operating funds: broken by a few thousandths of a yuan."""
    levers = {"training_share": 0.04999998}
    scenario = building.scenario_of(policy=["national"], levers=levers)
    return sim.simulate(building.district_of([building.school("A")]), scenario)


def test_a_rule_that_is_broken_by_a_hair_is_not_short_of_nought() -> None:
    result = _nearly_kept()
    checks = result.checks
    row = checks[(checks["rule"] == "training_5") & (checks["year"] == 2027)].iloc[0]
    assert row["status"] == "fail"
    assert -0.005 < row["headroom"] < 0
    found = table(result, "rules", "en", "yuan")
    line = next(each for each in found.records() if each["rule_id"] == "training_5")
    column = next(each for each in found.columns if each.id == "headroom")
    text = found.text(column, line)
    assert text.startswith("−0.00")
    assert float(text.split()[0].replace("−", "-")) == pytest.approx(row["headroom"], rel=0.2)
    assert "−0.00 " not in text
    assert "-0.00," not in csv_text(found)
    told = _of_sections(sections(Teller(result, "en")))
    sentence = next(each for each in told if "5% for training" in each and "missing" in each)
    assert " 0 yuan is missing" not in sentence
    assert " 0.00 yuan is missing" not in sentence


def test_a_lever_that_is_not_set_is_said_to_be_so_by_its_name() -> None:
    result = sim.simulate(sim.sample_district(), sim.load_scenario(SHIPPED / "baseline.yaml"))
    trace = result.explain("operating_rate", None, "primary", 2027)
    lines = [line for line in lines_of(trace, "en", 9) if line.trace.kind == "lever"]
    unset = [line for line in lines if line.value != line.value]
    assert unset
    assert {value_text(line, "en") for line in unset} == {"not set"}
    assert all(line.source.startswith("scenario: ") for line in lines)
    assert not any("levers." in line.source for line in lines)
    data = next(line for line in lines_of(trace, "en", 9) if line.trace.origin)
    assert value_text(replace(data, value=float("nan")), "en") == "not computable"
