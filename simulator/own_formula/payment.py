"""The formulas of one line: what is counted, what one of it is paid, and yuan within bounds."""

from __future__ import annotations

from functools import reduce
from typing import Any

from simulator.machine.language import above, known_or, maximum, minimum, previous, ratio, where
from simulator.machine.registry import Formula, Input, Level
from simulator.own_formula.constants import own_name
from simulator.own_formula.curves import WEIGHT, Owner, in_bands, on_ramp
from simulator.own_formula.dimension import SHARE, YUAN, times, unit_of
from simulator.own_formula.line import PREFIX, Line, LineSet, Protection
from simulator.own_formula.meaning import rounded
from simulator.own_formula.words import (
    HEADS_LAST,
    SHARE_OF_SCHOOL,
    Values,
    called,
    made,
    needed_by,
    shares_schools,
    spoken,
)


def line_formulas(line: Line, lines: LineSet) -> list[Formula]:
    """The formulas of one line."""
    found = [_payment(line, lines)]
    if line.counted is not None and line.amount is not None:
        found = [*_count(line, lines), _rate(line, lines), *found]
    found = [*_weight(line, lines), *found]
    if line.protection is not None:
        found.extend(_protected(line, line.protection, lines))
    return found


def _of_whole_schools(line: Line, lines: LineSet) -> bool:
    """Whether a line counts something of schools as a whole, of which parts take a share."""
    columns = line.counted.columns if line.counted else ()
    sources = [lines.sources[name] for name in columns if name in lines.sources]
    return any(each.level == "school" and each.dimension != SHARE for each in sources)


def _count(line: Line, lines: LineSet) -> list[Formula]:
    """What is counted, in its size band, with the steps of its bands before it."""
    assert line.counted is not None
    shared = _of_whole_schools(line, lines)
    owner = Owner(line.title, lines, line.cites)
    piece = in_bands(owner, line.counted, len(line.bands))

    def calculate(values: Values) -> Any:
        found = piece.calculate(values)
        return found * values[SHARE_OF_SCHOOL] if shared else found

    needed = [*piece.needed, *([SHARE_OF_SCHOOL] if shared else [])]
    unit = unit_of(line.counted.dimension or SHARE)
    count = made(own_name(line.title, "count"), needed, calculate, unit, line.title, "count",
                 line.cites)  # fmt: skip
    return [*piece.steps, count]


def _weight(line: Line, lines: LineSet) -> list[Formula]:
    """The weight on a line's ramp, with the steps before it; none without a ramp."""
    if line.ramp is None:
        return []
    owner = Owner(line.title, lines, line.cites)
    piece = on_ramp(owner, line.ramp.measure, len(line.ramp.points), "weight", "ratio")
    return [*piece.steps, owner.step(WEIGHT, WEIGHT, piece, "ratio")]


def _rate(line: Line, lines: LineSet) -> Formula:
    """What one of what is counted is paid: the amount, its weight on a ramp, its factors."""
    name, amount = PREFIX + line.id, line.amount
    assert amount is not None

    def calculate(values: Values) -> Any:
        if amount.written is not None:
            found = spoken(amount.written, lines, values)
        else:
            found = values[f"{name}_amount"]
        if amount.of is not None:
            found = found * values[f"{PREFIX}{amount.of}_rate"]
        return _adjusted(found, line, lines, values)

    own = needed_by(amount.written, lines) if amount.written else [f"{name}_amount"]
    other = [f"{PREFIX}{amount.of}_rate"] if amount.of else []
    needed = [*own, *other, *_adjusted_by(line, lines)]
    counted = line.counted.dimension if line.counted else None
    unit = unit_of(times(YUAN, counted or SHARE, -1))
    return made(f"{name}_rate", needed, calculate, unit, line.title, "rate", line.cites)


def _adjusted_by(line: Line, lines: LineSet) -> list[str]:
    """What an amount is adjusted by: the weight on a ramp, a factor, the area's factor."""
    weights = [own_name(line.title, WEIGHT)] if line.ramp else []
    areas = [f"{PREFIX}{line.id}_area"] if line.areas else []
    return [*weights, *needed_by(line.factor, lines), *areas]


def _adjusted(amount: Any, line: Line, lines: LineSet, values: Values) -> Any:
    """An amount or a lump sum times its weight on a ramp, its factor and its area's factor."""
    if line.ramp is not None:
        amount = amount * values[own_name(line.title, WEIGHT)]
    if line.factor is not None:
        amount = amount * spoken(line.factor, lines, values)
    return amount * values[f"{PREFIX}{line.id}_area"] if line.areas else amount


