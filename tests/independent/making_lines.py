"""Random formula lines of a district's own, with what an officer may add to a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.independent.making_pupils import Dice


def lines_of(dice: Dice, base_year: int) -> dict[str, Any]:
    """A formula of two to six lines: rates, ramps, bands, lump sums, factors, bounds, a pot."""
    rows = [_standard(dice, base_year)]
    for make in (_boarders, _classes, _lump, _ramped, _banded, _bounded, _share, _since):
        if dice.chance(0.45):
            rows.append(make(dice, base_year))
    found: dict[str, Any] = {**_named("own"), "per_pupil": "headcount", "lines": rows}
    if dice.chance(0.3):
        amount = {base_year - 1: dice.number(4e5, 9e6, 2), base_year + 2: dice.number(4e5, 9e6, 2)}
        found["pots"] = [{
            **_named("fixed"), "rule": dice.one_of("proportion", "level_up"), "shared": "total",
            "amount": amount,
        }]  # fmt: skip
    return found


def _named(name: str) -> dict[str, str]:
    return {"id": name, "zh": name, "en": name}


def _standard(dice: Dice, base_year: int) -> dict[str, Any]:
    rates = dice.one_of(
        {"primary": dice.number(500, 1500, 0), "junior": dice.number(700, 1900, 0)},
        dice.number(500, 1500, 0),
        {base_year - 2: dice.number(500, 900, 0), base_year + 2: dice.number(900, 1500, 0)},
    )
    found = {**_named("standard"), "counted": "funded_pupils", "amount": rates}
    by_year = isinstance(rates, dict) and all(isinstance(key, int) for key in rates)
    if dice.chance(0.3) and by_year:
        found["path"] = "straight"
    if dice.chance(0.3):
        found["areas"] = {"urban": 1.0, "town": 1.05, "rural": dice.number(1, 1.3)}
    if dice.chance(0.2):
        found["paid_in"] = dice.one_of(1, 0.01)
    return found


def _boarders(dice: Dice, base_year: int) -> dict[str, Any]:
    return {
        **_named("board"), "counted": "boarders", "amount": dice.number(100, 500),
        "stages": ["primary", "junior"],
    }  # fmt: skip


def _classes(dice: Dice, base_year: int) -> dict[str, Any]:
    text = dice.one_of("classes", "max(classes, 3)", "classes + 2")
    found = {**_named("by_class"), "counted": text, "amount": dice.number(1000, 9000)}
    if dice.chance(0.5):
        found["when"] = dice.one_of("headcount < 300", "headcount >= 50", "weak = 1")
    return found


def _lump(dice: Dice, base_year: int) -> dict[str, Any]:
    found = {**_named("fixed_sum"), "lump_sum": dice.number(5000, 60_000, 2)}
    if dice.chance(0.5):
        found["school_types"] = ["teaching_point", "primary", "nine_year"]
    return found


def _ramped(dice: Dice, base_year: int) -> dict[str, Any]:
    points = [[50, dice.number(1, 2)], [200, dice.number(0.6, 1)], [800, dice.number(0.2, 0.6)]]
    return {
        **_named("small"), "counted": "headcount", "amount": dice.number(100, 400),
        "ramp": {"measure": "headcount", "points": points},
    }  # fmt: skip


def _banded(dice: Dice, base_year: int) -> dict[str, Any]:
    return {
        **_named("banded"), "counted": "headcount", "amount": dice.number(50, 300),
        "bands": [{"below": 100, "as": 100}, {"below": 200, "as": 200}],
        "stages": ["primary", "junior"],
    }  # fmt: skip


def _bounded(dice: Dice, base_year: int) -> dict[str, Any]:
    return {
        **_named("bounded"), "counted": "special_heads", "amount": dice.number(4000, 9000),
        "factor": dice.one_of("1", "1 + 0.1 * weak"),
        "bounds": {"least_per_pupil": dice.number(1, 20), "most_per_pupil": dice.number(60, 300)},
    }  # fmt: skip


def _share(dice: Dice, base_year: int) -> dict[str, Any]:
    return {
        **_named("extra"), "counted": "funded_pupils", "stages": ["primary", "junior"],
        "amount": {"share": dice.number(0.01, 0.2), "of": "standard"},
    }  # fmt: skip


def _since(dice: Dice, base_year: int) -> dict[str, Any]:
    found = {
        **_named("later"), "counted": "headcount", "amount": dice.number(10, 90),
        "since": base_year + 2,
    }  # fmt: skip
    if dice.chance(0.5):
        found["until"] = base_year + 4
    if dice.chance(0.4):
        found["protection"] = {"least": 1.0, "per_pupil": dice.chance(0.5)}
    return found
