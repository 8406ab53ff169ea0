from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from simulator.district.model import District
from simulator.district.pupils.cohort import STUDY_YEARS, project_cohort
from simulator.district.pupils.intake import intake_from_births
from simulator.district.pupils.projection import project_table, projected_pupils, residual
from simulator.district.sample import sample_district
from simulator.errors import JunhengError

YEARS = (2026, 2027, 2028)
INTAKE = {"primary": (3_000.0, 2_800.0, 2_600.0)}
#: Births in China, 万, as published (POLICY §6.2).
BIRTHS = {
    2016: 1_786, 2017: 1_723, 2018: 1_523, 2019: 1_465, 2020: 1_200, 2021: 1_062, 2022: 956,
    2023: 902, 2024: 954, 2025: 792,
}  # fmt: skip


@pytest.fixture(scope="module")
def sample() -> District:
    return sample_district()


def test_grades_move_up_one_year_at_a_time(sample: District) -> None:
    found = project_cohort(sample, YEARS, 1.0, INTAKE)
    school = sample.schools.loc["9900001"]
    now = found.loc[(2026, "9900001", "primary")]
    assert [now[f"grade_{g + 1}"] for g in range(1, 6)] == [
        school[f"grade_{g}"] for g in range(1, 6)
    ]
    last = found.loc[(2028, "9900001", "primary")]
    assert last["grade_6"] == school["grade_3"]
    junior = found.loc[(2027, "9900033", "junior")]
    assert junior["grade_3"] == sample.schools.loc["9900033", "grade_7"]


def test_the_intake_is_shared_as_the_first_grade_is_now(sample: District) -> None:
    found = project_cohort(sample, YEARS, 0.99, INTAKE)
    first = found.xs("primary", level="stage")["grade_1"].groupby("year").sum()
    assert first.to_list() == pytest.approx(list(INTAKE["primary"]))
    share = sample.schools["grade_1"] / sample.schools["grade_1"].sum()
    got = found.loc[(2027, "9900005", "primary"), "grade_1"]
    assert got == pytest.approx(2_800 * share["9900005"])


def test_without_a_junior_intake_grade_six_moves_to_junior_schools(sample: District) -> None:
    found = project_cohort(sample, YEARS, 0.99, INTAKE)
    entering = found.xs("junior", level="stage")["grade_1"].groupby("year").sum()
    # the sixth grades of 2025, 2026, 2027 are today's grades 6, 5, 4, each 0.99 a year
    sums = sample.schools[["grade_6", "grade_5", "grade_4"]].sum().to_numpy()
    assert entering.to_list() == pytest.approx(list(sums * 0.99 ** np.array([1, 2, 3])))


def test_the_books_balance_every_year(sample: District) -> None:
    found = project_cohort(sample, YEARS, 1.0, INTAKE)
    totals = found.groupby(["stage", "year"])[["pupils", "grade_1"]].sum()
    before = float(sample.schools["primary_pupils"].sum())
    leaving = sample.schools[["grade_6", "grade_5", "grade_4"]].sum().to_numpy()
    for year, graduates in zip(YEARS, leaving, strict=True):
        now = totals.loc[("primary", year)]
        assert residual(now["pupils"], before, graduates, now["grade_1"]) == pytest.approx(0)
        before = float(now["pupils"])


def test_pupils_are_the_sum_of_their_grades(sample: District) -> None:
    found = project_cohort(sample, YEARS, {g: 0.97 + g / 200 for g in range(1, 9)}, INTAKE)
    assert found["pupils"].to_numpy() == pytest.approx(found[list(STUDY_YEARS)].sum(axis=1))
    assert found.index.names == ["year", "school_id", "stage"]
    assert (found.xs("junior", level="stage")[["grade_4", "grade_5", "grade_6"]] == 0).all(
        axis=None
    )


@pytest.mark.parametrize(
    ("years", "progression", "intake", "code"),
    [
        ((2027, 2028), 1.0, INTAKE, "cohort_years"),
        ((), 1.0, INTAKE, "cohort_years"),
        (YEARS, 1.0, {}, "cohort_intake"),
        (YEARS, 1.0, {"primary": (1.0, 2.0)}, "cohort_intake"),
        (YEARS, 1.0, {"primary": (1.0, -2.0, 3.0)}, "cohort_intake"),
        (YEARS, -0.5, INTAKE, "cohort_rate"),
        (YEARS, {1: 1.0}, INTAKE, "cohort_rate"),
    ],
)
def test_what_is_missing_for_cohorts_is_said(
    sample: District, years: tuple[int, ...], progression: float, intake: dict, code: str
) -> None:
    with pytest.raises(JunhengError) as caught:
        project_cohort(sample, years, progression, intake)
    assert caught.value.code == code
    assert caught.value.text("zh") and caught.value.text("en")


def test_schools_without_grades_are_named(sample: District) -> None:
    schools = sample.schools.copy()
    schools.loc["9900002", "grade_3"] = np.nan
    with pytest.raises(JunhengError) as caught:
        project_cohort(dataclasses.replace(sample, schools=schools), YEARS, 1.0, INTAKE)
    assert "望湖小学" in caught.value.text("zh")


