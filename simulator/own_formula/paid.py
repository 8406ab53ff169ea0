"""Whom a district's own lines pay: operating funds told apart by the pupils that lines count.

Rules judge what reaches boarders, special pupils and small schools. A line pays whom it counts,
so a general rate never counts as boarding or special money; lump sums and cuts by a pot spread
over a part's lines in proportion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

from simulator.machine.language import above, maximum, ratio, where
from simulator.machine.registry import OWN, Formula, make_formula
from simulator.own_formula.line import PREFIX, TOTAL, Line, LineSet
from simulator.own_formula.words import Values, needed_by, spoken

#: Figures of the graph that count people of one kind; all other heads are pupils in general.
KINDS: Final = {
    "boarding": frozenset({"boarders", "funded_boarders"}),
    "special": frozenset({"special_heads", "mainstreamed", "funded_mainstreamed"}),
    "small_school": frozenset({"small_school_heads", "small_school_missing"}),
}
ORDINARY: Final = "ordinary"
WEAK: Final = "weak_school"
FUNDS: Final = "formula_funds"
FUNDED, HEADS = "funded_pupils", "headcount"
#: Counts that have mainstreamed pupils among them.
EVERYBODY: Final = frozenset({"headcount", "pupils"})


def paid_formulas(lines: LineSet) -> list[Formula]:
    """What the lines ask for pupils of each kind; they replace the formulas of those names."""
    paying = _paying(lines)
    found = [_asked(kind, _sum_of_kind(kind, paying, lines), paying, lines) for kind in KINDS]
    found.append(_asked(ORDINARY, _ordinary(paying, lines), paying, lines))
    found.append(_asked(WEAK, _sum_of_weak(paying, lines), paying, lines))
    return found


def _paying(lines: LineSet) -> tuple[Line, ...]:
    """The lines that count somebody and whose money is paid out."""
    ids = _fed(lines.pots[-1].id, lines) if lines.pots else _fed(TOTAL, lines)
    return tuple(line for line in lines.lines if line.id in ids and line.counted is not None)


def _fed(identifier: str, lines: LineSet) -> frozenset[str]:
    """The ids of the lines whose money goes into a total, a subtotal or a pot."""
    pot = next((each for each in lines.pots if each.id == identifier), None)
    if pot is not None:
        guaranteed = _fed(pot.guaranteed, lines) if pot.guaranteed else frozenset()
        return _fed(pot.shared, lines) | guaranteed
    into = "" if identifier == TOTAL else identifier
    inside = {line.id for line in lines.lines if line.into == into}
    return frozenset(inside or {identifier})


@dataclass(frozen=True, slots=True)
class _Sum:
    """Money of some lines: the names it needs, and how it is added up."""

    needed: tuple[str, ...]
    calculate: Callable[[Values], Any]


def _added(terms: list[_Sum]) -> _Sum:
    needed = tuple(dict.fromkeys(name for term in terms for name in term.needed))

    def calculate(values: Values) -> Any:
        found = [term.calculate(values) for term in terms]
        return reduce(lambda sum_, more: sum_ + more, found) if found else 0.0

    return _Sum(needed, calculate)


def _money(line: Line) -> str:
    return f"{PREFIX}{line.id}"


def _sum_of_kind(kind: str, paying: tuple[Line, ...], lines: LineSet) -> _Sum:
    return _added([_of_kind(line, kind, lines) for line in paying if _speaks(line, kind)])


def _speaks(line: Line, kind: str) -> bool:
    """Whether a line counts people of a kind at all."""
    if kind == "special" and line.stages == ("special",):
        return True
    assert line.counted is not None
    return bool(KINDS[kind] & set(line.counted.columns))


def _of_kind(line: Line, kind: str, lines: LineSet) -> _Sum:
    """The money of a line that is for people of a kind: the part of the count that they make."""
    counted, money = line.counted, _money(line)
    assert counted is not None
    if kind == "special" and line.stages == ("special",):
        return _Sum((money,), lambda values: values[money])
    needed = needed_by(counted, lines)

    def calculate(values: Values) -> Any:
        others = {lines.graph_name(name): 0.0 for name in counted.columns if name in KINDS[kind]}
        every = spoken(counted, lines, values)
        rest = spoken(counted, lines, {**values, **others})
        # a line that subtracts people of a kind pays them nothing
        theirs = maximum(0, every - rest)
        return where(above(every, 0), values[money] * ratio(theirs, every), 0)

    return _Sum((money, *needed), calculate)


def _ordinary(paying: tuple[Line, ...], lines: LineSet) -> _Sum:
    """What is left of each line for pupils in general.

    A line that counts every head pays mainstreamed ones as well: their part is not for those
    who are paid at the standard.
    """
    return _added([_left(line, lines) for line in paying if not _for_heating(line)])


def _for_heating(line: Line) -> bool:
    amount = line.amount
    return amount is not None and amount.written is not None and (
        "heating_rate" in amount.written.columns
    )  # fmt: skip


def _left(line: Line, lines: LineSet) -> _Sum:
    money = _money(line)
    others = _added([_of_kind(line, kind, lines) for kind in KINDS if _speaks(line, kind)])
    everybody = line.counted is not None and bool(EVERYBODY & set(line.counted.columns))
    heads = (FUNDED, HEADS) if everybody else ()

    def calculate(values: Values) -> Any:
        left = values[money] - others.calculate(values)
        if not everybody:
            return left
        return left * where(above(values[HEADS], 0), ratio(values[FUNDED], values[HEADS]), 0)

    return _Sum((money, *others.needed, *heads), calculate)


def _sum_of_weak(paying: tuple[Line, ...], lines: LineSet) -> _Sum:
    """The money of lines that look at whether a school is weak."""
    return _added([_all_of(line) for line in paying if "weak" in _looked_at(line)])


def _all_of(line: Line) -> _Sum:
    money = _money(line)
    return _Sum((money,), lambda values: values[money])


def _looked_at(line: Line) -> Iterator[str]:
    for written in (line.counted, line.when, line.factor):
        yield from written.columns if written is not None else ()


def _asked(kind: str, of_kind: _Sum, paying: tuple[Line, ...], lines: LineSet) -> Formula:
    """What the formula asks for a kind: its lines' money, lump sums and pots spread over it."""
    every = [_money(line) for line in paying]
    needed = tuple(dict.fromkeys((FUNDS, *every, *of_kind.needed)))

    def function(*args: Any) -> Any:
        values = dict(zip(needed, args, strict=True))
        counted = reduce(lambda sum_, name: sum_ + values[name], every[1:], values[every[0]])
        scaled = of_kind.calculate(values) * ratio(values[FUNDS], counted)
        return where(above(counted, 0), scaled, _uncounted(kind, values))

    def lump_only(*args: Any) -> Any:
        return _uncounted(kind, dict(zip(needed, args, strict=True)))

    chosen = function if every else lump_only
    chosen.__doc__ = "What a district's own lines ask for these people: a line pays whom it counts."
    return make_formula(chosen, needed, "part", "yuan", "paid", (OWN,), name=f"{kind}_asked")


def _uncounted(kind: str, values: Values) -> Any:
    """Money of lump sums alone is for pupils in general."""
    return values[FUNDS] if kind == ORDINARY else values[FUNDS] * 0
