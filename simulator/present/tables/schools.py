"""Tables of schools: what each part of a school gets in a year, and each school as a whole."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from simulator import units
from simulator.present.table import Column, Printer, Table, word_of
from simulator.present.tables.money import printed_money
from simulator.results.line_breakdown import TOTAL_NAME, line_names

#: Components of operating funds; with the adjustment they add up to the year's funds.
COMPONENTS = (
    "pupil_funds", "boarding_funds", "special_funds", "heating_funds", "small_school_topup",
    "small_class_funds", "weak_school_funds",
)  # fmt: skip
#: What a part needs besides operating funds.
OTHER_NEEDS = ("stage_pay", "stage_repair", "aid", "investment")
COUNTS = ("pupils", "average_pupils", "classes", "boarders", "headcount", "funded_pupils", "posts")
PER_PUPIL = ("operating_funds_per_pupil",)
#: Of a whole school.
SCHOOL_COUNTS = ("staff", "authorised_posts", "school_posts", "posts_over_authorised")
SCHOOL_MONEY = (
    "school_operating", "school_training", "school_training_floor", "school_training_headroom",
    "payroll", "repair",
)  # fmt: skip
SCHOOL_RATES = ("school_training_share", "mean_pay")
TEXTS = ("school_id", "school_name", "school_type", "area")


def schools_table(printer: Printer, year: int) -> Table:
    """Every school at every stage in one year; the last row is the sum of those printed."""
    result = printer.result
    profile = [_profile(printer, school, stage) for school, stage in result.index.parts]
    rows = pd.DataFrame(profile)
    _add_counts(printer, rows, COUNTS, year)
    _add_money(printer, rows, year)
    _add_rates(printer, rows, PER_PUPIL, year)
    money = _money(printer)
    rows = _with_total(printer, rows, (*COUNTS, *money))
    rows = _bridged(printer, rows, year)
    columns = (
        *_text_columns(printer),
        Column("stage", printer.word("stage")),
        *_figures(printer, COUNTS),
        *(_money_column(printer, name) for name in money),
        *_figures(printer, PER_PUPIL),
    )
    title = printer.word("table.schools", year=year)
    note = printer.note(printer.word("bridge_note"))
    return Table(f"schools_{year}", title, columns, rows, note, printer.language)


def _components(printer: Printer) -> tuple[str, ...]:
    """What operating funds are made of: the district's own lines where it has some."""
    has_lines = TOTAL_NAME in printer.result.values
    return line_names(printer.result) if has_lines else COMPONENTS


def _money(printer: Printer) -> tuple[str, ...]:
    """Columns of money in order: components, their sum, further needs, everything."""
    components = _components(printer)
    return (*components, "adjustment", "operating_funds", *OTHER_NEEDS, "direct_need")


def _add_money(printer: Printer, rows: pd.DataFrame, year: int) -> None:
    """Funds and needs rounded to their totals, the components to the funds as printed."""
    for name in ("operating_funds", *OTHER_NEEDS):
        rows[name] = _shared(printer, _values(printer, name, year))
    need = _values(printer, "direct_need", year)
    rows["direct_need"] = _sums(printer, rows, ("operating_funds", *OTHER_NEEDS), need)
    components = _components(printer)
    parts = [_values(printer, name, year) for name in components]
    adjustment = _values(printer, "operating_funds", year) - sum(parts)
    exact = np.column_stack([*parts, adjustment])
    pairs = zip(exact, rows["operating_funds"], strict=True)
    fitted = np.array([_fitted(printer, amounts, whole) for amounts, whole in pairs])
    for position, name in enumerate((*components, "adjustment")):
        rows[name] = fitted[:, position] if len(fitted) else []


def _fitted(printer: Printer, amounts: Any, whole: float) -> Any:
    """A row's components rounded so that they add up to the funds printed for it."""
    cash = np.array([printer.cash(value) for value in amounts])
    scale = 10.0**printer.decimals
    steps = np.floor(cash * scale + 0.5 + 1e-7)
    missing = whole * scale - steps.sum()
    if math.isfinite(missing):
        # the last digit goes to the components that were rounded most the other way
        left = round(missing)
        order = np.argsort(np.sign(left) * (steps - cash * scale), kind="stable")
        order = order[steps[order] != 0] if (steps != 0).any() else order
        for turn in range(abs(left)):
            steps[order[turn % len(order)]] += np.sign(left)
    return steps / scale + 0.0


def _sums(printer: Printer, rows: pd.DataFrame, parts: tuple[str, ...], exact: Any) -> list[float]:
    """Row sums of printed parts; the rounded value itself where a part is unknown."""
    found = []
    for values, whole in zip(rows[list(parts)].to_numpy(), exact, strict=True):
        total = printer.total(values.tolist())
        found.append(total if math.isfinite(total) else printer.rounded(float(whole)))
    return found


def _shared(printer: Printer, values: Any) -> Any:
    """Rounded to the column's total; plain rounding keeps an unknown entry unknown."""
    return np.round(printer.shared(list(values)), printer.decimals) + 0.0


def _values(printer: Printer, name: str, year: int) -> Any:
    """A figure over its entities; unknown where it was not computed."""
    if name not in printer.result.values:
        return np.full(printer.result.index.size("part"), np.nan)
    return printer.result.at(name, year).astype(float)