def _table(district: District, years: tuple[int, ...]) -> pd.DataFrame:
    stages = {"primary": "primary_pupils", "junior": "junior_pupils", "special": "special_pupils"}
    rows = [
        (year, school, stage, row[field] * (1 + (year - 2025) / 100))
        for year in years
        for school, row in district.schools.iterrows()
        for stage, field in stages.items()
        if row[field] > 0
    ]
    return pd.DataFrame(rows, columns=["year", "school_id", "stage", "pupils"])


def test_a_table_is_taken_as_it_is(sample: District) -> None:
    table = _table(sample, YEARS).sample(frac=1, random_state=7)
    found = project_table(sample, table, YEARS)
    assert found.loc[(2027, "9900048", "special"), "pupils"] == pytest.approx(132 * 1.02)
    assert found["pupils"].sum() == pytest.approx(table["pupils"].sum())
    assert found["grade_1"].isna().all()


def test_a_table_may_be_indexed_and_have_further_years(sample: District) -> None:
    table = _table(sample, (2025, *YEARS)).set_index(["year", "school_id", "stage"])
    assert len(project_table(sample, table, YEARS)) == 3 * (len(table) // 4)


def _edit(table: pd.DataFrame, what: str) -> pd.DataFrame:
    changed = table.astype({"pupils": object})
    if what == "pupils_table_school":
        changed.loc[0, "school_id"] = "nowhere"
    if what == "pupils_table_missing":
        changed = changed.drop(index=5)
    if what == "pupils_table_twice":
        changed = pd.concat([changed, changed.iloc[[3]]])
    if what == "pupils_table_count":
        changed.loc[4, "pupils"] = -1
    if what == "pupils_table_column":
        changed = changed.drop(columns="pupils")
    if what == "pupils_table_stage":
        changed = changed.drop(columns="stage")
    return changed


@pytest.mark.parametrize(
    "code",
    [
        "pupils_table_school",
        "pupils_table_missing",
        "pupils_table_twice",
        "pupils_table_count",
        "pupils_table_column",
        "pupils_table_stage",
    ],
)
def test_a_table_that_does_not_fit_is_refused(sample: District, code: str) -> None:
    with pytest.raises(JunhengError) as caught:
        project_table(sample, _edit(_table(sample, YEARS), code), YEARS)
    assert caught.value.code == code
    assert caught.value.text("zh") and caught.value.text("en")


def test_the_national_books_of_2025() -> None:
    # POLICY T9, 万: primary 10,584.4 − 1,860.5 + 1,461.7 = 10,185.6 against 10,178.3 reported;
    # junior 5,386.2 − 1,723.7 + 1,852.8 = 5,515.3 against 5,509.3
    assert residual(10_178.3, 10_584.4, 1_860.5, 1_461.7) == pytest.approx(-7.3)
    assert residual(5_509.3, 5_386.2, 1_723.7, 1_852.8) == pytest.approx(-6.0)


@pytest.mark.parametrize(
    ("year", "expected"),
    # POLICY §6.2: a third of the births of seven years before, two thirds of six years before
    [(2024, 1_590), (2025, 1_484), (2026, 1_288), (2027, 1_108), (2028, 991), (2029, 920),
     (2030, 937), (2031, 846)],
)  # fmt: skip
def test_intakes_follow_births(year: int, expected: float) -> None:
    assert intake_from_births(BIRTHS, year) == pytest.approx(expected, abs=0.7)


def test_births_that_are_missing_are_named() -> None:
    with pytest.raises(JunhengError) as caught:
        intake_from_births(BIRTHS, 2033)
    assert caught.value.text("zh") == "推算 2033 年入学人数缺少 2026 年出生人数。"


@dataclasses.dataclass(frozen=True)
class Saying:
    """A scenario as far as pupils go."""

    said: dict
    horizon: int = 3

    def get(self, path: str) -> object:
        return self.said.get(path.removeprefix("assumptions.pupils."))


def test_a_scenario_by_growth_projects_nothing_itself(sample: District) -> None:
    assert projected_pupils(sample, Saying({})) is None
    assert projected_pupils(sample, Saying({"method": "growth"})) is None


def test_a_scenario_by_cohorts(sample: District) -> None:
    said = {"method": "cohort", "progression": 0.99, "intake.primary": (3_000, 2_800, 2_600)}
    pd.testing.assert_frame_equal(
        projected_pupils(sample, Saying(said)), project_cohort(sample, YEARS, 0.99, INTAKE)
    )
    level = projected_pupils(sample, Saying({"method": "cohort", "intake.primary": 3_000}))
    assert level is not None
    first = level.xs("primary", level="stage")["grade_1"].groupby("year").sum()
    assert first.to_list() == pytest.approx([3_000] * 3)
    with pytest.raises(JunhengError):
        projected_pupils(sample, Saying({"method": "cohort"}))


def test_a_scenario_by_a_table(sample: District) -> None:
    table = _table(sample, YEARS)
    rows = table.rename(columns={"school_id": "school"}).to_dict("records")
    found = projected_pupils(sample, Saying({"method": "table", "table": rows}))
    pd.testing.assert_frame_equal(found, project_table(sample, table, YEARS))
    with pytest.raises(JunhengError):
        projected_pupils(sample, Saying({"method": "table"}))
