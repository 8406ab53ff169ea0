"""Checks of the schools' table that find contradictions: each is an error to be mended."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator import glossary
from simulator.district.columns import STAGE_PUPILS, Column, columns
from simulator.district.pupils.grades import grades_of, stage_of_grade
from simulator.district.reading.table import TableData, shown
from simulator.findings import Finding, Severity
from simulator.outside_text import one_form
from simulator.stages import STAGES_OF_TYPE

SENIOR_TYPES = frozenset({"complete_secondary", "twelve_year"})


def labels(known: Column) -> dict[str, Any]:
    """A column's name in both languages, for the sentences of findings."""
    return {"zh_column": known.label("zh"), "en_column": known.label("en")}


def stages_of(school_type: str | None) -> tuple[str, ...]:
    """The stages a type of school has, senior secondary included."""
    if school_type is None:
        return ()
    senior = ("senior",) if school_type in SENIOR_TYPES else ()
    return (*STAGES_OF_TYPE[school_type], *senior)


def has_stage(table: TableData, stage: str) -> NDArray[np.bool_]:
    """Which schools have a stage, by their type."""
    types = table.texts("school_type")
    having = {each: stage in stages_of(each) for each in set(types)}
    return np.array([having[each] for each in types], dtype=bool)


def missing_stage_columns(table: TableData) -> list[Finding]:
    """Schools of a stage whose column of pupils is not in the file."""
    findings = []
    for stage, field in STAGE_PUPILS.items():
        needed = int(has_stage(table, stage).sum())
        if needed and stage != "senior" and not table.has(field):
            known = columns("schools")[field]
            findings.append(table.finding("stage_column", field, count=needed, **labels(known)))
    return findings


def wrong_stage(table: TableData, primary_years: int) -> list[Finding]:
    """Figures of a stage at a school whose type has no such stage."""
    findings = []
    types = list(table.texts("school_type"))
    typed = np.array([each is not None for each in types], dtype=bool)
    without = {stage: typed & ~has_stage(table, stage) for stage in STAGE_PUPILS}
    for known in columns("schools").values():
        stage = stage_of_grade(known.field, primary_years) or known.stage
        if stage is None or not table.has(known.field):
            continue
        wrong = without[stage] & (table.numbers(known.field) > 0)
        for row in np.flatnonzero(wrong):
            kind = types[row]
            findings.append(
                table.finding("wrong_stage", known.field, int(row), **_type_words(kind))
            )
    return findings


def _type_words(kind: str | None) -> dict[str, Any]:
    return {
        "zh_type": glossary.label(f"school_type.{kind}", "zh"),
        "en_type": glossary.label(f"school_type.{kind}", "en"),
    }


def grades_add_up(table: TableData, primary_years: int) -> list[Finding]:
    """Grades that are all given but do not add up to the pupils of the stage."""
    findings = []
    for stage, grades in grades_of(primary_years).items():
        if not table.has(STAGE_PUPILS[stage], *grades):
            continue
        summed = np.sum([table.numbers(grade) for grade in grades], axis=0)
        stated = table.numbers(STAGE_PUPILS[stage])
        apart = has_stage(table, stage) & (np.abs(summed - stated) > 1e-9)
        for row in np.flatnonzero(apart):
            findings.append(
                table.finding("grades_sum", STAGE_PUPILS[stage], int(row), sum=shown(summed[row]))
            )
    return findings


def parts_within_wholes(table: TableData) -> list[Finding]:
    """A part larger than its whole: boarders than pupils, backbone than teachers."""
    findings = []
    for known in columns("schools").values():
        if not known.within or not table.has(known.field, *known.within):
            continue
        whole = np.sum([_whole(table, field, known) for field in known.within], axis=0)
        for row in np.flatnonzero(table.numbers(known.field) > whole + 1e-6):
            named = _labels_together([columns("schools")[field] for field in known.within])
            findings.append(
                table.finding(
                    "part_exceeds", known.field, int(row), whole=shown(whole[row]), **named
                )
            )
    return findings


def _whole(table: TableData, field: str, part: Column) -> NDArray[np.float64]:
    """A column that a part lies in; of several, one of a stage that a school lacks is nothing."""
    numbers, stage = table.numbers(field), columns("schools")[field].stage
    if len(part.within) == 1 or not stage:
        return numbers
    return np.where(has_stage(table, stage), numbers, 0.0)


def _labels_together(known: Sequence[Column]) -> dict[str, Any]:
    """The names of columns that are one whole together, in both languages."""
    return {
        "zh_column": "＋".join(each.label("zh") for each in known),
        "en_column": " + ".join(each.label("en") for each in known),
    }


def aided_within_pupils(table: TableData) -> list[Finding]:
    """More aided pupils than pupils."""
    findings = []
    for stage in ("primary", "junior"):
        aided = np.sum(
            [table.numbers(f"aided_{stage}_{where}") for where in ("boarder", "day")], axis=0
        )
        pupils = table.numbers(STAGE_PUPILS[stage])
        day = np.nan_to_num(table.numbers(f"aided_{stage}_day"))
        # a day column above all pupils is named by the check of parts
        for row in np.flatnonzero((aided > pupils) & (day <= pupils)):
            known = columns("schools")[STAGE_PUPILS[stage]]
            findings.append(
                table.finding(
                    "part_exceeds", f"aided_{stage}_day", int(row),
                    whole=shown(pupils[row]), value=shown(aided[row]), **labels(known),
                )
            )  # fmt: skip
    return findings


def same_names(table: TableData) -> list[Finding]:
    """Two schools of the same name."""
    return _repeated(table, "duplicate_name", _plain_name, "error")


def alike_names(table: TableData) -> list[Finding]:
    """Two schools whose names differ only in how they are written."""
    return _repeated(table, "alike_name", _loose_name, "warning")


def _repeated(
    table: TableData, code: str, reduce: Callable[[str], str], severity: Severity
) -> list[Finding]:
    first: dict[str, int] = {}
    findings = []
    names = table.texts("school_name")
    for row, name in enumerate(names):
        other = first.setdefault(reduce(name), row) if name else row
        if other == row or not name:
            continue
        if severity == "error" or _plain_name(name) != _plain_name(names[other] or ""):
            at = table.places["school_name"].cell(other)
            findings.append(
                table.finding(code, "school_name", row, severity, other=names[other], at=at)
            )
    return findings


@functools.lru_cache(maxsize=16384)
def _plain_name(name: str) -> str:
    return re.sub(r"\s+", "", one_form(name)).lower()


_DIGITS = str.maketrans("一二三四五六七八九", "123456789")


def _loose_name(name: str) -> str:
    """A name without the place before it, brackets, 学校 and the like, in Arabic numerals."""
    plain = re.sub(r"[()\[\]·.,\-_'\"]", "", _plain_name(name)).translate(_DIGITS)
    plain = re.sub(r"^.{1,6}?[市区县](?=.{3})", "", plain)
    plain = plain.replace("第", "").replace("中心小学", "小学").replace("完全小学", "小学")
    return re.sub(r"(学校|school)$", "", plain)


CHECKS = (
    missing_stage_columns,
    parts_within_wholes,
    aided_within_pupils,
    same_names,
    alike_names,
)
#: Checks that need to know how many years primary school has.
BY_GRADE = (wrong_stage, grades_add_up)
