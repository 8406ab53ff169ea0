"""The table of own lines adds up in rows and columns, and ends in the money table's sum."""

from __future__ import annotations

import math
from typing import Any

import pytest

import simulator as sim
from simulator import units
from simulator.present.table import MoneyUnit, Printer
from simulator.present.tables.catalogue import table
from simulator.present.tables.lines import TOTAL, lines_table
from simulator.results.line_breakdown import line_names
from simulator.results.result import Result
from tests.building import district_of, scenario_of, school

LINES = {"id": "own", "zh": "本区公式", "en": "Our formula", "per_pupil": "headcount", "lines": [
    {"id": "a", "zh": "生均", "en": "Pupils", "counted": "headcount",
     "amount": 333.337, "cites": "试"},
    {"id": "b", "zh": "教师", "en": "Flat", "lump_sum": 1234.567, "cites": "试"},
]}  # fmt: skip
YEAR = 2026


def run(**levers: Any) -> Result:
    rows = [
        school(f"S{n}", ownership="public", primary_pupils=101 + 7 * n, primary_pupils_prior=101)
        for n in range(9)
    ]
    scenario = scenario_of(policy=["national"], lines=LINES, levers=levers)
    return sim.simulate(district_of(rows), scenario)


@pytest.mark.parametrize("money", ["yuan", "10k_yuan"])
@pytest.mark.parametrize("pot", [None, 700_000.4])
def test_rows_columns_and_pages_add_up(money: MoneyUnit, pot: float | None) -> None:
    levers = {"operating_pot": {"rule": "prorate", "amount": pot}} if pot else {}
    result = run(**levers)
    printer = Printer(result, "zh", money)
    records, names = lines_table(printer, YEAR).records(), line_names(result)
    schools, below = records[:9], records[9:]
    for record in schools:
        assert math.fsum(record[n] for n in names) == pytest.approx(record[TOTAL], abs=1e-9)
    for name in (*names, TOTAL):
        column = math.fsum(record[name] for record in schools)
        assert column == pytest.approx(below[0][name], abs=1e-9)
    printed = table(result, "money", "zh", money).rows.set_index("id")
    paid = printed.at["operating_total", str(YEAR)]
    assert below[-1][TOTAL] == paid
    # a pot pays otherwise than the lines ask: the difference is a line of the table
    assert len(below) == (3 if pot else 1)
    if pot:
        assert below[0][TOTAL] + below[1][TOTAL] == pytest.approx(paid, abs=1e-9)


def test_a_total_that_is_printed_already_is_met() -> None:
    # 0.4 + 0.4 + 0.4 = 1.2, printed as 1 or, where its own parts ask for it, as 2
    assert units.round_to_total([0.4, 0.4, 0.4], 0).tolist() == [1, 0, 0]
    assert units.round_to_total([0.4, 0.4, 0.4], 0, 2).tolist() == [1, 1, 0]
