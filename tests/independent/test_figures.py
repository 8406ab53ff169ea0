"""Every figure of 200 random districts, computed a second time by a model that shares no code.

A failing seed is replayed alone by its number: the test of that name with ``[17]`` behind it.
"""

from __future__ import annotations

import ast
import functools
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simulator.district.columns import columns
from simulator.law import FORMULAS
from simulator.scenario.levers import known_paths
from tests.independent import against
from tests.independent.compared import COLUMNS_LEFT_OUT, NOT_COMPARED, OWN_STEPS, matching
from tests.independent.making import made
from tests.independent.model import Model

SEEDS = range(200)
#: Newer levers and columns of the page, which the districts use.
NEWER = (
    "headcount_basis", "private_operating", "small_school_unit", "primary_boarders_prior",
    "junior_boarders_prior", "mainstreamed_primary_prior", "mainstreamed_junior_prior",
    "appropriation_includes_transfers", "appropriation_scope", "compulsory_share",
)  # fmt: skip


def is_taken(name: str) -> bool:
    """Whether the product takes a lever or a column."""
    tables = (columns("schools"), columns("district"))
    return f"levers.{name}" in known_paths() or any(name in table for table in tables)


KNOWN = frozenset(name for name in NEWER if is_taken(name))


class Seen:
    """What comes of one seed: what differs, and what both know by name."""

    def __init__(self, seed: int) -> None:
        district = made(seed, KNOWN)
        result = against.compute(district)
        product = against.frames(result)
        model = Model(district)
        self.names, self.own = set(product), model.names
        self.differences = [
            *against.figures_apart(district, model, product),
            *against.tables_apart(district, model, result),
        ]
        self.far_from_exact = _far_from_exact(model, product)


def _far_from_exact(model: Model, product: dict[str, Any]) -> list[str]:
    """Pupils, by part and by year of study, a whole person or more from the unrounded path."""
    found = []
    for t in model.years:
        tables = [("pupils", model.people.exact[t])]
        grades = model.people.exact_grades[t]
        tables += [(f"grade_pupils_{g + 1}", grades[:, g]) for g in range(6)]
        for name, exact in tables:
            with np.errstate(invalid="ignore"):
                far = np.abs(product[name][t] - exact) >= 1
            found += [f"{name} of {model.town.parts[p]}, year {t}" for p in np.flatnonzero(far)]
    return found