def _add_counts(printer: Printer, rows: pd.DataFrame, names: tuple[str, ...], year: int) -> None:
    for name in names:
        if name not in printer.result.values:
            rows[name] = math.nan
            continue
        decimals = _count_decimals(printer, name)
        rows[name] = units.round_to_total(list(printer.result.at(name, year)), decimals)


def _count_decimals(printer: Printer, name: str) -> int:
    """Whole persons and classes have no decimal, averages and parts of a post one."""
    values = printer.result.values.get(name)
    if values is None:
        return 1
    known = values[np.isfinite(values)]
    return 0 if np.array_equal(known, np.rint(known)) else 1


def _add_rates(printer: Printer, rows: pd.DataFrame, names: tuple[str, ...], year: int) -> None:
    for name in names:
        unit = printer.result.graph.unit(name)
        values = printer.result.at(name, year) if name in printer.result.values else [math.nan]
        rows[name] = [printer.rounded_figure(float(value), unit) for value in values]


def _profile(printer: Printer, school: str, stage: str | None) -> dict[str, Any]:
    """Who the row is about, in words."""
    row = printer.result.binding.district.schools.loc[school]
    kinds = {name: str(row[name]) if pd.notna(row[name]) else "" for name in TEXTS[1:]}
    return {
        "school_id": school,
        "school_name": kinds["school_name"],
        "school_type": word_of("school_type", kinds["school_type"], printer.language),
        "area": word_of("area", kinds["area"], printer.language),
        "stage": word_of("stage", stage, printer.language),
        "stage_id": stage or "",
    }


def _with_total(printer: Printer, rows: pd.DataFrame, added: tuple[str, ...]) -> pd.DataFrame:
    """The rows and their printed sum; what does not add up stays empty."""
    last: dict[str, Any] = dict.fromkeys(rows.columns, "")
    last["school_name"] = printer.word("total")
    for name in rows.columns:
        if name in added:
            values = rows[name].tolist()
            known = all(math.isfinite(value) for value in values)
            last[name] = round(math.fsum(values), printer.decimals or 2) if known else math.nan
    marked = rows.assign(total=0)
    return pd.DataFrame([*marked.to_dict("records"), {**last, "total": 1}])


#: Columns of the schools and the lines of the district's money that they are part of.
BRIDGES = {
    "operating_funds": "operating_total", "stage_pay": "payroll_total",
    "stage_repair": "repair_total", "aid": "aid_total", "investment": "investment_total",
}  # fmt: skip


def _bridged(printer: Printer, rows: pd.DataFrame, year: int) -> pd.DataFrame:
    """Under the sum, what the table leaves out, line by line, up to the district's need.

    Senior stages have no row, the bureau's training belongs to no school; the last line is
    the year of the table of money. ``total`` is 2 in these lines.
    """
    printed, last = printed_money(printer, year), rows.iloc[-1]
    whole = {column: printed[line] for column, line in BRIDGES.items()}
    rest = {name: round(amount - last[name], printer.decimals) + 0.0
            for name, amount in whole.items()}  # fmt: skip
    bureau = printed["bureau_training"]
    lines = (
        (
            printer.word("bridge.other_stages"),
            {**rest, "direct_need": printer.total([*rest.values()])},
        ),
        (printer.figure("bureau_training"), {"direct_need": bureau}),
        (printer.word("bridge.whole"), {**whole, "direct_need": printed["need"]}),
    )
    blank = dict.fromkeys(rows.columns, "")
    added = [{**blank, "school_name": name, **amounts, "total": 2} for name, amounts in lines]
    return pd.DataFrame([*rows.to_dict("records"), *added])


def _text_columns(printer: Printer) -> tuple[Column, ...]:
    return tuple(Column(name, printer.figure(f"column.{name}")) for name in TEXTS)


def _figures(printer: Printer, names: tuple[str, ...]) -> tuple[Column, ...]:
    graph = printer.result.graph
    found = []
    for name in names:
        column = printer.column(name, graph.unit(name))
        decimals = _count_decimals(printer, name) if name in COUNTS else column.decimals
        found.append(Column(name, column.label, column.unit, decimals))
    return tuple(found)


def _money_column(printer: Printer, name: str) -> Column:
    label = printer.word("adjustment") if name == "adjustment" else ""
    return printer.column(name, "yuan", label)


def school_totals_table(printer: Printer, year: int) -> Table:
    """Every school as a whole in one year: staff, training, pay and repair, with totals."""
    schools = printer.result.index.schools
    rows = pd.DataFrame([_profile(printer, school, None) for school in schools])
    for name in SCHOOL_COUNTS:
        rows[name] = units.round_to_total(list(printer.result.at(name, year)), 1)
    for name in SCHOOL_MONEY:
        rows[name] = _shared(printer, printer.result.at(name, year))
    _add_rates(printer, rows, SCHOOL_RATES, year)
    rows = _with_total(printer, rows, (*SCHOOL_COUNTS, *SCHOOL_MONEY))
    graph = printer.result.graph
    columns = (
        *_text_columns(printer),
        *(Column(name, printer.figure(name), "person", 1) for name in SCHOOL_COUNTS),
        *(printer.column(name, graph.unit(name)) for name in (*SCHOOL_MONEY, *SCHOOL_RATES)),
    )
    title = printer.word("table.school_totals", year=year)
    return Table(f"school_totals_{year}", title, columns, rows, printer.note(), printer.language)
