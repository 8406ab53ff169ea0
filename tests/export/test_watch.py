"""The live workbook notices a change of a thousand-millionth, and no noise of float64."""

from __future__ import annotations

import io
import re

import openpyxl

import simulator as sim
from simulator.formats.live_workbook import workbook_bytes
from tests import building

TEST = re.compile(r"ABS\((.+?)-\(?(-?[\d.E+]+)\)?\)<=([\d.E+-]+),1,0")


def test_a_value_stands_within_a_thousand_millionth() -> None:
    """Each test allows a thousand-millionth of what it compares with, of one at least."""
    levers = {"operating_pot": {"rule": "level_up", "amount": 500_000}}
    scenario = building.scenario_of(policy=["national"], levers=levers)
    rows = [building.school("A"), building.school("B", primary_pupils=333)]
    result = sim.simulate(building.district_of(rows), scenario)
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(result, "en")))
    formulas = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row
                if isinstance(cell.value, str) and "ABS(" in cell.value]  # fmt: skip
    seen = [(float(then), float(most)) for text in formulas for _, then, most in TEST.findall(text)]
    assert len(seen) > 5
    assert max(then for then, _ in seen) > 1_000
    for then, most in seen:
        assert 0.99e-9 <= most / max(1.0, abs(then)) <= 1.01e-9
