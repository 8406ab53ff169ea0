"""A scenario's levers and assumptions as arrays over planned years and stages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from simulator.machine.index import Index
from simulator.machine.language import BASE, Array
from simulator.machine.registry import Input
from simulator.scenario.model import Scenario
from simulator.stages import STAGES

#: Growth leads from a year to the next planned one: it must not fill a gap in the accounts.
ONLY_PLANNED = frozenset(
    {"pupil_growth", "revenue_growth", "pay_growth", "price_growth", "transfers_growth"}
)
RULE_CODES = {"lowest_first": 0.0, "proportional": 1.0, "per_pupil": 2.0, "list": 3.0}
BASES = ("lag", "terms", "average")
#: What "not said" means for a lever that has no rule of the law behind it: no change.
NEUTRAL = {
    "pupil_growth": 0.0,
    "revenue_growth": 0.0,
    "pay_growth": 0.0,
    "price_growth": 0.0,
    "transfers_growth": 0.0,
    "appropriation_margin": 0.0,
    "rate_growth": 0.0,
    "headcount_lag": 0.0,
    "heating_rate": 0.0,
    "small_class_premium": 0.0,
    "weak_school_tilt": 0.0,
    "hold_harmless": 0.0,
    "carry_over": 0.0,
    "transitional_rules": 0.0,
}


def lever_array(leaf: Input, index: Index, scenario: Scenario) -> Array:
    """One lever as an array (year or 1, entity); base-year rows hold what "not said" means."""
    said = scenario.flat()
    special = _SPECIAL.get(leaf.name)
    if special is not None:
        return np.asarray(special(leaf, index, said))
    for prefix, maker in _FAMILIES.items():
        if leaf.name.startswith(prefix):
            return np.asarray(maker(leaf, index, said))
    if leaf.level == "stage":
        columns = [_of_stage(said, leaf.refers, stage) for stage in STAGES]
    else:
        columns = [said.get(leaf.refers)]
    neutral = NEUTRAL.get(leaf.name, np.nan)
    found = _table(columns, index, leaf.by_year, neutral)
    if leaf.name in ONLY_PLANNED:
        found[: BASE + 1] = np.nan
    return found


def _of_stage(said: Mapping[str, Any], path: str, stage: str) -> Any:
    return said.get(f"{path}.{stage}")


def _table(values: list[Any], index: Index, by_year: bool, neutral: float) -> Array:
    rows = len(index.years) if by_year else 1
    found = np.full((rows, len(values)), neutral)
    for column, value in enumerate(values):
        if value is None:
            continue
        if by_year:
            found[BASE + 1 :, column] = value
        else:
            found[0, column] = value
    return found


def path_shares(shape: Any, horizon: int) -> list[float]:
    """The share of the way gone by the end of each planned year."""
    if isinstance(shape, (list, tuple)):
        return [float(share) for share in shape]
    steps = [(year + 1) / horizon for year in range(horizon)]
    if shape == "front":
        return [1 - (1 - step) ** 2 for step in steps]
    if shape == "back":
        return [step**2 for step in steps]
    return steps


def _path(leaf: Input, index: Index, said: Mapping[str, Any]) -> Array:
    shares = path_shares(said.get("levers.operating_path"), index.horizon)
    found = np.zeros((len(index.years), 1))
    found[BASE + 1 :, 0] = shares
    return found


def _is(path: str, word: str) -> Any:
    """Whether a choice is made; one by year is made in planned years, no lever moves the base."""

    def flag(leaf: Input, index: Index, said: Mapping[str, Any]) -> Array:
        return _table([float(said.get(path) == word)], index, leaf.by_year, 0.0)

    return flag


def _repair_rate(leaf: Input, index: Index, said: Mapping[str, Any]) -> Array:
    return _table([said.get(f"levers.repair.{stage}") for stage in STAGES], index, False, np.nan)


def _aid(kind: str) -> Any:
    def rates(leaf: Input, index: Index, said: Mapping[str, Any]) -> Array:
        paths = [f"levers.aid_rate.{stage}_{kind}" for stage in STAGES]
        return _table([said.get(path) for path in paths], index, False, np.nan)

    return rates


def _band(leaf: Input, index: Index, said: Mapping[str, Any]) -> Array:
    """One size band of the small-school floor: a plain number is one band up to itself.

    Where the scenario gives bands for a stage, the law's own floor no longer speaks for it.
    """
    _, _, number, what = leaf.name.split("_")
    found = np.full((1, len(STAGES)), np.nan)
    for column, stage in enumerate(STAGES):
        bands = said.get(f"levers.small_school_floor.{stage}")
        if bands is None:
            continue
        if isinstance(bands, (int, float)):
            bands = [{"below": bands, "as": bands}]
        position = int(number) - 1
        found[0, column] = bands[position][what] if position < len(bands) else 0.0
    return found


def _invested(leaf: Input, index: Index, said: Mapping[str, Any]) -> Array:
    item = leaf.name.removeprefix("invest_")
    amount = said.get(f"levers.investment.{item}.amount")
    listed = said.get(f"levers.investment.{item}.rule") == "list"
    return _table([None if listed else amount], index, True, 0.0)


def _invest_rule(leaf: Input, index: Index, said: Mapping[str, Any]) -> Array:
    item = leaf.name.removeprefix("invest_rule_")
    rule = said.get(f"levers.investment.{item}.rule")
    return np.array([[RULE_CODES[rule] if rule else np.nan]])


def _listed(path: str, key: str, prefix: str) -> Any:
    """Amounts that a list gives to named schools: entries {school, stage, year, …}."""

    def amounts(leaf: Input, index: Index, said: Mapping[str, Any]) -> Array:
        found = np.zeros((len(index.years), index.size("part")))
        item = leaf.name.removeprefix(prefix)
        for entry in said.get(path.format(item=item)) or ():
            if entry.get("kind", item) != item:
                continue
            part = index.part_position.get((entry["school"], entry["stage"]))
            if part is not None and entry["year"] in index.years:
                found[index.years.index(entry["year"]), part] += entry[key]
        return found

    return amounts


def _under(rule: str) -> Any:
    """An amount that counts only under one rule of the appropriation."""

    def amount(leaf: Input, index: Index, said: Mapping[str, Any]) -> Array:
        chosen = said.get("levers.appropriation.rule", "revenue_plus") == rule
        value = said.get(leaf.refers) if chosen else None
        return _table([value], index, True, np.nan)

    return amount


def _basis(leaf: Input, index: Index, said: Mapping[str, Any]) -> Array:
    """By which count money is given: 0 an autumn's, 1 by terms, 2 the year's average."""
    return np.array([[float(BASES.index(said.get(leaf.refers) or BASES[0]))]])


_SPECIAL: dict[str, Any] = {
    "headcount_basis": _basis,
    "private_standard": _is("levers.private_operating", "standard"),
    "private_none": _is("levers.private_operating", "none"),
    "small_by_stage": _is("levers.small_school_unit", "stage"),
    "appropriation_added": _under("plus"),
    "appropriation_given": _under("series"),
    "path_share": _path,
    "geometric_path": _is("levers.operating_path", "geometric"),
    "pot_levels_up": _is("levers.operating_pot.rule", "level_up"),
    "training_alternative": _is("levers.training_pots", "alternative"),
    "repair_by_area_chosen": _is("levers.repair.method", "area"),
    "asked_repair_rate": _repair_rate,
    "asked_boarder_aid": _aid("boarder"),
    "asked_day_aid": _aid("day"),
    "operating_extra": _listed("levers.operating_extra", "amount", ""),
}
_FAMILIES: dict[str, Any] = {
    "asked_band_": _band,
    "invest_rule_": _invest_rule,
    "invest_": _invested,
    "listed_": _listed("levers.investment.{item}.plan", "amount", "listed_"),
    "moved_": _listed("levers.rotation", "teachers", "moved_"),
}
