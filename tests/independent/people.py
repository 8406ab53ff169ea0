"""Pupils, grades and classes by year: unrounded on their way, whole persons where shown."""

from __future__ import annotations

import numpy as np

from tests.independent.book import (
    STAGES,
    Array,
    cascade,
    div,
    first_known,
    pick,
    round_up,
)
from tests.independent.town import Town, yearly


class People:
    """Pupils of every part, year by year: unrounded on their way, whole persons where shown."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.growth = town.assumed["pupils"]
        self.method = self.growth["method"]
        self.file = town.by_stage("primary_pupils", "junior_pupils", "special_pupils")
        self.prior = town.by_stage(
            "primary_pupils_prior", "junior_pupils_prior", "special_pupils_prior"
        )
        grades = self._file_grades()
        self.grades0 = np.where((self.file == 0)[:, np.newaxis], 0.0, grades)
        self.exact = {0: self.file}
        self.exact_grades = {0: self.grades0}
        self.order = [
            sorted((p for p in range(len(town.parts)) if town.stage[p] == k), key=self._code)
            for k in range(3)
        ]
        if self.method == "cohort":
            self._cohort()

    def _code(self, part: int) -> str:
        return self.town.parts[part][0]

    def _file_grades(self) -> Array:
        """(part, year of study): 0 beyond a stage's years; unknown where not given."""
        town = self.town
        found = np.full((len(town.parts), 6), np.nan)
        for k, columns in enumerate(town.grade_columns):
            here = town.stage == k
            for place in range(6):
                if place < len(columns):
                    found[here, place] = town.column(f"grade_{columns[place]}")[town.school[here]]
                else:
                    found[here, place] = 0.0
        return found

    def year(self, t: int) -> tuple[Array, Array]:
        """Whole pupils by part, and by year of study, in one year; writes down the exact ones.

        The base year is the file's; in a school without pupils nobody is in any year of study.
        """
        if t == 0:
            return self.file, self.grades0
        if self.method == "table":
            self._from_table(t)
        elif self.method == "growth":
            self._grown(t, np.ones(len(self.town.parts)))
        else:
            self._grown(t, (self.town.stage == 2).astype(float))
        return self._whole(t)

    def _grown(self, t: int, who: Array) -> None:
        town = self.town
        rates = np.array(
            [1 + yearly(self.growth.get(stage), town.years, 0.0)[t - 1] for stage in STAGES]
        )[town.stage]
        before = town.carry_parts(self.exact[t - 1], t, "pupils")
        last = self.exact_grades[t - 1]
        moved = np.array([town.carry_parts(last[:, g], t, "pupils") for g in range(6)]).T
        kept = who == 1
        self.exact[t] = np.where(kept, before * rates, self.exact.get(t, before))
        known = self.exact_grades.get(t, moved)
        grades = np.where(kept[:, None], moved * rates[:, None], known)
        self.exact_grades[t] = np.where((self.exact[t] == 0)[:, None], 0.0, grades)

    def _from_table(self, t: int) -> None:
        """The user's own count; the years of study keep the shares they had."""
        town = self.town
        rows = {
            (row["school"], row["stage"]): row["pupils"]
            for row in self.growth["table"]
            if row["year"] == town.base + t
        }
        self.exact[t] = np.array([float(rows[part]) for part in town.parts])
        last = self.exact_grades[t - 1]
        moved = np.array([town.carry_parts(last[:, g], t, "pupils") for g in range(6)]).T
        before = town.carry_parts(self.exact[t - 1], t, "pupils")
        scaled = moved * div(self.exact[t], before)[:, None]
        self.exact_grades[t] = np.where((self.exact[t] == 0)[:, None], 0.0, scaled)

    def _whole(self, t: int) -> tuple[Array, Array]:
        """Whole persons: running sums over schools by code and over grades, rounded."""
        pupils, grades = self.exact[t].copy(), self.exact_grades[t].copy()
        for k, parts in enumerate(self.order):
            steps: list[tuple[int, int]] = []
            amounts: list[float] = []
            for part in parts:
                # from a year of study on that is not known, only the school's total goes on
                gap = np.flatnonzero(np.isnan(grades[part]))
                count = 0 if k == 2 or np.isnan(pupils[part]) else gap[0] if len(gap) else 6
                rest = pupils[part] - grades[part, :count].sum()
                for g in (*range(count), -1):
                    steps.append((part, g))
                    amounts.append(grades[part, g] if g >= 0 else rest)
            whole = cascade(amounts)
            heads = dict.fromkeys(parts, 0.0)
            for (part, g), value in zip(steps, whole, strict=True):
                heads[part] += value
                if g >= 0:
                    grades[part, g] = value
            for part, value in heads.items():
                pupils[part] = value
        return pupils, self._no_parts_of_persons(grades, pupils)

    def _no_parts_of_persons(self, grades: Array, pupils: Array) -> Array:
        """After a year of study that is not known none is whole, save those with nobody.

        Of a school whose pupils are not known there is nothing to hand down.
        """
        last = [len(self.town.grade_columns[k]) if k < 2 else 6 for k in self.town.stage]
        beyond = np.arange(6) >= np.array(last)[:, np.newaxis]
        gap = np.maximum.accumulate(np.isnan(grades), axis=1) & (grades != 0)
        return np.where(gap | (np.isnan(pupils)[:, np.newaxis] & ~beyond), np.nan, grades)

    def group(self, path: Array, pupils: Array) -> Array:
        """Whole persons of a group, handed down as pupils are; never more than there are pupils."""
        found = path.copy()
        for parts in self.order:
            for part, value in zip(parts, cascade([path[part] for part in parts]), strict=True):
                found[part] = value
        return np.where(pupils == 0, 0.0, np.minimum(found, pupils))

    def _cohort(self) -> None:
        """Grades move up; who is new shares out as the first grades do; all may move school."""
        town, rates = self.town, self._rates()
        intake = self._intake()
        columns = [list(each) for each in town.grade_columns]
        now = np.nan_to_num(self.grades0) * (town.stage < 2)[:, None]
        share = np.zeros(len(town.parts))
        for k in range(2):
            here = town.stage == k
            if now[here, 0].sum() > 0:
                share[here] = now[here, 0] / now[here, 0].sum()
        for t in range(1, town.years + 1):
            after = np.zeros_like(now)
            up = now[town.stage == 0, len(columns[0]) - 1].sum() * rates[columns[0][-1]]
            share = town.carry_parts(share, t, "pupils")
            for k in range(2):
                here = town.stage == k
                new = intake[k][t - 1] if intake[k] else up
                after[here, 0] = new * share[here]
                for place in range(1, len(columns[k])):
                    rate = rates[columns[k][place - 1]]
                    moved = town.carry_parts(now[:, place - 1] * rate, t, "pupils")
                    after[here, place] = moved[here]
            now = after
            special = town.stage == 2
            self.exact[t] = np.where(special, np.nan, now.sum(axis=1))
            self.exact_grades[t] = np.where(special[:, None], np.nan, now)

    def _rates(self) -> dict[int, float]:
        said = self.growth.get("progression", 1.0)
        return said if isinstance(said, dict) else dict.fromkeys(range(1, 9), float(said))

    def _intake(self) -> list[list[float]]:
        """New pupils of both stages by year; none of a stage whose pupils come from the other."""
        said, years = self.growth["intake"], self.town.years
        sign = {"high": 1, "low": -1}.get(self.growth.get("variant", "middle"), 0)
        factor = 1 + sign * self.growth.get("spread", 0.05)
        how = said.get("method", "given")
        found = [yearly(said[stage], years, 0.0) if stage in said else [] for stage in STAGES[:2]]
        survival = yearly(said.get("survival"), years, 1.0)
        coming = yearly(said.get("in_migration"), years, 1.0)
        if how == "births":
            born = said["births"]
            found[0] = [
                (born[self.town.base + t - 7] + 2 * born[self.town.base + t - 6]) / 3
                for t in range(1, years + 1)
            ]
        elif how == "kindergarten":
            found[0] = [said["kindergarten"][g] for g in ("top", "middle", "small")][:years]
        if how != "given":
            found[0] = [n * s * m for n, s, m in zip(found[0], survival, coming, strict=True)]
        return [[value * factor for value in values] for values in found]


