"""What a plan starts from: rules broken that no purchase can mend, investment set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.machine.language import BASE
from simulator.plan.problem import GROWING, ITEMS, WHOLE, Problem

if TYPE_CHECKING:
    from simulator.plan.build import Ground
    from simulator.plan.wishes import Wishes
    from simulator.results.result import Result

#: Less than half a fen is nothing.
NOTHING = 0.005


@dataclass(frozen=True, slots=True, order=True)
class Broken:
    """A rule that is broken in a year: its id, whom it is about, and what is missing.

    ``subject`` is the district, a stage or a school; ``missing`` is in the unit of the rule's
    headroom (yuan for money) and unknown where it is no amount.
    """

    year: int
    rule: str
    subject: str
    missing: float


def failing(result: Result) -> tuple[Broken, ...]:
    """Every rule that a result breaks in a planned year."""
    planned = result.index.years[BASE + 1 :]
    checks = result.checks
    rows = checks[(checks["status"] == "fail") & checks["year"].isin(planned)]
    columns: Sequence[Any] = [rows[name] for name in ("year", "rule", "subject", "headroom")]
    return tuple(
        Broken(int(year), str(rule), str(subject), -float(headroom))
        for year, rule, subject, headroom in zip(*columns, strict=True)
    )


def beyond_mending(result: Result, problem: Problem) -> tuple[Broken, ...]:
    """Rules that hold no decision of the plan and are broken without it.

    Rules about spending are the plan's own: it pays what they ask for.
    """
    mine = in_problem(problem)
    return tuple(each for each in failing(result) if _key(each) not in mine)


def in_problem(problem: Problem) -> frozenset[tuple[int, str, str]]:
    """(year, rule, subject) of the rules about spending that the plan must keep."""
    if problem.spending is None:
        return frozenset()
    return frozenset(
        (
            problem.years[year],
            GROWING[family],
            "district" if family == WHOLE else problem.stages[stage],
        )
        for family, year, stage in np.argwhere(problem.spending.asked).tolist()
    )


def newly_broken(result: Result, known: Sequence[Broken], waived: bool) -> tuple[Broken, ...]:
    """Rules that a plan's result breaks, beside those known before and those waived."""
    before = {_key(each) for each in known}
    return tuple(
        each
        for each in failing(result)
        if _key(each) not in before and not (waived and each.rule == GROWING[0])
    )


def _key(broken: Broken) -> tuple[int, str, str]:
    return broken.year, broken.rule, broken.subject


def set_aside(ground: Ground, before: Result, wishes: Wishes) -> list[dict[str, Any]]:
    """The scenario's own investment by item and year, less what is fixed into the plan."""
    if ground.asked is ground.scenario:
        return []
    found = []
    for year in ground.years:
        for item in ITEMS:
            own = float(before.at(f"investment_total_{item}", year)[0])
            kept = sum(
                float(row["amount"])
                for row in wishes.purchases
                if row["item"] == item and row["year"] == year
            )
            if not own - kept <= NOTHING:  # what is not known is told too
                found.append({"item": item, "year": year, "amount": round(own - kept, 2)})
    return found
