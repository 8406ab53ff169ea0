"""What private schools lack of the school rule: what it is, and what it would cost their owners.

Public money may not mend it, so it is no decision of the plan. Each school's owner is taken to
choose the exemption with which the fewest people must be found and, among those, the least
money is spent: things can be bought, backbone teachers cannot.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from simulator.district.model import District
from simulator.plan.problem import FINE_STEP, INDICATORS, ITEM_AT, KINDS, Array, Flags, Problem

FEN: Final = 0.01
#: A share of a step that arithmetic may leave of what is reached.
NOISE: Final = 1e-7


@dataclass(frozen=True, slots=True)
class Need:
    """What one indicator of a private school lacks, and what its owner must add.

    ``reached`` is the lowest share of the standard in a year in which it is asked, as the
    school is; ``asked`` the share that is enough (less than 1 where exempt); ``units`` what
    must be added (0 where the exemption covers it), bought in ``year`` for ``amount`` yuan,
    which is not known for teachers. It is ``in_use`` from a year on; not ``in_time`` where it
    takes longer to build than is left.
    """

    school: str
    stage: str
    indicator: str
    reached: float
    asked: float
    units: float
    year: int
    amount: float
    in_time: bool
    in_use: int


@dataclass(frozen=True, slots=True, eq=False)
class _Lack:
    """Units that a part lacks of one indicator: in full, and where it is exempt."""

    part: int
    indicator: int
    reached: float
    full: Array  # (T)
    least: Array  # (T)
    share: float


def owners_needs(problem: Problem) -> tuple[Need, ...]:
    """What every private school that fails the school rule lacks; nothing of those that pass."""
    if problem.private is None:
        return ()
    each = (_of_school(problem, int(school)) for school in np.flatnonzero(problem.private))
    return tuple(itertools.chain.from_iterable(each))


def with_owners(problem: Problem) -> Problem:
    """The problem in which owners have added what their schools lack; as it is where they do not.

    What they buy comes into use after the lead time, bought in the first planned year.
    """
    if not problem.owners:
        return problem
    unaided = problem.base if problem.unaided is None else problem.unaided
    base = unaided.copy()
    for need in owners_needs(problem):
        indicator, school = INDICATORS.index(need.indicator), problem.schools.index(need.school)
        here = problem.part_school == school
        if indicator in ITEM_AT:
            first = int(problem.lead[ITEM_AT.index(indicator)])
        else:
            first, here = 0, here & (problem.part_stage == problem.stages.index(need.stage))
        base[first:, indicator, here] += problem.factor[first:, indicator, here] * need.units
    return problem.with_(base=base, unaided=unaided)


def with_owners_district(district: District, needs: tuple[Need, ...]) -> District:
    """The district as its private schools' owners would have it: what they add is counted.

    A scenario's new schools are not in the data: they stay as the scenario opens them.
    """
    data = district.own or district
    schools = data.schools.copy()
    for need in (each for each in needs if each.school in schools.index):
        column = need.indicator
        if INDICATORS.index(column) not in ITEM_AT:
            column = f"{need.stage}_{column}"
        here = (schools.index == need.school).astype(float)
        schools[column] = schools[column].astype(float) + here * need.units
    return replace(data, schools=schools)


def _of_school(problem: Problem, school: int) -> list[Need]:
    """The cheapest way for one owner: over every choice of exemptions of every part."""
    parts = [int(part) for part in np.flatnonzero(problem.part_school == school)]
    lacking = {part: list(_lacking(problem, part)) for part in parts}
    choices = [
        list(itertools.combinations(
            [lack.indicator for lack in lacks], min(int(problem.exemptions[part]), len(lacks))
        ))
        for part, lacks in lacking.items()
    ]  # fmt: skip
    found = [
        list(_needs(problem, lacking, dict(zip(parts, chosen, strict=True))))
        for chosen in itertools.product(*choices)
    ]
    best = min(found, key=_burden)
    return best if any(need.units > 0 for need in best) else []


def _burden(needs: list[Need]) -> tuple[float, float]:
    """People to be found, then yuan."""
    people = sum(need.units for need in needs if need.indicator in KINDS)
    return people, sum(need.amount for need in needs if need.indicator not in KINDS)


def _lacking(problem: Problem, part: int) -> Iterator[_Lack]:
    """The indicators of a part below the standard in a year in which it is asked."""
    base = problem.base if problem.unaided is None else problem.unaided
    first = min(int(problem.start[part]), problem.target)
    active = problem.scope[:, part] & (np.arange(problem.horizon) >= first)
    for indicator in range(len(INDICATORS)):
        asked = problem.standard[:, problem.part_stage[part], indicator]
        looked = active & np.isfinite(asked)
        if not looked.any():
            continue
        level, factor = base[:, indicator, part], problem.factor[:, indicator, part]
        step = _step(problem, indicator)
        full, least = (
            _missing(level, asked * share, factor, looked, step)
            for share in (np.ones(problem.horizon), problem.exempt_share)
        )
        if (full > 0).any():
            reached = float((level[looked] / asked[looked]).min())
            share = float(problem.exempt_share[looked].max())
            yield _Lack(part, indicator, reached, full, least, share)


def _step(problem: Problem, indicator: int) -> float:
    if indicator in ITEM_AT:
        return problem.step_of(ITEM_AT.index(indicator))
    return 1.0 if problem.whole else FINE_STEP


def _missing(level: Array, asked: Array, factor: Array, looked: Flags, step: float) -> Array:
    """(T) units missing in each year, in whole steps; 0 where nothing is asked."""
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.ceil((asked - level) / factor / step - NOISE)
    return np.where(looked, np.maximum(steps, 0.0) * step, 0.0)


def _needs(
    problem: Problem, lacking: dict[int, list[_Lack]], exempt: dict[int, tuple[int, ...]]
) -> Iterator[Need]:
    """What is to be added with the exemptions chosen: teachers by part, facilities by school."""
    by_place: dict[tuple[int, int], list[_Lack]] = {}
    for lack in itertools.chain.from_iterable(lacking.values()):
        shared = lack.indicator in ITEM_AT
        by_place.setdefault((lack.indicator, -1 if shared else lack.part), []).append(lack)
    for lacks in by_place.values():
        yield _need(problem, sorted(lacks, key=lambda lack: lack.reached), exempt)


def _need(problem: Problem, lacks: list[_Lack], exempt: dict[int, tuple[int, ...]]) -> Need:
    """One indicator of a school; of a facility the stage that lacks most tells."""
    spared = [lack.indicator in exempt[lack.part] for lack in lacks]
    missing = np.array(
        [lack.least if free else lack.full for lack, free in zip(lacks, spared, strict=True)]
    ).max(axis=0)
    units, worst = float(missing.max()), lacks[0]
    year, amount, in_time, lead = problem.target, np.nan, True, 0
    if worst.indicator in ITEM_AT:
        item = ITEM_AT.index(worst.indicator)
        wanted = int(np.flatnonzero(missing > 0)[0]) if units > 0 else problem.target
        lead = int(problem.lead[item]) if units > 0 else 0
        in_time, year = wanted >= lead, max(wanted - lead, 0)
        amount = float(np.ceil(units * problem.price[year, item] / FEN - 1e-4) * FEN)
    school, stage = problem.part_name(worst.part)
    return Need(
        school, stage, INDICATORS[worst.indicator], worst.reached,
        worst.share if spared[0] else 1.0, units, problem.years[year], round(amount, 2), in_time,
        problem.years[year] + lead,
    )  # fmt: skip