def _payment(line: Line, lines: LineSet) -> Formula:
    """Yuan of a line: count × rate, its lump sum and its bounds, where and when it applies."""
    name = PREFIX + line.id
    terms = [f"{name}_count", f"{name}_rate"] if line.counted and line.amount else []
    lump = [f"{name}_lump"] if line.lump_sum else []
    whole = shares_schools(lines) and bool(lump or line.bounds.said)
    share = [SHARE_OF_SCHOOL] if whole else []
    bounds = {key: own_name(line.title, key) for key in line.bounds.said}
    heads = [lines.per_pupil] if bounds else []

    def calculate(values: Values) -> Any:
        part = values[SHARE_OF_SCHOOL] if share else 1
        sums = [_counted(values[terms[0]], values[terms[1]], line)] if terms else []
        if lump:
            paid_once = _adjusted(values[lump[0]], line, lines, values)
            sums.append(paid_once * part if share else paid_once)
        found = reduce(lambda added, more: added + more, sums)
        limits = {key: values[bound] for key, bound in bounds.items()}
        found = _bounded(found, limits, values[heads[0]], part) if heads else found
        applies = values[f"{name}_applies"]
        if line.when is not None:
            applies = applies * spoken(line.when, lines, values)
        paid = _in_units(found, line.paid_in)
        due = where(applies, paid, 0)
        # where nobody is, a condition may be unknown; nothing is nothing all the same
        return due if line.when is None else known_or(due, where(paid, applies, 0))

    adjusted = _adjusted_by(line, lines) if lump else []
    needed = [*terms, *lump, *adjusted, *share, *heads, *bounds.values()]
    needed += [f"{name}_applies", *needed_by(line.when, lines)]
    if line.protection is None:
        return made(name, needed, calculate, "yuan", line.title, "", line.cites)
    return made(f"{name}_plain", needed, calculate, "yuan", line.title, "plain", line.cites)


def _counted(count: Any, rate: Any, line: Line) -> Any:
    """What is counted times its rate.

    Where nobody is, a rate on a ramp (or times a factor) has nothing to go by; nothing is paid.
    """
    found = count * rate
    return found if line.ramp is None and line.factor is None else where(count, found, 0)


def _in_units(found: Any, unit: float | None) -> Any:
    """A payment in whole yuan or fen; a half goes up."""
    if unit is None:
        return found
    return rounded(found) if unit == 1 else ratio(rounded(found * (1 / unit)), 1 / unit)


def _bounded(found: Any, limits: Values, heads: Any, part: Any) -> Any:
    """A payment within its bounds; the most has the last word."""
    if "least_per_pupil" in limits:
        found = maximum(found, limits["least_per_pupil"] * heads)
    if "least_per_school" in limits:
        found = maximum(found, limits["least_per_school"] * part)
    if "most_per_pupil" in limits:
        found = minimum(found, limits["most_per_pupil"] * heads)
    if "most_per_school" in limits:
        found = minimum(found, limits["most_per_school"] * part)
    return found


def _protected(line: Line, protection: Protection, lines: LineSet) -> list[Formula]:
    """A line's payment between the least and the most of last year's that is protected."""
    name, against = PREFIX + line.id, protection.against
    plain, last, heads = f"{name}_plain", f"{name}_last", lines.per_pupil
    per_pupil = [heads, HEADS_LAST] if protection.per_pupil else []
    shares = {key: own_name(line.title, f"protect_{key}") for key in protection.said}

    def before(values: Values) -> Any:
        return spoken(against, lines, values) if against else previous(values[name])

    def calculate(values: Values) -> Any:
        old, found = values[last], values[plain]
        old = ratio(old, above(old, 0))  # a line that begins has nothing to be held to
        if per_pupil:
            old = ratio(old, values[HEADS_LAST]) * values[heads]
        if "least" in shares:
            found = maximum(found, known_or(old * values[shares["least"]], found))
        if "most" in shares:
            found = minimum(found, known_or(old * values[shares["most"]], found))
        return where(values[f"{name}_applies"], found, 0)

    needed = needed_by(against, lines) if against else [name]
    held = [plain, last, *per_pupil, *shares.values(), f"{name}_applies"]
    return [
        made(last, needed, before, "yuan", line.title, "last", line.cites),
        made(name, held, calculate, "yuan", line.title, "", line.cites),
    ]


def line_inputs(line: Line) -> list[Input]:
    """What a line is given by year or place: where it applies, amount, lump sum, area factor."""
    found = [_input(line, "applies", "part", "flag")]
    if line.amount is not None and line.amount.figures is not None:
        counted = (line.counted.dimension if line.counted else None) or SHARE
        unit = "share" if line.amount.of else unit_of(times(YUAN, counted, -1))
        found.append(_input(line, "amount", "stage", unit))
    if line.lump_sum is not None:
        found.append(_input(line, "lump", "stage", "yuan"))
    if line.areas:
        found.append(_input(line, "area", "school", "ratio"))
    return found


def _input(line: Line, what: str, level: Level, unit: str) -> Input:
    """One number of a line; its place in the scenario is the line's."""
    return Input(
        f"{PREFIX}{line.id}_{what}", level, unit, "line", f"lines.{line.id}.{what}",
        by_year=what != "area", words=called(line.title, what),
    )  # fmt: skip