@functools.cache
def seen(seed: int) -> Seen:
    """One seed, compared once."""
    return Seen(seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_figure_is_what_the_independent_model_says(seed: int) -> None:
    assert [str(each) for each in seen(seed).differences] == []
    # nor is any school or grade a person or more away from its unrounded path
    assert seen(seed).far_from_exact == []


def test_every_figure_of_the_product_is_compared() -> None:
    left = {name for seed in SEEDS for name in seen(seed).names - seen(seed).own}
    fits = {name: matching(name, NOT_COMPARED) for name in left}
    assert [name for name, found in fits.items() if not found] == []
    assert set().union(*fits.values()) == set(NOT_COMPARED)
    known = set().union(*(seen(seed).names | seen(seed).own for seed in SEEDS))
    assert {formula.name for formula in FORMULAS} <= known


def test_every_figure_of_the_model_is_compared_or_a_step_of_its_own() -> None:
    own, names = (set().union(*(getattr(seen(seed), what) for seed in SEEDS))
                  for what in ("own", "names"))  # fmt: skip
    fits = {name: matching(name, OWN_STEPS) for name in own - names}
    assert [name for name, found in fits.items() if not found] == []
    assert set().union(*fits.values()) == set(OWN_STEPS)


def test_every_column_of_the_tables_is_compared() -> None:
    district = made(1, KNOWN)
    result, judge = against.compute(district), Model(district).judge
    for table, rows, keys in (
        (result.checks, judge.checks(), {"year", "rule", "subject"}),
        (result.balance, judge.balance(), {"year", "stage", "evaluation", "indicator"}),
        (result.verdict.years, judge.verdict()[0], set()),
    ):
        compared = set(next(iter(rows.values()))) | keys
        assert set(table.columns) - compared <= set(COLUMNS_LEFT_OUT)
    said = {name for name in dir(result.verdict) if not name.startswith("_")}
    assert said == {*judge.verdict()[1], "years"}


@pytest.fixture(scope="module")
def compared() -> tuple[Any, Model, Any]:
    """One district, its model and the product's result, which agree."""
    district = made(CHANGED, KNOWN)
    return district, Model(district), against.compute(district)


#: The district whose figures are changed one by one: of every kind of school, no columns missing.
CHANGED = 1


def test_a_difference_of_any_figure_would_be_seen(compared: tuple[Any, Model, Any]) -> None:
    district, model, result = compared
    product = against.frames(result)
    for name in sorted(model.names & product.keys()):
        for change in (_known_another, _known_unknown):
            changed = {**product, name: change(product[name])}
            found = against.figures_apart(district, model, changed)
            assert [each.figure for each in found] == [name]


def _known_another(values: Any) -> Any:
    """The last value by a thousandth of it and one more; a known one where it was unknown."""
    found = values.copy()
    found[-1, -1] = np.nan_to_num(found[-1, -1]) * 1.001 + 1
    return found


def _known_unknown(values: Any) -> Any:
    """The first value unknown; a known one where it was unknown."""
    found = values.copy()
    found[0, 0] = 0.0 if np.isnan(found[0, 0]) else np.nan
    return found


def test_a_difference_of_any_table_would_be_seen(compared: tuple[Any, Model, Any]) -> None:
    district, model, result = compared
    tables = {"checks": result.checks, "balance": result.balance, "years": result.verdict.years}
    for table, frame in tables.items():
        for column in set(frame.columns) - set(COLUMNS_LEFT_OUT):
            frames = {**tables, table: _with_another(frame, column)}
            assert against.tables_apart(district, model, _tables(result, frames)), column
        frames = {**tables, table: frame.iloc[:-1]}
        assert against.tables_apart(district, model, _tables(result, frames)), table
    for name in model.judge.verdict()[1]:
        tampered = _tables(result, tables)
        setattr(tampered.verdict, name, "another")
        assert against.tables_apart(district, model, tampered), name
    assert against.tables_apart(district, model, _tables(result, tables)) == []


def _with_another(frame: Any, column: str) -> Any:
    """A table with something else in the last row of a column."""
    found = frame.astype({column: object})
    value = found[column].iloc[-1]
    number = pd.api.types.is_number(value) and not pd.isna(value)
    found.iloc[-1, found.columns.get_loc(column)] = value + 1 if number else "another"
    return found


def _tables(result: Any, frames: dict[str, Any]) -> Any:
    """A result that has other tables."""
    verdict = {name: getattr(result.verdict, name) for name in dir(result.verdict)
               if not name.startswith("_")}  # fmt: skip
    verdict["years"] = frames["years"]
    return SimpleNamespace(
        checks=frames["checks"], balance=frames["balance"], verdict=SimpleNamespace(**verdict)
    )


def test_what_is_newer_is_taken() -> None:
    assert frozenset(NEWER) == KNOWN


#: How the base year may read otherwise: the evaluation's transitional reading is a reading of
#: what is there, and the target is no year's standard, so neither is the way to it.
READINGS = "transitional_rules"
TARGET = {"target_rate", "lawful_rate"}


@pytest.mark.parametrize("seed", range(0, 200, 8))
def test_no_lever_moves_the_base_year(seed: int) -> None:
    asked, plain = made(seed, KNOWN), made(seed, KNOWN)
    plain.scenario["levers"] = {
        key: value for key, value in asked.scenario["levers"].items() if key == READINGS
    }
    tables = [against.frames(against.compute(each)) for each in (asked, plain)]
    moved = [name for name in tables[0].keys() & tables[1].keys()
             if against.apart(tables[0][name][0], tables[1][name][0], name).any()]  # fmt: skip
    assert set(moved) <= TARGET


@pytest.mark.parametrize("seed", range(0, 200, 40))
def test_a_district_is_the_same_read_from_files(seed: int) -> None:
    district = made(seed, KNOWN)
    for built, read in zip(district.loaded, district.from_files(), strict=True):
        assert built.fingerprint == read.fingerprint


def test_the_model_shares_no_code_with_the_product() -> None:
    waiting, checked = ["model"], set()
    while waiting:
        name = waiting.pop()
        checked.add(name)
        tree = ast.parse((Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8"))
        for used in _imported(tree):
            assert used.split(".")[0] in {*PLAIN, "tests"}, f"{name} imports {used}"
            mine = used.removeprefix("tests.independent").lstrip(".")
            waiting += [mine] if used.startswith("tests.independent.") else []
    assert {"book", "law", "operating", "staff", "things", "balance", "judge"} < checked


PLAIN = {"__future__", "ast", "collections", "datetime", "functools", "math", "numpy", "pandas",
         "pathlib", "typing", "yaml"}  # fmt: skip


def _imported(tree: ast.AST) -> set[str]:
    """The modules that a source imports; of a package of the tests, the modules named in it."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "tests.independent":
            found |= {f"tests.independent.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(str(node.module))
    return found
