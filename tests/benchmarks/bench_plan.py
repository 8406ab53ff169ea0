"""The plan: the cone problem against its bare solver and another library; proofs within time."""

from __future__ import annotations

import math
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np

from simulator.district.sample import sample_district
from simulator.plan.build import build_problem, lay_ground
from simulator.plan.cone import build_model, solve_model, solve_relaxed, solver_of
from simulator.plan.decide import Decision, decide
from simulator.plan.problem import INDICATORS, Problem
from simulator.plan.watch import Watch
from simulator.plan.wishes import Wishes
from simulator.scenario.load import SHIPPED, load_scenario
from tests.benchmarks import Row, printed, side_by_side, slower_row
from tests.plan.independent import MONEY, least
from tests.plan.making import drawn

#: Districts of the country of which so many are solved; the rest would take as long again.
DISTRICTS, MEASURED, SCHOOLS = 2_900, 290, 50
CORES = 2
GAP = 1e-3


def sample_problem() -> Problem:
    """The sample district's three years with money enough, exemptions open."""
    steady = load_scenario(SHIPPED / "steady.yaml")
    scenario = steady.with_changes({"levers.appropriation.margin": 0.03})
    return build_problem(lay_ground(sample_district(), scenario), Wishes())


def _relaxed() -> list[Row]:
    problem = sample_problem()
    model = build_model(problem)
    bare = side_by_side(
        lambda: solve_model(build_model(problem)), lambda: solver_of(model).solve(), 9
    )
    # the exemptions decided, so that both sides solve the same cones
    chosen = np.ones((len(problem.part_school), len(INDICATORS)))
    given = problem.with_(chosen=chosen, whole=False)
    mine, theirs = solve_relaxed(given).objective * MONEY, least(given, chosen)
    assert math.isclose(mine, theirs, rel_tol=1e-4), (mine, theirs)
    other = side_by_side(lambda: solve_relaxed(given), lambda: least(given, chosen), 5)
    return [
        slower_row(
            "Plan of the sample, continuous, arrays to answer, against the bare solver",
            "示范区县规划（连续问题），从数组到解，对照裸求解器", bare, 1.5,
        ),
        slower_row(
            "Continuous plan, exemptions decided, against cvxpy with the same solver",
            "豁免已定的连续规划，对照 cvxpy 与同一求解器", other, 1,
        ),
    ]  # fmt: skip


def roomy(schools: int, seed: int) -> Problem:
    """A random district that can be balanced: limits a third wider, three times the rotation."""
    problem = drawn(schools, seed, envelope=np.full(3, np.inf))
    wide = problem.with_(limit=problem.limit * 1.35, rotation_cap=problem.rotation_cap * 3)
    return wide.with_(backbone_cap=wide.backbone_cap * 3)


def _proved(schools: int, most: float) -> tuple[Decision, float]:
    """The first random district of that size that has a plan, and the seconds it took."""
    for seed in range(40):
        problem = roomy(schools, seed)
        if solve_relaxed(problem).status != "optimal":
            continue
        started = time.perf_counter()
        found = decide(problem, GAP, Watch(seconds=most))
        return found, time.perf_counter() - started
    raise AssertionError(f"no random district of {schools} schools can be balanced")


def _exact() -> list[Row]:
    rows = []
    for schools, most, gap in ((60, 10.0, GAP), (300, 60.0, math.inf)):
        found, seconds = _proved(schools, most)
        reached = f"{found.gap:.4%}" if found.paid is not None else "–"
        met = found.paid is not None and seconds <= most * 1.05 and found.gap <= gap
        asked = "0.1%" if math.isfinite(gap) else "–"
        rows.append(
            Row(
                f"Plan with its yes/no decisions, {schools} schools, gap {reached} "
                f"(asked: {asked})",
                f"含豁免取舍的规划，{schools} 所学校，差距 {reached}（要求 {asked}）",
                printed(seconds), f"{most:g} s", seconds / most, "≤ 1", met,
            )
        )  # fmt: skip
    return rows


def _district(seed: int) -> bool:
    return solve_relaxed(roomy(SCHOOLS, seed)).status in ("optimal", "infeasible")


def _country() -> list[Row]:
    """Many districts one after the other, and shared out over two cores."""
    started = time.perf_counter()
    assert all(map(_district, range(MEASURED)))
    one = time.perf_counter() - started
    with ProcessPoolExecutor(CORES, get_context("forkserver")) as pool:
        list(pool.map(_district, range(CORES * 4)))  # the workers are ready
        started = time.perf_counter()
        assert all(pool.map(_district, range(MEASURED), chunksize=8))
        two = time.perf_counter() - started
    scale = DISTRICTS / MEASURED
    return [
        Row(
            f"Continuous plans of {DISTRICTS:,} districts of {SCHOOLS} schools on {CORES} cores "
            f"({MEASURED} measured), against one core; speed-up {one / two:.2f}",
            f"{DISTRICTS:,} 个区县各 {SCHOOLS} 所学校的连续规划，{CORES} 核"
            f"（实测 {MEASURED} 个），对照单核；加速 {one / two:.2f} 倍",
            printed(two * scale), printed(one * scale), two / one, "–", True,
        )
    ]  # fmt: skip


def run() -> list[Row]:
    return [*_relaxed(), *_exact(), *_country()]
