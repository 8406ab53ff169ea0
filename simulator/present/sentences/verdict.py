"""One verdict with its parts, in words: what the screen, the brief and the terminal all say.

Nothing here is judged anew: rules, money and balance are the result's verdict, schools the one
count of distinct schools, items those of the evaluation's table.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from simulator import units
from simulator.machine.language import BASE
from simulator.present.table import Printer
from simulator.present.tables.money import amount, printed_money
from simulator.results.evaluation_items import items
from simulator.results.school_counts import SchoolCount, schools_counted

Status = Literal["pass", "fail", "unknown"]
#: The parts in the order in which they are told; the first four decide.
DECIDING: Final = ("balance", "money", "schools", "rules")
#: Items that are named before the rest is only counted.
NAMED: Final = 6


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the verdict: balance, money, schools, rules, items; its status, in words.

    ``brief`` is the same where there is room for a few words only.
    """

    id: str
    status: Status
    text: str
    brief: str


def verdict_parts(printer: Printer) -> tuple[Part, ...]:
    """Every part of the verdict; the district is well where none of the deciding four fails."""
    return (_balance(printer), _money(printer), _schools(printer), _rules(printer),
            _items(printer))  # fmt: skip


def overall(parts: Sequence[Part]) -> Status:
    """fail where a part fails, items too; else unknown where a deciding part is; else pass."""
    if any(part.status == "fail" for part in parts):
        return "fail"
    deciding = [part for part in parts if part.id in DECIDING]
    return "unknown" if any(part.status == "unknown" for part in deciding) else "pass"


def status_of(flag: bool | None) -> Status:
    """A flag of the verdict as a status."""
    return "unknown" if flag is None else "pass" if flag else "fail"


def _part(name: str, status: Status, text: str, brief: str = "") -> Part:
    return Part(name, status, text, brief or text)


def _balance(printer: Printer) -> Part:
    """Balanced from which year on; a balance that is lost again is none."""
    verdict, last = printer.result.verdict, printer.result.index.years[-1]
    status = status_of(verdict.years["balanced"].iloc[-1])
    first = verdict.balanced_year
    code = {"pass": "balanced", "fail": "not_balanced", "unknown": "balance_unknown"}[status]
    if status == "fail" and first is not None:
        code = "balance_lost"
    return _part("balance", status, printer.word(f"part.{code}", year=first, last=last))


def _money(printer: Printer) -> Part:
    status = status_of(printer.result.verdict.money_ok)
    year, gap = worst_gap(printer)
    if math.isnan(gap):
        return _part("money", status, printer.word("part.gap_unknown", year=year))
    code = "gap_short" if status == "fail" else "gap_left"
    cash = gap_words(printer, gap)
    return _part("money", status, printer.word(f"part.{code}", year=year, gap=cash))


def worst_gap(printer: Printer) -> tuple[int, float]:
    """The planned year with the least left over, and what is left, in the unit of money.

    As the table of money prints it, unless rounding would hide that money is missing. The
    first year that is unknown comes before all others.
    """
    years = printer.result.index.years[BASE + 1 :]
    gaps = {year: shown_gap(printer, year) for year in years}
    unknown = [year for year, gap in gaps.items() if math.isnan(gap)]
    worst = unknown[0] if unknown else min(gaps, key=lambda year: gaps[year])
    return worst, gaps[worst]


def shown_gap(printer: Printer, year: int) -> float:
    """A year's gap as printed; exact where its print is on the other side of nought."""
    printed = printed_money(printer, year)["gap"]
    enough = printer.result.verdict.years["money_ok"].to_dict()[year]
    if enough is None or enough == (printed >= 0):
        return printed
    return printer.cash(amount(printer, "gap", year))


def cash_words(printer: Printer, cash: float) -> str:
    """An amount in the unit of money, without its sign; digits enough that it is not nought."""
    if not math.isfinite(cash):
        return units.UNKNOWN[printer.language]
    decimals = units.telling(cash, printer.decimals)
    return units.amount(units.written(abs(cash), decimals), printer.money, printer.language)


def gap_words(printer: Printer, cash: float) -> str:
    """A gap in words: so much left, or so much missing; never "a gap" for a surplus."""
    if not math.isfinite(cash):
        return units.UNKNOWN[printer.language]
    code = "missing" if cash < 0 else "left"
    return printer.word(f"gap_{code}", amount=cash_words(printer, cash))


def _schools(printer: Printer) -> Part:
    last = printer.result.index.years[-1]
    count = schools_counted(printer.result, last)
    text = printer.word("part.schools", year=last, schools=count_words(printer, count))
    status: Status = "fail" if count.failing else "unknown" if count.unknown else "pass"
    return _part("schools", status, text)


def count_words(printer: Printer, count: SchoolCount) -> str:
    """Distinct schools that fail, of how many: 34/43; with those that cannot be judged."""
    text = f"{count.failing}/{count.counted}"
    if count.unknown:
        text += printer.word("schools_unknown", count=count.unknown)
    return text


def _rules(printer: Printer) -> Part:
    verdict = printer.result.verdict
    status = status_of(verdict.rules_ok)
    text = printer.word("verdict.rules_met", met=verdict.rules_met, total=verdict.rules_total)
    return _part("rules", status, text)


def _items(printer: Printer) -> Part:
    """Items of the evaluation that the last year fails, by name; those not known are counted."""
    failed, unknown = items_failed(printer), _items_of(printer, "unknown")
    status: Status = "fail" if failed else "unknown" if unknown else "pass"
    year = printer.result.index.years[-1]
    if not failed:
        code = "items_unknown" if unknown else "items_met"
        words = printer.word(f"part.{code}", year=year, count=len(unknown))
        return _part("items", status, words)
    names = [f"{each} {_name(printer, each)}" for each in failed[:NAMED]]
    named = printer.word("stop").join(names)
    if len(failed) > NAMED:
        named += printer.word("and_more", count=len(failed) - NAMED)
    text = printer.word("part.items", year=year, count=len(failed), items=named)
    brief = printer.word("part.items_brief", year=year, count=len(failed))
    return _part("items", status, text, brief)


def items_failed(printer: Printer) -> list[str]:
    """Ids of the evaluation's items and the plan's points that the last year fails."""
    return _items_of(printer, "fail")


def _items_of(printer: Printer, status: str) -> list[str]:
    found = printer.result.evaluation
    last = found[found["year"] == printer.result.index.years[-1]]
    return [str(each) for each in last.loc[last["status"] == status, "id"]]


def _name(printer: Printer, identifier: str) -> str:
    item = items()[identifier]
    return item.zh if printer.language == "zh" else item.en
