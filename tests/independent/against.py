"""The product's figures laid beside the independent model's, figure by figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

import simulator as sim
from tests.independent.book import STAGES, Array
from tests.independent.making import Made
from tests.independent.model import Model

#: Relative distance above which two figures differ; both do the same sums in another order.
APART = 1e-8
#: Below these, a figure is the noise of larger ones that cancel out: yuan that are left over, and
#: all else.
SMALL_YUAN = 1e-5
SMALL = 1e-10
LEFT_OVER = ("headroom", "gap")


@dataclass(frozen=True)
class Difference:
    """One figure that differs: where, and both values."""

    figure: str
    seed: int
    year: int
    entity: str
    model: Any
    product: Any

    def __str__(self) -> str:
        at = f"{self.figure} of {self.entity} in {self.year} (seed {self.seed})"
        return f"{at}: model {self.model}, product {self.product}"


def frames(result: Any) -> dict[str, Array]:
    """Every figure of a result by name, (year, entity); stage figures by their three columns."""
    index = result.index
    years = index.horizon + 1
    found: dict[str, Array] = {}
    for frame, size in (
        (result.schools, len(index.parts)),
        (result.school_totals, len(index.schools)),
    ):
        for name in frame:
            found[name] = frame[name].to_numpy(dtype=float).reshape(years, size)
    district = result.district
    columns = set(district.columns)
    for name in district:
        stem = name.removesuffix("_primary")
        if stem != name and {f"{stem}_{stage}" for stage in STAGES} <= columns:
            found[stem] = district[[f"{stem}_{stage}" for stage in STAGES]].to_numpy(dtype=float)
        elif not name.endswith(tuple(f"_{stage}" for stage in STAGES)):
            found[name] = district[name].to_numpy(dtype=float).reshape(years, 1)
    return found


def entities(model: Model, size: int) -> list[str]:
    """What the columns of a figure stand for."""
    town = model.town
    if size == 1:
        return ["district"]
    if size == len(town.parts):
        return [f"{school} {stage}" for school, stage in town.parts]
    return town.names if size == len(town.names) else list(STAGES)


def apart(one: Array, other: Array, name: str = "") -> Array:
    """Where two tables differ: by more than noise, or one is unknown and the other is not."""
    small = SMALL_YUAN if any(word in name for word in LEFT_OVER) and "cv" not in name else SMALL
    with np.errstate(invalid="ignore"):
        far = np.abs(one - other) > np.maximum(
            APART * np.maximum(np.abs(one), np.abs(other)), small
        )
    return np.where(np.isnan(one) | np.isnan(other), np.isnan(one) != np.isnan(other), far)


def figures_apart(made: Made, model: Model, product: dict[str, Array]) -> list[Difference]:
    """The first place of every figure of both that differs."""
    found = []
    for name in sorted(model.names & product.keys()):
        mine, theirs = model.figure(name), product[name]
        places = np.argwhere(apart(mine, theirs, name))
        if len(places):
            t, at = places[0]
            who = entities(model, mine.shape[1])[at]
            year = model.town.base + int(t)
            found.append(Difference(name, made.seed, year, who, mine[t, at], theirs[t, at]))
    return found


def tables_apart(made: Made, model: Model, result: Any) -> list[Difference]:
    """Rules, balance and verdict that differ; a row that only one of both has differs too."""
    found = _checks_apart(made, model, result)
    theirs = {
        (row["year"], row["stage"], row["evaluation"], row["indicator"]): row
        for row in result.balance.to_dict("records")
    }
    found += _rows_apart(made, "balance", model.judge.balance(), theirs)
    years, overall = model.judge.verdict()
    verdict = result.verdict
    rows = {(year,): dict(row) for year, row in verdict.years.iterrows()}
    found += _rows_apart(made, "verdict", {(y,): row for y, row in years.items()}, rows)
    both = {name: getattr(verdict, name) for name in overall}
    return found + _rows_apart(made, "verdict", {(0,): overall}, {(0,): both})


def _checks_apart(made: Made, model: Model, result: Any) -> list[Difference]:
    theirs = {
        (row["year"], row["rule"], row["subject"]): row for row in result.checks.to_dict("records")
    }
    mine = model.judge.checks()
    found = []
    for rule in sorted({key[1] for key in (*mine, *theirs)}):
        found += _rows_apart(
            made, f"check {rule}",
            {key: row for key, row in mine.items() if key[1] == rule},
            {key: row for key, row in theirs.items() if key[1] == rule},
        )  # fmt: skip
    return found


def _rows_apart(made: Made, what: str, mine: Any, theirs: Any) -> list[Difference]:
    found: dict[str, Difference] = {}
    for key in [*mine, *(key for key in theirs if key not in mine)]:
        one, other = mine.get(key), theirs.get(key)
        names = ["row"] if one is None or other is None else list(one)
        for name in names:
            left, right = (one, other) if name == "row" else (one[name], other[name])
            figure = f"{what} {name}"
            if not _same(left, right, name):
                where = " ".join(map(str, key[1:])) or "overall"
                found.setdefault(figure, Difference(figure, made.seed, key[0], where, left, right))
    return list(found.values())


def _same(one: Any, other: Any, name: str) -> bool:
    if isinstance(one, (float, np.floating)) and isinstance(other, (int, float, np.floating)):
        return not apart(np.array([float(one)]), np.array([float(other)]), name).any()
    if isinstance(other, (float, np.floating)) and np.isnan(other):
        other = None  # how a table writes that there is none
    return one is other or (one is not None and one == other)


def compute(made: Made) -> Any:
    """The product's result of a made district."""
    district, scenario = made.loaded
    return sim.simulate(district, scenario)
