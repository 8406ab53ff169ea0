"""Rules, balance and the verdict as tables, by the independent model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tests.independent.balance import BASIC, EVERY, QUALITY
from tests.independent.book import NOISE, STAGES
from tests.independent.town import Town

#: Each rule: whom it speaks of, what is there, what is asked, the room left, and whether
#: being equal breaks it.
RULES = {
    "growth_total": ("district", "appropriation", "growth_total_required",
                     "growth_total_headroom", True),
    "growth_per_pupil": ("stage", "growth_per_pupil_actual", "growth_per_pupil_required",
                         "growth_per_pupil_headroom", True),
    "growth_pay": ("district", "district_mean_pay", "growth_pay_required",
                   "growth_pay_headroom", True),
    "growth_operating": ("stage", "operating_per_average_pupil", "growth_operating_required",
                         "growth_operating_headroom", True),
    "no_fall_total": ("district", "appropriation", "appropriation_last_year",
                      "no_fall_total_headroom", False),
    "no_fall_per_pupil": ("district", "no_fall_per_pupil_actual", "no_fall_per_pupil_required",
                          "no_fall_per_pupil_headroom", False),
    "benchmark": ("stage", "ordinary_paid_lowest", "*operating_benchmark",
                  "ordinary_headroom", False),
    "boarding": ("district", "boarding_paid_lowest", "*boarding_benchmark",
                 "boarding_headroom", False),
    "special": ("district", "special_paid_lowest", "*special_benchmark",
                "special_headroom", False),
    "small_school": ("school", "small_school_actual", "small_school_required",
                     "small_school_headroom", False),
    "training_5": ("school", "school_training", "school_training_floor",
                   "school_training_headroom", False),
    "training_bureau": ("district", "bureau_training_counted", "bureau_training_floor",
                        "bureau_training_headroom", False),
    "repair": ("district", "repair_total", "repair_floor_total", "repair_headroom", False),
    "aid": ("stage", "stage_aid", "stage_aid_due", "aid_headroom", False),
    "class_size": ("stage", "stage_largest_class", "*class_cap", "class_size_headroom", False),
    "rotation": ("district", "rotation_share", "*rotation_floor", "rotation_headroom", False),
    "rotation_eligible": ("district", "eligible_rotation_share", "*rotation_eligible_floor",
                          "rotation_eligible_headroom", False),
    "posts": ("district", "staff_total", "authorised_total", "staff_headroom", False),
}  # fmt: skip
#: Rules that hold only where a pack has a value for them.
BY_LAW = {
    "benchmark": "operating_benchmark",
    "boarding": "boarding_benchmark",
    "special": "special_benchmark",
    "small_school": "small_school_floor",
    "training_5": "training_floor_share",
    "training_bureau": "bureau_training_floor_share",
    "repair": "repair_floor",
    "aid": "aid_benchmark",
    "class_size": "class_cap",
    "rotation": "rotation_floor",
    "rotation_eligible": "rotation_eligible_floor",
}
#: A rule of an optional column is judged only where the district's file has it.
BY_COLUMN = {"rotation_eligible": "rotation_eligible"}
#: Rules of pupils of a kind speak only where there are any; of an unknown number there may be.
SPEAKS = {
    "benchmark": "ordinary_entitled_total",
    "boarding": "boarding_entitled_total",
    "special": "special_entitled_total",
    "small_school": "small_school_applies",
}
#: The special stage has no standard, no benchmark, no aid and no class size of its own.
ORDINARY_ONLY = ("growth_per_pupil", "growth_operating", "benchmark", "class_size", "aid")
BY_STAGE = ("operating_benchmark", "class_cap", "repair_floor", "small_school_floor")
Row = dict[str, Any]


def status(actual: float, required: float, room: float, strict: bool) -> str:
    """Pass, fail or unknown: a strict rule is broken by equality, any other kept by it."""
    if np.isnan(room):
        return "unknown"
    equal = abs(actual - required) <= NOISE + NOISE * abs(required)
    good = room > 0 and not equal if strict else room >= 0 or equal
    return "pass" if good else "fail"


def all_of(flags: Sequence[bool | None]) -> bool | None:
    """True where all are, False where one is not, else not to be told."""
    if any(flag is False for flag in flags):
        return False
    return None if any(flag is None for flag in flags) else True


class Judge:
    """The tables of a district whose figures are all written down."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.has = [bool((town.stage == k).any()) for k in range(3)]

    def _law(self, name: str, t: int) -> Any:
        town = self.town
        if name == "aid_benchmark":
            return np.array([town.rule(name, t, f"{k}_boarder") for k in STAGES])
        return town.rules(name, t) if name in BY_STAGE else np.array([town.rule(name, t)])

    def _is_in_force(self, rule: str) -> bool:
        town, law, column = self.town, BY_LAW.get(rule), BY_COLUMN.get(rule)
        if column and not (column in town.table and town.table[column].notna().any()):
            return False
        years = range(town.years + 1)
        return not law or any(np.isfinite(self._law(law, t)).any() for t in years)

    def checks(self) -> dict[tuple[int, str, str], Row]:
        """Required, actual, headroom and status by year, rule and subject."""
        found: dict[tuple[int, str, str], Row] = {}
        for rule, (level, actual, required, room, strict) in RULES.items():
            if not self._is_in_force(rule):
                continue
            for t in range(self.town.years + 1):
                values = [self._seen(name, t) for name in (actual, required, room)]
                speaks = self.town.book.at(SPEAKS[rule], t) if rule in SPEAKS else None
                for place, subject in self._subjects(rule, level):
                    if speaks is not None and np.atleast_1d(speaks)[place] == 0:
                        continue
                    one = [float(np.atleast_1d(each)[place]) for each in values]
                    found[self.town.base + t, rule, subject] = {
                        "stage": subject if level == "stage" else None,
                        "school_id": subject if level == "school" else None,
                        "actual": one[0], "required": one[1], "headroom": one[2],
                        "status": status(*one, strict),
                    }  # fmt: skip
        return found

    def _seen(self, name: str, t: int) -> Any:
        return self._law(name[1:], t) if name.startswith("*") else self.town.book.at(name, t)

    def _subjects(self, rule: str, level: str) -> list[tuple[int, str]]:
        if level == "district":
            return [(0, "district")]
        if level == "school":
            return list(enumerate(self.town.names))
        most = 2 if rule in ORDINARY_ONLY else 3
        return [(k, STAGES[k]) for k in range(most) if self.has[k]]

    def balance(self) -> dict[tuple[int, str, str, str], Row]:
        """Mean, S, CV, limit and status by year, stage, evaluation and indicator."""
        town, book, found = self.town, self.town.book, {}
        for t in range(town.years + 1):
            for k in (k for k in range(2) if self.has[k]):
                year, stage = town.base + t, STAGES[k]
                limit = float(town.rules("cv_limit", t)[k])
                for name in EVERY:
                    mean, sd, cv = (
                        float(book.at(f"{w}_{name}", t)[k]) for w in ("mean", "sd", "cv")
                    )
                    row = {"mean": mean, "sd": sd, "cv": cv, "limit": np.nan, "status": ""}
                    if name in BASIC:
                        found[year, stage, "basic", name] = row
                    if name in QUALITY:
                        row = row | {"limit": limit, "status": _within(cv, limit)}
                        found[year, stage, "quality", name] = row
                cv = float(book.at("composite_cv", t)[k])
                limit = float(town.rules("composite_cv_limit", t)[k])
                found[year, stage, "basic", "composite"] = {
                    "mean": np.nan, "sd": np.nan, "cv": cv, "limit": limit,
                    "status": _within(cv, limit),
                }  # fmt: skip
        return found

    def verdict(self) -> tuple[dict[int, Row], Row]:
        """The verdict of each planned year, and of all."""
        years = {}
        by_rule: dict[str, list[bool | None]] = {}
        checks = self.checks()
        for t in range(1, self.town.years + 1):
            rules: dict[str, list[bool | None]] = {}
            for (year, rule, _), row in checks.items():
                if year == self.town.base + t:
                    flag = {"pass": True, "fail": False}.get(row["status"])
                    rules.setdefault(rule, []).append(flag)
                    by_rule.setdefault(rule, []).append(flag)
            years[self.town.base + t] = self._year(t, [all_of(each) for each in rules.values()])
        flags = [[row[name] for row in years.values()] for name in ("money_ok", "rules_ok")]
        lasting = [year for year in years if all(years[y]["all_ok"] is True
                                                 for y in years if y >= year)]  # fmt: skip
        gaps = [float(self.town.book.at("gap", t)) for t in range(1, self.town.years + 1)]
        return years, {
            "rules_met": sum(all_of(flags) is True for flags in by_rule.values()),
            "rules_total": len(by_rule),
            "gap": np.nan if np.isnan(gaps).any() else min(gaps),
            "first_year": _first(years, "all_ok"),
            "balanced_year": _first(years, "balanced"),
            "money_ok": all_of(flags[0]),
            "rules_ok": all_of(flags[1]),
            "lasting_year": min(lasting, default=None),
            "determinable": years[max(years)]["balanced"] is not None,
        }

    def _year(self, t: int, rules: list[bool | None]) -> Row:
        gap = float(self.town.book.at("gap", t))
        row: Row = {
            "rules_met": sum(rule is True for rule in rules),
            "rules_total": len(rules),
            "rules_ok": all_of(rules),
            # less than half a fen is the noise of sums, no money that is missing
            "money_ok": None if np.isnan(gap) else gap > -0.005,
            "balanced": self._stages("stage_balanced", t),
            "basic_balanced": self._stages("stage_basic_balanced", t),
        }
        return row | {"all_ok": all_of([row["rules_ok"], row["money_ok"], row["balanced"]])}

    def _stages(self, name: str, t: int) -> bool | None:
        values = [self.town.book.at(name, t)[k] for k in range(2) if self.has[k]]
        flags = [None if np.isnan(value) else bool(value) for value in values]
        return all_of(flags) if flags else None


def _within(cv: float, limit: float) -> str:
    if np.isnan(cv) or np.isnan(limit):
        return "unknown"
    return "pass" if cv <= limit + NOISE * max(1.0, abs(limit)) else "fail"


def _first(years: dict[int, Row], flag: str) -> int | None:
    return next((year for year, row in years.items() if row[flag] is True), None)
