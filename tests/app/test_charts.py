"""Charts of money: as many lines as one likes, and titles that name the worst year."""

from __future__ import annotations

import pytest

from simulator.formats.docx.charts import money_chart
from simulator.present.brief_parts import Teller
from simulator.present.table import Printer
from simulator.results.simulate import simulate
from simulator.ui import charts
from tests import building


def _result(gaps: list[float]):  # type: ignore[no-untyped-def]
    """Three planned years that are left with these yuan."""
    rows = [building.school("A")]
    held = simulate(building.district_of(rows), building.scenario_of(policy=["national"]))
    values = [
        float(held.at("need", y)[0]) + g for y, g in zip(held.index.years[2:], gaps, strict=True)
    ]
    levers = {"appropriation": {"rule": "series", "values": values}}
    return simulate(held.binding.district, building.scenario_of(policy=["national"], levers=levers))


@pytest.mark.parametrize(
    ("gaps", "title"),
    [
        ([-5e4, -9e4, -2e4], "Not enough: 90,000 yuan short in 2027, the worst year"),
        ([5e4, 9e4, 2e4], "Enough every year: 20,000 yuan left in 2028, the tightest"),
        ([5e4, -9e4, 2e4], "Not enough: 90,000 yuan short in 2027, the worst year"),
        ([-8e4, 9e4, 2e4], "Not enough: 80,000 yuan short in 2026, the worst year"),
    ],
)
def test_the_title_names_the_worst_year(gaps: list[float], title: str) -> None:
    """By hand: the year with the least left is the worst, wherever it stands."""
    result = _result(gaps)
    for money in ("10k_yuan", "yuan"):
        printer = Printer(result, "en", money)  # type: ignore[arg-type]
        assert charts.money(result, printer).title == title


def test_a_chart_of_money_takes_any_number_of_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    result = _result([1e4, 1e4, 1e4])
    many = (*charts.NEED_LINES, "need", *charts.NEED_LINES[:2])
    monkeypatch.setattr(charts, "NEED_LINES", many)
    monkeypatch.setattr(charts, "say", lambda identifier, *_, **__: identifier)
    drawn = charts.money(result, Printer(result, "en"))
    bars = [each for each in drawn.figure.data if each.type == "bar"]
    looks = [(each.marker.color, each.marker.pattern.shape) for each in bars]
    assert len(bars) == 9
    assert len(set(looks)) == 9


def test_the_briefs_chart_takes_any_number_of_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    result = _result([1e4, 1e4, 1e4])
    many = ("payroll_total", "operating_total", "repair_total") * 4
    monkeypatch.setattr("simulator.formats.docx.charts.NEED_LINES", many)
    assert money_chart(Teller(result, "en")) is not None