def write_people(town: Town, people: People, t: int) -> None:
    """Pupils, averages, groups of pupils and classes of a year."""
    book = town.book
    if t == 0:
        book.put("pupils", -1, people.prior)
        _write_groups(town, people, -1)
    whole, grades = people.year(t)
    pupils = book.put("pupils", t, whole)
    for g in range(6):
        book.put(f"grade_pupils_{g + 1}", t, grades[:, g])
        path = np.where(np.isnan(pupils), grades[:, g], people.exact_grades[t][:, g])
        book.put(f"grade_path_{g + 1}", t, path)
    last = book.put("pupils_last_year", t, town.carry_parts(book.at("pupils", t - 1), t, "pupils"))
    older = book.at("pupils_last_year", t - 1) if t > 0 else np.full(len(last), np.nan)
    book.put("pupils_two_years_ago", t, town.carry_parts(older, t, "pupils"))
    opening, closing = (town.rule(f"pupil_average_{end}", t) for end in ("opening", "closing"))
    average = (opening * last + closing * pupils) / (opening + closing)
    average = book.put("average_pupils", t, average)
    book.put("stage_pupils", t, town.to_stages(pupils))
    book.put("stage_average_pupils", t, town.to_stages(average))
    book.put("district_average_pupils", t, average.sum())
    base = people.file if t == 0 else town.carry_parts(book.at("base_pupils", t - 1), t, "pupils")
    base = book.put("base_pupils", t, base)
    _write_groups(town, people, t)
    _classes(town, t)


