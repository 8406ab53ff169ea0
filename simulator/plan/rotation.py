"""Who moves from where to where and when: net moves paired, and spread over the years' caps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.plan.problem import BACKBONE, KINDS, Array, Problem, years_seen

#: Fewer persons than this are a solver's noise.
NOISE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Move:
    """Teachers of one kind who move from one part to another in a year (positions)."""

    kind: int
    giver: int
    taker: int
    year: int
    teachers: float


def pair_moves(problem: Problem, net: Array) -> list[Move]:
    """Moves from givers to takers for net moves (3, P, steps), within the caps of each year.

    Weak schools and the largest needs are served first; backbone teachers, whose own cap is
    narrower, are placed before the others.
    """
    found: list[Move] = []
    ends = years_seen(problem) or [problem.horizon - 1]
    begin = 0
    for step, end in enumerate(ends):
        room = _room(problem, begin, end)
        for kind in (BACKBONE, *(k for k in range(len(KINDS)) if k != BACKBONE)):
            for stage in range(len(problem.stages)):
                for giver, taker, teachers in _pairs(problem, net[kind, :, step], stage):
                    found.extend(_placed(room, kind, giver, taker, teachers, begin))
        begin = end + 1
    return sorted(found, key=lambda move: (move.year, move.kind, move.giver, move.taker))


def _room(problem: Problem, begin: int, end: int) -> Array:
    """(2, years) teachers who may still move in each year of a step: all, and backbone."""
    caps = np.array([problem.rotation_cap, problem.backbone_cap])[:, begin : end + 1]
    return np.asarray(np.floor(caps + 1e-9) if problem.whole else caps.copy())


def _pairs(problem: Problem, net: Array, stage: int) -> list[tuple[int, int, float]]:
    """(giver, taker, teachers) for one stage and kind."""
    inside = problem.part_stage == stage
    order = [int(part) for part in np.flatnonzero(inside & (np.abs(net) > NOISE))]
    weak = problem.weak[problem.part_school]
    takers = sorted((p for p in order if net[p] > 0), key=lambda p: (not weak[p], -net[p], p))
    givers = sorted((p for p in order if net[p] < 0), key=lambda p: (net[p], p))
    left = {part: abs(float(net[part])) for part in order}
    found = []
    for taker in takers:
        for giver in givers:
            teachers = min(left[taker], left[giver])
            if teachers > NOISE:
                found.append((giver, taker, teachers))
                left[taker] -= teachers
                left[giver] -= teachers
    return found


def _placed(
    room: Array, kind: int, giver: int, taker: int, teachers: float, begin: int
) -> list[Move]:
    """One flow spread over the years that still have room, earliest first."""
    found = []
    for offset in range(room.shape[1]):
        free = room[:, offset].min() if kind == BACKBONE else room[0, offset]
        last = offset == room.shape[1] - 1
        now = teachers if last else min(teachers, max(float(free), 0.0))
        if now > NOISE:
            found.append(Move(kind, giver, taker, begin + offset, now))
            room[0, offset] -= now
            room[1, offset] -= now if kind == BACKBONE else 0.0
            teachers -= now
    return found


def net_by_year(problem: Problem, moves: list[Move]) -> Array:
    """(3, P, T) net teachers moved in by year."""
    found = np.zeros((len(KINDS), len(problem.part_school), problem.horizon))
    for move in moves:
        found[move.kind, move.taker, move.year] += move.teachers
        found[move.kind, move.giver, move.year] -= move.teachers
    return found


def caps_kept(problem: Problem, moves: list[Move]) -> bool:
    """Whether no more teachers move in a year than may."""
    everyone, backbone = np.zeros(problem.horizon), np.zeros(problem.horizon)
    for move in moves:
        everyone[move.year] += move.teachers
        backbone[move.year] += move.teachers if move.kind == BACKBONE else 0.0
    return bool(
        (everyone <= problem.rotation_cap + 1e-6).all()
        and (backbone <= problem.backbone_cap + 1e-6).all()
    )
