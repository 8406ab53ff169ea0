"""Draws of the future: a thousand at once against single runs, in a loop, and in memory."""

from __future__ import annotations

import tracemalloc

from simulator.district.sample import sample_district
from simulator.results.simulate import simulate
from simulator.risk.uncertainty import uncertainty
from simulator.scenario.load import SHIPPED, load_scenario
from tests.benchmarks import Row, faster_row, side_by_side, slower_row

DRAWS, LOOPED = 1000, 50
#: Single runs that a thousand draws may take as long as, and bytes that they may need.
RUNS, MOST = 60, 300e6
MB = 1e6


def run() -> list[Row]:
    district, steady = sample_district(), load_scenario(SHIPPED / "steady.yaml")
    rates = [steady.with_changes({"assumptions.pay_growth": 0.03 + n / 1e4}) for n in range(LOOPED)]
    once = side_by_side(
        lambda: uncertainty(district, steady, DRAWS), lambda: simulate(district, steady), 5
    )
    looped = side_by_side(
        lambda: uncertainty(district, steady, LOOPED),
        lambda: [simulate(district, each).verdict for each in rates],
        3,
    )
    return [
        slower_row(
            "1,000 draws of the sample, all figures and rules, against one run",
            "示范区县抽样 1,000 次（全部指标与规定），对照一次测算", once, RUNS,
        ),
        faster_row(
            "50 draws at once against the same runs and verdicts in a loop",
            "一次抽样 50 次，对照逐次测算并判定", looped, 3,
        ),
        _memory(),
    ]  # fmt: skip


def _memory() -> Row:
    district, steady = sample_district(), load_scenario(SHIPPED / "steady.yaml")
    tracemalloc.start()
    uncertainty(district, steady, DRAWS)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return Row(
        "Memory of 1,000 draws at its highest", "抽样 1,000 次的内存峰值", f"{most / MB:.0f} MB",
        f"{MOST / MB:.0f} MB", None, "≤ 300 MB", most <= MOST,
    )  # fmt: skip