#: Groups of pupils: their columns of the base year and of the autumn before it.
GROUPS = {
    "boarders": (("primary_boarders", "junior_boarders"),
                 ("primary_boarders_prior", "junior_boarders_prior")),
    "mainstreamed": (("mainstreamed_primary", "mainstreamed_junior"),
                     ("mainstreamed_primary_prior", "mainstreamed_junior_prior")),
    "aided_boarders": (("aided_primary_boarder", "aided_junior_boarder"), ()),
    "aided_day": (("aided_primary_day", "aided_junior_day"), ()),
}  # fmt: skip


def _write_groups(town: Town, people: People, t: int) -> None:
    """Whole persons of each group: as counted, else the base year's share of the unrounded pupils.

    The page keeps every figure to the unrounded path, so a group follows that too.
    """
    book = town.book
    pupils = book.at("pupils", t)
    base = people.file if t < 0 else book.at("base_pupils", t)
    path = people.prior if t < 0 else people.exact[t]
    book.put("pupils_path", t, path)
    index = book.put("pupil_index", t, pick(base, div(path, base), 1.0))
    for name, (columns, prior) in GROUPS.items():
        counted = town.by_stage(*columns)
        if t > 0:
            counted = town.carry_parts(book.at(f"counted_{name}", t - 1), t, "pupils")
        counted = book.put(f"counted_{name}", t, counted)
        exact = counted * index
        if t < 0 and prior:
            given = np.where(town.stage < 2, town.by_stage(*prior), np.nan)
            exact = first_known(given, exact)
        book.put(f"{name}_path", t, exact)
        book.put(name, t, people.group(exact, pupils))
        if not prior:
            continue
        before = np.full(len(pupils), np.nan)
        if t >= 0:
            before = town.carry_parts(book.at(name, t - 1), t, "pupils")
        older = before * np.nan
        if t > 0:
            older = town.carry_parts(book.at(f"{name}_last_year", t - 1), t, "pupils")
        book.put(f"{name}_last_year", t, before)
        book.put(f"{name}_two_years_ago", t, older)


def _classes(town: Town, t: int) -> None:
    book = town.book
    law = town.rules("class_cap", t)
    asked = np.array([town.levers.get("class_cap", {}).get(k, np.nan) for k in STAGES])
    # the base year is the file's: no lever moves it
    cap = book.put("class_size", t, first_known(asked, law) if t > 0 else law)
    sizes = town.of_stage(cap)
    by_grade = sum(round_up(div(book.at(f"grade_pupils_{g}", t), sizes)) for g in range(1, 7))
    by_grade = book.put("classes_by_grade", t, by_grade)
    needed = first_known(by_grade, round_up(div(book.at("pupils", t), sizes)))
    counted = town.by_stage("primary_classes", "junior_classes", "special_classes")
    book.put("classes", t, needed if t > 0 else first_known(counted, needed))
    largest = sizes if t > 0 else town.by_stage("largest_class_primary", "largest_class_junior")
    # what is judged is the largest class there is: as counted, then as large as is planned for
    largest = book.put("largest_class", t, np.where(town.ordinary == 1, largest, 0.0))
    most = [largest[town.stage == k].max() if (town.stage == k).any() else np.nan for k in range(3)]
    book.put("stage_largest_class", t, most)
