"""Published Chinese notices as formula lines: totals as printed, rules by hand."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simulator.lines.line import LineSet, Source
from simulator.lines.read import read_lines
from simulator.policy.strict_yaml import read_yaml
from tests.lines.making import run

NOTICES: dict[str, Any] = read_yaml(Path(__file__).parent / "notices.yaml").data
SOURCES = {"pupils": Source("pupil"), "boarders": Source("pupil"), "small_class": Source("flag")}
CASES = [(name, *case) for name, notice in NOTICES.items() for case in notice.get("cases", [])]


def _lines(name: str) -> LineSet:
    return read_lines(NOTICES[name]["formula"], SOURCES)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_lechang_2019_is_paid_as_printed(published: Path) -> None:
    """36,176 · 1,150 + 15,644 · 1,950 = 72,108,200; (3,700 − 1,317) · 1,150 = 2,740,450."""
    rows = _rows(published / "cn_lechang_2019_operating_fund.csv")
    figures = {row["item_code"]: row["value"] for row in rows}
    small, small_pupils = int(figures["J"]), int(figures["K"])
    primary, junior = int(figures["B"]) - small_pupils, int(figures["C"])
    sizes = [small_pupils // small + (place < small_pupils % small) for place in range(small)]
    found = run(
        _lines("lechang_2019"), {"pupils": [*sizes, primary, junior]},
        stages=[*["primary"] * (small + 1), "junior"], years=(2016, 2017, 2018, 2019),
    )  # fmt: skip
    standard, topup = (found[f"line_{line}"][-1].sum() for line in ("standard", "small"))
    assert (standard, topup) == (72_108_200, 2_740_450)
    # printed in 万元
    assert (round(standard / 1e4), round(topup / 1e4)) == (7211, 274)


def test_lechang_2020_boarders_are_paid_as_printed(published: Path) -> None:
    rows = _rows(published / "cn_lechang_2020_boarding_top_up.csv")
    counted = [row for row in rows if row["boarders_total"]]
    boarders = [float(row["boarders_total"]) for row in counted]
    found = run(_lines("lechang_2020"), {"pupils": np.ones(len(counted)), "boarders": boarders})
    printed = [float(row["amount_yuan_printed"]) for row in counted]
    assert found["line_boarding"][-1].tolist() == printed
    assert len(printed) == 5


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(map(str, case[:4])))
def test_a_school_is_paid_by_the_notice(case: tuple[Any, ...]) -> None:
    name, stage, pupils, boarders, yuan, *small = case
    year = int(name.rpartition("_")[2])
    found = run(
        _lines(name),
        {"pupils": [pupils], "boarders": [boarders], "small_class": [float(bool(small))]},
        stages=[stage], years=(year - 1, year),
    )  # fmt: skip
    assert found["line_total"][-1].tolist() == pytest.approx([yuan], rel=1e-12)
