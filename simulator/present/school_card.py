"""A school's own card: profile, indicators, money and what it lacks, for one page."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulator.errors import JunhengError
from simulator.law.balance.indicators import QUANTITY_UNITS
from simulator.law.balance.quantities import QUALITY
from simulator.machine.language import BASE
from simulator.present.sentences.beside import empty_cells, reaching
from simulator.present.table import BY_ROW, Column, MoneyUnit, Printer, Table, word_of
from simulator.present.tables.balance import indicator_row
from simulator.present.tables.balance_rows import INDICATOR_UNITS, made, profile_of
from simulator.present.tables.drivers import split_of
from simulator.results.shortfalls import cost_of_school, shortfalls
from simulator.stages import STAGES
from simulator.units import with_unit

if TYPE_CHECKING:
    from simulator.glossary import Language
    from simulator.results.result import Result

#: Lines of a school's money that add up to its need, each a value of its parts.
LINES = ("operating_funds", "stage_pay", "stage_repair", "aid", "investment")


@dataclass(frozen=True, slots=True, eq=False)
class StageCard:
    """A school at one stage: how it stands by the school rule, its indicators, what it lacks.

    ``status`` is pass, fail, unknown or out (not evaluated); ``verdict`` says it in a sentence.
    """

    stage: str
    label: str
    status: str
    verdict: str
    indicators: Table
    lacks: Table


@dataclass(frozen=True, slots=True, eq=False)
class SchoolCard:
    """A school on one page: (label, text) pairs of its profile, a card a stage, its money."""

    school_id: str
    title: str
    year: int
    language: Language
    profile: tuple[tuple[str, str], ...]
    stages: tuple[StageCard, ...]
    money: Table
    note: str


def school_card(
    result: Result,
    school: str,
    language: Language = "zh",
    year: int | None = None,
    money: MoneyUnit = "10k_yuan",
) -> SchoolCard:
    """The card of one school in a year, the last one where none is given.

    Raises JunhengError for a school or year that the result does not have.
    """
    chosen = result.index.years[-1] if year is None else year
    if chosen not in result.index.years[BASE:]:
        years = f"{result.index.base_year}–{result.index.years[-1]}"
        raise JunhengError("explain_year", year=chosen, years=years)
    if school not in result.index.school_position:
        raise JunhengError("card_school", school=school)
    printer = Printer(result, language, money)
    stages = [stage for name, stage in result.index.parts if name == school]
    ordinary = [stage for stage in stages if stage in STAGES[:2]]
    name = profile_of(printer, school, "")["school_name"]
    return SchoolCard(
        school_id=school,
        title=printer.word("card_title", school=name, year=chosen),
        year=chosen,
        language=language,
        profile=tuple(_profile(printer, school, stages, chosen)),
        stages=tuple(_stage(printer, school, stage, chosen) for stage in ordinary),
        money=_money(printer, school, stages),
        note=printer.note(),
    )


def _profile(
    printer: Printer, school: str, stages: list[str], year: int
) -> Iterator[tuple[str, str]]:
    result, language = printer.result, printer.language
    row = result.binding.district.schools.loc[school]
    yield printer.figure("column.school_id"), school
    for field in ("school_type", "area", "ownership"):
        words = word_of(field, row[field] if isinstance(row[field], str) else "", language)
        yield printer.figure(f"column.{field}"), words or printer.word("not_stated")
    marks = [printer.figure(f"column.{name}") for name in ("weak", "small_class") if row[name] == 1]
    if marks:
        yield printer.word("marks"), printer.word("stop").join(marks)
    for stage in stages:
        part = result.index.part_position[school, stage]
        label = word_of("stage", stage, language)
        for name in ("pupils", "classes"):
            value = float(result.at(name, year)[part])
            yield f"{printer.figure(name)} · {label}", _counted(printer, name, value)
    place = result.index.school_position[school]
    for name in ("staff", "authorised_posts", "posts_over_authorised"):
        value = float(result.at(name, year)[place])
        yield printer.figure(name), _counted(printer, name, value)


def _counted(printer: Printer, name: str, value: float) -> str:
    """A count of a school, as printed with its unit."""
    unit = printer.result.graph.unit(name)
    return with_unit(printer.rounded_figure(value, unit), unit, printer.language)


def _stage(printer: Printer, school: str, stage: str, year: int) -> StageCard:
    result = printer.result
    part = result.index.part_position[school, stage]
    status, verdict = _verdict(printer, part, year)
    return StageCard(
        stage=stage,
        label=word_of("stage", stage, printer.language),
        status=status,
        verdict=verdict,
        indicators=_indicators(printer, part, year),
        lacks=_lacks(printer, school, stage, year),
    )


def _verdict(printer: Printer, part: int, year: int) -> tuple[str, str]:
    """How a part stands by the 6-of-7 rule, as a word and as a sentence."""
    result = printer.result
    scope, ok = (float(result.at(name, year)[part]) for name in ("in_scope", "school_ok"))
    if scope == 0:
        return "out", printer.word("card_out")
    if math.isnan(scope) or math.isnan(ok):
        school, stage = result.index.parts[part]
        cells = empty_cells(result, "school_ok", school, stage, year, printer.language)
        return "unknown", printer.word("card_unknown", cells=cells)
    needed, exempt = (
        float(result.at(name, year)[0]) for name in ("indicators_needed", "exempt_share")
    )
    status = "pass" if ok else "fail"
    words = {
        "met": f"{result.at('indicators_met', year)[part]:g}",
        "total": len(QUALITY),
        "needed": f"{needed:g}",
        "exempt": f"{exempt * 100:g}%",
    }
    return status, printer.word(f"card_{status}", **words)


def _indicators(printer: Printer, part: int, year: int) -> Table:
    """The seven indicators of a part: value, standard, share, district mean, change."""
    result = printer.result
    stage = int(result.index.part_stage[part])
    records = []
    for item in QUALITY:
        row = indicator_row(printer, part, item.id, year)
        mean = float(result.at(f"mean_{item.id}", year)[stage])
        split = split_of(printer, "", item.id, part, year)
        shown = printer.rounded_figure(mean, INDICATOR_UNITS[item.id])
        records.append({**row, **split, "mean": shown})
    columns = (
        Column("indicator", printer.word("indicator")),
        *(
            Column(name, printer.word(word), f"{BY_ROW}unit_id")
            for name, word in (
                ("value", "value"), ("standard", "standard"), ("mean", "mean"),
                ("base", "change_base"), ("by_spending", "change_by_spending"),
                ("by_pupils", "change_by_pupils"),
            )
        ),
        Column("reached", printer.word("reached"), "share"),
        Column("status", printer.word("status")),
    )  # fmt: skip
    return made(printer, "card_indicators", columns, records)


def _lacks(printer: Printer, school: str, stage: str, year: int) -> Table:
    """What a part lacks of each standard it does not meet, and what it costs."""
    result = printer.result
    found = shortfalls(result, year)
    found = found[(found["school_id"] == school) & (found["stage"] == stage)]
    exempt = float(result.at("exempt_share", year)[0])
    records = [_lack(printer, row, exempt) for row in found.to_dict("records")]
    money = (printer.unit_of("yuan"), printer.decimals)
    columns = (
        Column("indicator", printer.word("indicator")),
        Column("reached", printer.word("reached"), "share"),
        Column("lacking", printer.word("lacking"), f"{BY_ROW}quantity_unit"),
        Column("cost", printer.word("lacking_cost"), *money),
        Column("remark", printer.word("remark")),
    )
    cost = cost_of_school(result, school, stage, year)
    part = result.index.part_position[school, stage]
    failing = result.at("school_failing", year)[part] == 1
    amount = with_unit(printer.rounded(cost), printer.money, printer.language)
    remarks = [printer.word("card_cost", money=amount)] if failing and math.isfinite(cost) else []
    return made(printer, "card_lacks", columns, records, *remarks)


def _lack(printer: Printer, row: dict[Any, Any], exempt: float) -> dict[str, Any]:
    indicator = row["indicator"]
    unit = QUANTITY_UNITS.get(indicator, "person")
    bought = indicator in QUANTITY_UNITS
    return {
        "indicator_id": indicator,
        "indicator": word_of("indicator", indicator, printer.language),
        "reached": reaching(row["reached"], [1.0, exempt], 4),
        "lacking": printer.rounded_figure(row["lacking"], unit),
        "quantity_unit": printer.unit_of(unit),
        "cost": printer.rounded(row["cost"]) if bought else "",
        "remark": "" if bought else printer.word("needs_teachers"),
    }


def _money(printer: Printer, school: str, stages: list[str]) -> Table:
    """A school's money by line and year; the last line is the sum of those printed."""
    result = printer.result
    parts = [result.index.part_position[school, stage] for stage in stages]
    years = result.index.years[BASE:]
    lines: dict[str, dict[int, float]] = {
        name: {year: printer.rounded(float(result.at(name, year)[parts].sum())) for year in years}
        for name in LINES
    }
    lines["direct_need"] = {
        year: printer.total([lines[name][year] for name in LINES]) for year in years
    }
    place = result.index.school_position[school]
    records = [
        {"id": name, "line": printer.figure(name), "unit_id": printer.unit_of("yuan"),
         **{str(year): value for year, value in values.items()}}
        for name, values in lines.items()
    ]  # fmt: skip
    for name in ("school_training", "school_training_share"):
        unit = result.graph.unit(name)
        values = {str(y): float(result.at(name, y)[place]) for y in years}
        records.append(
            {"id": name, "line": printer.figure(name), "unit_id": printer.unit_of(unit),
             **{year: _training(printer, value, unit, int(year)) for year, value in values.items()}}
        )  # fmt: skip
    columns = (
        Column("line", printer.word("line")),
        *(Column(str(year), str(year), f"{BY_ROW}unit_id") for year in years),
    )
    return made(printer, "card_money", columns, records)


def _training(printer: Printer, value: float, unit: str, year: int) -> float:
    """Training as printed; its share never printed at the floor it misses."""
    if unit != "share":
        return printer.rounded_figure(value, unit)
    return reaching(value, [float(printer.result.at("training_floor_share", year)[0])], 4)
