"""Levers that are tables stand in the table of levers in words, and money has its unit."""

from __future__ import annotations

from typing import Any

import pytest

import simulator as sim
from simulator.present.tables.catalogue import table
from simulator.results.result import Result
from tests.building import district_of, scenario_of, school

SAID: dict[str, Any] = {
    "policy": ["national"],
    "assumptions": {"schools": {
        "moves": [{"year": 2027, "school": "A", "into": "N", "share": 0.25, "takes": "staff"}],
        "new": [{"school": "N", "name": "新校", "type": "primary", "area": "urban"}],
        "opens_with": [{"school": "N", "item": "books", "amount": 5000}],
    }},
    "levers": {
        "rotation": [{"school": "A", "stage": "primary", "year": 2026, "kind": "backbone",
                      "teachers": -1}],
        "investment": {
            "books": {"rule": "list", "plan": [
                {"school": "B", "stage": "primary", "year": 2026, "amount": 20000}]},
            "computers": {"rule": "per_pupil", "amount": 2_000_000},
        },
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def result() -> Result:
    return sim.simulate(district_of([school("A"), school("B")]), scenario_of(**SAID))


@pytest.mark.parametrize(
    ("path", "zh", "en"),
    [
        ("assumptions.schools.moves", "2027 · School A · 新校 · 25.00% · 教职工和可移动设备",
         "2027 · School A · 新校 · 25.00% · staff and equipment"),
        ("assumptions.schools.new", "新校 · 新校 · 小学 · 城区",
         "新校 · 新校 · Primary school · Urban"),
        ("assumptions.schools.opens_with", "新校 · 图书 · 5,000", "新校 · Books · 5,000"),
        ("levers.rotation", "School A · 小学 · 2026 · 县级以上骨干教师数 · −1",
         "School A · Primary · 2026 · Backbone teachers · −1"),
        ("levers.investment.books.plan", "School B · 小学 · 2026 · 20,000",
         "School B · Primary · 2026 · 20,000"),
        ("levers.investment.computers.amount", "200.00 万元", "2,000,000 yuan"),
    ],
)  # fmt: skip
def test_a_table_of_rows_is_told_in_words(result: Result, path: str, zh: str, en: str) -> None:
    for language, expected in (("zh", zh), ("en", en)):
        rows = table(result, "levers", language).rows.set_index("path")["value"]
        assert rows[path] == expected


def test_long_tables_are_counted() -> None:
    rows = [{"school": each, "stage": "primary", "year": year, "pupils": 190}
            for each in "AB" for year in range(2026, 2033)]  # fmt: skip
    said = scenario_of(horizon=7, policy=[], assumptions={
        "pupils": {"method": "table", "table": rows}})  # fmt: skip
    found = sim.simulate(district_of([school("A"), school("B")]), said)
    shown = table(found, "levers", "zh").rows.set_index("path")["value"]
    assert shown["assumptions.pupils.table"] == "14 行"
