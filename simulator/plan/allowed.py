"""Whom a plan buys for and whose teachers it moves: public schools that are not left alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from simulator.errors import JunhengError
from simulator.plan.problem import ITEMS, KINDS, Flags

if TYPE_CHECKING:
    from simulator.plan.build import Ground
    from simulator.plan.wishes import Wishes


def refuse_private(ground: Ground, wishes: Wishes) -> None:
    """Raise JunhengError where a fixed purchase or move is of a private school."""
    named = {str(row["school"]) for row in (*wishes.purchases, *wishes.moves)}
    private = sorted(
        name
        for name, own in zip(ground.result.index.schools, ground.private, strict=True)
        if own and name in named
    )
    if private:
        raise JunhengError("plan_private", name=", ".join(private))


def may_buy(ground: Ground, wishes: Wishes) -> Flags:
    """(4, S) what may be bought: nothing for private schools, nor for those left alone."""
    schools = ground.result.index.schools
    allowed = np.tile(~ground.private, (len(ITEMS), 1))
    allowed[:, _positions(schools, wishes.untouched)] = False
    for school, item in wishes.untouched_items:
        allowed[ITEMS.index(item), schools.index(school)] = False
    return allowed


def may_move(ground: Ground, wishes: Wishes) -> Flags:
    """(3, P) whose teachers may move: those of public schools that are not left alone."""
    index = ground.result.index
    still = ground.private.copy()
    still[_positions(index.schools, wishes.untouched)] = True
    return np.tile(~still[index.part_school[ground.parts]], (len(KINDS), 1))


def _positions(schools: Sequence[str], named: Sequence[str]) -> list[int]:
    return [schools.index(name) for name in named]
