"""Balance of a whole country's schools in one call, against reading their columns once."""

from __future__ import annotations

import dataclasses
import math
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from simulator.law.balance.measure import coefficient_of_variation
from simulator.law.balance.quantities import INDICATORS
from simulator.results.many import balance_of_many
from tests.benchmarks import Row, side_by_side, slower_row

SCHOOLS, DISTRICTS = 200_000, 2_900
TIMES = 7


def country() -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """District, stage and columns of every school: random, with a seed, district by district."""
    draw = np.random.default_rng(2012)
    keys = np.sort(draw.integers(0, 2 * DISTRICTS, SCHOOLS))
    columns = {item.id: draw.uniform(1, 1000, SCHOOLS) for item in INDICATORS}
    columns["pupils"] = draw.uniform(30, 2000, SCHOOLS)
    columns["teaching_point"] = (columns["pupils"] < 100).astype(float)
    return keys // 2, keys % 2, columns


def check(district: np.ndarray, stage: np.ndarray, columns: dict[str, np.ndarray]) -> None:
    """The call gives what the public measure gives, one stage of one district at a time."""
    found = balance_of_many(district, stage, columns, 50).stages
    assert len(found) == 2 * DISTRICTS
    for place in [(0, 0), (1449, 1), (DISTRICTS - 1, 1)]:
        rows = (district == place[0]) & (stage == place[1])
        rows &= ~((columns["teaching_point"] == 1) & (columns["pupils"] < 50))
        own = coefficient_of_variation(columns["books"][rows], columns["pupils"][rows])
        np.testing.assert_allclose(found.at[place, "cv_books"], own, rtol=1e-9)


def run() -> list[Row]:
    district, stage, columns = country()
    check(district, stage, columns)

    def ours() -> object:
        return balance_of_many(district, stage, columns, 50)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "schools.csv"
        pd.DataFrame({"district": district, "stage": stage, **columns}).round(2).to_csv(path)
        read = side_by_side(ours, lambda: pd.read_csv(path), TIMES)
    bare = side_by_side(ours, lambda: [column.sum() for column in columns.values()], TIMES)
    memory = slower_row(
        "The same, against adding up each column in memory, for information",
        "同上，对照在内存中把各列各加一遍（仅供参考）",
        bare,
        math.inf,
    )
    return [
        slower_row(
            f"All indicators, CVs and contributions, {SCHOOLS:,} schools in {DISTRICTS:,} "
            "districts, against reading their columns once from a CSV file",
            f"全部指标、差异系数与贡献，{DISTRICTS:,} 个区县 {SCHOOLS:,} 所学校，"
            "对照从 CSV 文件读入各列一次",
            read,
            5,
        ),
        dataclasses.replace(memory, goal="–"),
    ]
