"""The tables shared by the screen, workbooks, CSV files, documents and the terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from simulator.errors import JunhengError
from simulator.glossary import Language
from simulator.machine.language import BASE
from simulator.present.table import BY_ROW, Column, MoneyUnit, Printer, Table
from simulator.present.tables.balance import (
    balance_table,
    balance_verdict_table,
    indicators_table,
    scope_table,
)
from simulator.present.tables.drivers import (
    changes_table,
    distance_table,
    drivers_table,
    school_changes_table,
)
from simulator.present.tables.failing import failing_table
from simulator.present.tables.ground import findings_table, levers_table, looser_table, policy_table
from simulator.present.tables.items import evaluation_table, training_bureau_table, training_table
from simulator.present.tables.money import figures_table, money_table, printed_money, sharing_table
from simulator.present.tables.pupils import (
    pupil_books_table,
    pupil_grades_table,
    pupil_schools_table,
)
from simulator.present.tables.rules import checks_table, rules_table, tracked_table
from simulator.present.tables.schools import school_totals_table, schools_table
from simulator.present.tables.verdict import verdict_line, verdict_table

if TYPE_CHECKING:
    from simulator.results.result import Result

__all__ = [
    "BY_ROW", "PLAIN", "SUBJECTS", "YEARLY", "Column", "Printer", "Table", "all_tables",
    "printed_money", "table", "table_ids", "verdict_line",
]  # fmt: skip
#: Tables of a whole result, and tables of one year, by id, in the order of an export.
PLAIN: Mapping[str, Callable[[Printer], Table]] = {
    "verdict": verdict_table,
    "money": money_table,
    "sharing": sharing_table,
    "figures": figures_table,
    "rules": rules_table,
    "checks": checks_table,
    "tracked": tracked_table,
    "pupil_books": pupil_books_table,
    "pupil_grades": pupil_grades_table,
    "pupil_schools": pupil_schools_table,
    "balance_verdict": balance_verdict_table,
    "balance": balance_table,
    "changes": changes_table,
    "evaluation": evaluation_table,
    "training": training_table,
    "training_bureau": training_bureau_table,
    "levers": levers_table,
    "policy": policy_table,
    "looser": looser_table,
    "findings": findings_table,
}
YEARLY: Mapping[str, Callable[[Printer, int], Table]] = {
    "schools": schools_table,
    "school_totals": school_totals_table,
    "failing": failing_table,
    "scope": scope_table,
    "drivers": drivers_table,
    "distance": distance_table,
    "indicators": indicators_table,
    "school_changes": school_changes_table,
}
#: A subject that is asked for by one name, and its tables.
SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "pupils": ("pupil_books", "pupil_grades", "pupil_schools"),
    "balance": (
        "balance_verdict", "balance", "failing", "scope", "distance", "drivers", "changes",
        "evaluation", "training", "training_bureau", "indicators", "school_changes",
    ),
}  # fmt: skip


def table_ids(result: Result) -> list[str]:
    """The ids of every table of a result; a table of one year ends in the year."""
    years = result.index.years[BASE:]
    return [*PLAIN, *(f"{name}_{year}" for name in YEARLY for year in years)]


def table(
    result: Result, identifier: str, language: Language = "zh", money: MoneyUnit = "10k_yuan"
) -> Table:
    """One table by its id; a yearly one without its year is of the last year."""
    printer = Printer(result, language, money)
    if identifier in PLAIN:
        return PLAIN[identifier](printer)
    years = {str(year): year for year in result.index.years[BASE:]}
    name, _, year = identifier.rpartition("_")
    if name in YEARLY and year in years:
        return YEARLY[name](printer, years[year])
    if identifier in YEARLY:
        return YEARLY[identifier](printer, result.index.years[-1])
    known = ", ".join([*PLAIN, *YEARLY])
    raise JunhengError("table_unknown", name=identifier, known=known)


def all_tables(
    result: Result, language: Language = "zh", money: MoneyUnit = "10k_yuan"
) -> list[Table]:
    """Every table of a result, the years' tables last."""
    return [table(result, identifier, language, money) for identifier in table_ids(result)]
