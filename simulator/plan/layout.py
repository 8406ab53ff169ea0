"""Which decision stands where in the solver's vector."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.plan.problem import (
    COST,
    INDICATORS,
    ITEM_AT,
    ITEMS,
    KINDS,
    OPERATING,
    WHOLE,
    Array,
    Flags,
    Ints,
    Problem,
    norms,
    years_seen,
)

NONE = -1
#: Relative distance below which a stock counts as reaching its standard.
REACHED = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Positions of the decisions; −1 where there is none.

    ``buy`` (T, 4, S) and ``extra`` (T, 2, operating funds above the formula) money in 万元;
    ``into`` and ``out`` (3, P, steps) teachers who move; ``exempt`` (P, 7) yes or no;
    ``level`` (T, 7, P) and ``mean`` (T, 2, 7) in shares of ``norm`` (2, 7). A step of the
    rotation ends in each of the years ``seen``.
    """

    size: int
    buy: Ints
    extra: Ints
    into: Ints
    out: Ints
    exempt: Ints
    level: Ints
    mean: Ints
    norm: Array
    seen: tuple[int, ...]
    full: Array  # (T, 7, P) level that meets the standard, NaN where nothing is asked
    least: Array  # (T, 7, P) level that is enough where exempt

    @property
    def decisions(self) -> int:
        """Number of purchases, moves, exemptions …: what comes before levels and means."""
        return self.size - int((self.level >= 0).sum()) - int((self.mean >= 0).sum())


def lay_out(problem: Problem) -> Layout:
    """The positions of a problem's decisions: purchases, moves, exemptions, levels, means."""
    seen, norm = years_seen(problem), norms(problem)
    full, least = thresholds(problem, norm)
    wanted = _levels(problem, full)
    counter = _Counter()
    buy = counter.place(_purchases(problem, wanted))
    extra = counter.place(_on_top(problem))
    moving = np.repeat(_movers(problem, wanted)[:, :, np.newaxis], len(seen), axis=2)
    into, out = counter.place(moving), counter.place(moving)
    exempt = counter.place(_candidates(problem, full, least))
    level = counter.place(wanted)
    mean = counter.place(_means(problem))
    return Layout(
        counter.size, buy, extra, into, out, exempt, level, mean, norm, tuple(seen), full, least
    )  # fmt: skip


class _Counter:
    """Hands out positions one after the other."""

    def __init__(self) -> None:
        self.size = 0

    def place(self, wanted: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Ints:
        found = np.full(wanted.shape, NONE, dtype=np.intp)
        count = int(wanted.sum())
        found[wanted] = np.arange(self.size, self.size + count)
        self.size += count
        return found


def _levels(problem: Problem, full: Array) -> np.ndarray:
    """(T, 7, P) levels that some rule looks at."""
    wanted = np.isfinite(full)
    limited = np.isfinite(problem.limit)[:, problem.part_stage, :].transpose(0, 2, 1)
    limited[: problem.target] = False
    return np.asarray(wanted | limited & problem.scope[:, np.newaxis, :])


def _means(problem: Problem) -> np.ndarray:
    """(T, 2, 7) means whose CV is limited: in years from the target on, of two schools or more."""
    wanted = np.isfinite(problem.limit)
    wanted[: problem.target] = False
    for stage in range(2):
        count = (problem.scope & (problem.part_stage == stage)).sum(axis=1)
        wanted[count < 2, stage] = False
    return wanted


def _purchases(problem: Problem, wanted: np.ndarray) -> np.ndarray:
    """(T, 4, S) purchases that can come into use before the last year that is looked at."""
    years, schools, _ = problem.sizes
    asked = np.zeros((len(ITEMS), schools), dtype=bool)
    last = np.full((len(ITEMS), schools), NONE)
    for t in range(years):
        item, part = np.nonzero(wanted[t][list(ITEM_AT)])
        asked[item, problem.part_school[part]] = True
        last[item, problem.part_school[part]] = t
    arrival = np.arange(years)[:, np.newaxis, np.newaxis] + problem.lead[:, np.newaxis]
    useful = (arrival <= last) & (asked & problem.may_buy)
    return np.asarray(useful | np.isfinite(problem.fixed_buy))


def _on_top(problem: Problem) -> np.ndarray:
    """(T, 2) operating funds above the formula: where a rule about spending may ask for them."""
    if problem.spending is None:
        return np.zeros((problem.horizon, len(problem.stages)), dtype=bool)
    asked = problem.spending.asked
    needed = np.any(asked[[COST, OPERATING]], axis=(0, 1)) | asked[WHOLE].any()
    return np.asarray(needed & (problem.spending.counted > 0))


def _movers(problem: Problem, wanted: np.ndarray) -> np.ndarray:
    """(3, P) teachers of a kind who may move: at every school of a stage that asks for the kind."""
    each: Flags = np.asarray(wanted[:, : len(KINDS)].any(axis=0))
    asked = np.zeros_like(each)
    for stage in range(len(problem.stages)):
        here = problem.part_stage == stage
        asked[:, here] = each[:, here].any(axis=1, keepdims=True)
    allowed = problem.may_move & (problem.rotation_cap.sum() > 0) & np.isfinite(problem.teachers)
    return np.asarray((asked & allowed) | np.isfinite(problem.fixed_move))


def _candidates(problem: Problem, full: Array, least: Array) -> np.ndarray:
    """(P, 7) exemptions that could help: an indicator asked for and not met in any case."""
    if problem.chosen is not None:
        return np.zeros((len(problem.part_school), len(INDICATORS)), dtype=bool)
    helps = (full > least).any(axis=0).T
    return np.asarray(helps & (problem.exemptions > 0)[:, np.newaxis])


def thresholds(problem: Problem, norm: Array) -> tuple[Array, Array]:
    """(T, 7, P) levels that meet the standard, and that are enough where exempt; shares of norm.

    What is bought in steps, and whole teachers: the level of the next step up, so that the
    solver sees what rounding would ask for. A facility that reaches the standard without any
    purchase asks for nothing: stocks only grow.
    """
    stage = problem.part_stage
    asked = problem.standard[:, stage, :].transpose(0, 2, 1)
    years = np.arange(problem.horizon)[:, np.newaxis]
    active = problem.scope & (years >= np.minimum(problem.start, problem.target))
    active &= problem.asked_of
    full = np.where(active[:, np.newaxis, :], asked, np.nan)
    least = full * problem.exempt_share[:, np.newaxis, np.newaxis]
    size = norm[stage].T
    for position in range(len(INDICATORS)):
        _raise_to_whole(problem, position, full, least)
    if problem.chosen is not None:
        full = np.where(problem.chosen.T > 0.5, least, full)
        least = full
    return full / size, least / size


def _raise_to_whole(problem: Problem, position: int, full: Array, least: Array) -> None:
    """Raise one indicator's thresholds to what can be bought; drop those met in any case."""
    facility = position in ITEM_AT
    step = problem.step_of(ITEM_AT.index(position)) if facility else 1.0
    factor, base = problem.factor[:, position], problem.base[:, position]
    if problem.whole:
        with np.errstate(divide="ignore", invalid="ignore"):
            for level in (full, least):
                needed = np.ceil((level[:, position] - base) / factor / step - 1e-7) * step
                raised = base + factor * needed
                level[:, position] = np.where(np.isfinite(raised), raised, level[:, position])
    if facility:
        met = base >= full[:, position] * (1 - REACHED)
        least[:, position] = np.where(met, np.nan, np.maximum(least[:, position], base))
        full[:, position] = np.where(met, np.nan, full[:, position])
