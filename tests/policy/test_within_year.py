"""Values that begin within a year: by months where the unit is a year's amount, or told."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.policy.load import load_policy
from simulator.policy.model import Policy

CITE = "cites: {document: 区发〔2026〕1号, article: 第一条, title_zh: 办法, title_en: Measures}"


def made(folder: Path, unit: str, *dated: tuple[str, float], name: str = "rate") -> Policy:
    """A policy of one floor with dated values in a unit."""
    (folder / "county").mkdir()
    rows = ", ".join(f"{{from: {day}, value: {value}, {CITE}}}" for day, value in dated)
    text = f"{name}: {{unit: {unit}, zh: 数, en: Sum, bound: floor, values: [{rows}]}}\n"
    (folder / "county" / "made.yaml").write_text(text, encoding="utf-8")
    return load_policy(["county"], [folder])


def amounts(policy: Policy, *years: int, name: str = "rate") -> list[float | None]:
    found = [policy.value(name, year) for year in years]
    return [each.amount if each else None for each in found]


@pytest.mark.parametrize("unit", ["yuan_per_pupil", "yuan_per_person"])
def test_a_years_amount_from_september_counts_by_its_months(tmp_path: Path, unit: str) -> None:
    policy = made(tmp_path, unit, ("2020-01-01", 600), ("2024-09-01", 900))
    # 8 months of 600 and 4 months of 900
    assert amounts(policy, 2023, 2024, 2025) == [600, pytest.approx(700), 900]
    value = policy.value("rate", 2024)
    assert value is not None and value.months == 4
    announced = policy.announced("rate", 2024)
    assert announced is not None and (announced.amount, announced.months) == (900, 12)


def test_the_first_value_counts_from_its_first_month(tmp_path: Path) -> None:
    policy = made(tmp_path, "yuan_per_pupil", ("2019-09-01", 1200))
    assert amounts(policy, 2018, 2019, 2020) == [None, pytest.approx(400), 1200]


@pytest.mark.parametrize(
    ("day", "amount", "months", "by_months"),
    [
        ("2024-01-01", 900, None, None),  # begins with the year: nothing to tell
        ("2024-03-01", 900, 12, False),  # the spring term opens the year
        ("2024-03-02", 600 + 300 * 10 / 12, 10, True),
        ("2024-09-30", 700, 4, True),
        ("2024-12-31", 625, 1, True),
    ],
)
def test_the_month_in_which_it_begins_is_the_first_that_counts(
    tmp_path: Path, day: str, amount: float, months: int | None, by_months: bool | None
) -> None:
    policy = made(tmp_path, "yuan_per_pupil", ("2020-01-01", 600), (day, 900))
    assert amounts(policy, 2024) == [pytest.approx(amount)]
    told = [(each.months, each.by_months) for each in policy.begun_within(2024)]
    assert told == ([] if months is None else [(months, by_months)])
    assert policy.begun_within(2023) == policy.begun_within(2025) == []


@pytest.mark.parametrize("unit", ["share", "pupil", "yuan_per_m2", "ratio"])
def test_what_is_no_years_amount_holds_for_the_whole_year_and_is_told(
    tmp_path: Path, unit: str
) -> None:
    policy = made(tmp_path, unit, ("2020-01-01", 0.1), ("2024-09-01", 0.4))
    assert amounts(policy, 2023, 2024, 2025) == [0.1, 0.4, 0.4]
    assert [(each.months, each.by_months) for each in policy.begun_within(2024)] == [(4, False)]


def test_a_standard_of_what_stands_at_schools_is_no_years_amount(tmp_path: Path) -> None:
    name = "standard_equipment_value"
    dated = (("2020-01-01", 1000.0), ("2024-09-01", 4000.0))
    policy = made(tmp_path, "yuan_per_pupil", *dated, name=name)
    assert amounts(policy, 2024, name=name) == [4000]


def test_two_values_within_one_year(tmp_path: Path) -> None:
    days = (("2020-01-01", 600.0), ("2024-07-01", 1200.0), ("2024-11-01", 2400.0))
    policy = made(tmp_path, "yuan_per_pupil", *days)
    # 6 months of 600, 4 of 1,200 and 2 of 2,400
    assert amounts(policy, 2024) == [pytest.approx(300 + 400 + 400)]
    assert [each.months for each in policy.begun_within(2024)] == [6, 2]


def test_the_law_stays_in_force_in_the_months_before_a_plan(tmp_path: Path) -> None:
    (tmp_path / "plan").mkdir()
    row = f"{{from: 2024-09-01, value: 1200, {CITE}}}"
    text = f"rate: {{unit: yuan_per_pupil, zh: 数, en: Sum, bound: floor, values: [{row}]}}\n"
    (tmp_path / "plan" / "made.yaml").write_text(text, encoding="utf-8")
    made(tmp_path, "yuan_per_pupil", ("2020-01-01", 600))
    policy = load_policy(["county", "plan"], [tmp_path])
    assert amounts(policy, 2024) == [pytest.approx(800)]
    assert policy.looser_than_law(2024) == []
