"""Makes the plan's problem from a district, the packs and a scenario, by one run of the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulator.district.model import District
from simulator.errors import JunhengError
from simulator.law.balance.quantities import QUALITY
from simulator.machine.language import BASE
from simulator.plan.allowed import may_buy, may_move, refuse_private
from simulator.plan.known import refuse_unknown
from simulator.plan.owners import with_owners
from simulator.plan.problem import (
    INDICATORS,
    ITEMS,
    KINDS,
    Array,
    Flags,
    Ints,
    Problem,
    discounts,
)
from simulator.plan.spending import spending_of
from simulator.plan.wishes import Wishes, check_wishes
from simulator.policy.model import Policy
from simulator.results.result import Result
from simulator.results.simulate import simulate
from simulator.scenario.model import Scenario
from simulator.stages import STAGES

#: The engine knows lead times of none, one and two years.
LONGEST_LEAD = 2


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What a plan stands on: the scenario without its own purchases, its result, the parts.

    ``asked`` is the scenario as it was handed in. Parts that are not evaluated in any planned
    year are there too: their teachers may go to others.
    """

    asked: Scenario
    scenario: Scenario
    result: Result
    parts: Ints  # positions in the engine's index
    evaluated: Flags  # of the parts

    @property
    def years(self) -> tuple[int, ...]:
        """The planned years."""
        return self.result.index.years[BASE + 1 :]

    def by_year(self, name: str) -> Array:
        """A figure over (planned year, entity)."""
        return np.array([self.result.at(name, year) for year in self.years], dtype=float)

    def at_base(self, name: str) -> Array:
        """A figure of the base year over its entities."""
        return np.asarray(self.result.at(name, self.result.index.base_year), dtype=float)

    @property
    def private(self) -> Flags:
        """Which schools are private: neither bought for nor part of the rotation."""
        return np.asarray(self.at_base("public_school") == 0)

    def at_end(self, name: str) -> Array:
        """A figure of the last year over its entities: where schools' mergers have put it."""
        return np.asarray(self.result.at(name, self.years[-1]), dtype=float)


def without_purchases(scenario: Scenario) -> Scenario:
    """The scenario without the investments and moves that a plan decides."""
    paths = [
        f"levers.investment.{item}.{key}" for item in ITEMS for key in ("amount", "rule", "plan")
    ]
    said = scenario.flat()
    changes: dict[str, object] = {path: None for path in paths if path in said}
    rotation = said.get("levers.rotation")
    if rotation:
        kept = [row for row in rotation if row["kind"] not in KINDS]
        changes["levers.rotation"] = kept or None
    return scenario.with_changes(changes) if changes else scenario


def lay_ground(district: District, scenario: Scenario, policy: Policy | None = None) -> Ground:
    """Run the scenario without its own purchases; the primary and junior parts of every school."""
    bare = without_purchases(scenario)
    result = simulate(district, bare, policy=policy)
    scope = np.array([result.at("in_scope", year) for year in result.index.years[BASE + 1 :]])
    ordinary = np.isin(result.index.part_stage, (0, 1))
    # unknown pupils leave the scope unknown; they are named when the problem is made
    inside = ((scope == 1) | np.isnan(scope)).any(axis=0)
    parts = np.flatnonzero(ordinary)
    return Ground(scenario, bare, result, parts, inside[parts])


def build_problem(ground: Ground, wishes: Wishes) -> Problem:
    """The arrays of the plan's problem; JunhengError naming what is not known."""
    index = ground.result.index
    check_wishes(wishes, index.schools, ground.years)
    refuse_private(ground, wishes)
    refuse_unknown(ground, wishes)
    parts, stage = ground.parts, index.part_stage[ground.parts]
    school = index.part_school[parts]
    scope = ground.by_year("in_scope")[:, parts] == 1
    problem = Problem(
        years=ground.years,
        schools=index.schools,
        part_school=school,
        part_stage=stage,
        pupils=np.where(scope, ground.by_year("pupils")[:, parts], 0.0),
        scope=scope,
        factor=_factors(ground, scope),
        base=np.where(scope[:, np.newaxis, :], _levels(ground), 0.0),
        teachers=np.array([ground.at_end(kind)[parts] for kind in KINDS]),
        most_teachers=ground.at_end("teachers")[parts],
        standard=_standards(ground),
        limit=_limits(ground) * wishes.limit_factor,
        exempt_share=ground.by_year("exempt_share")[:, 0],
        exemptions=_exemptions(ground, wishes, len(parts)),
        price=np.array([ground.by_year(f"unit_price_{item}")[:, 0] for item in ITEMS]).T,
        lead=_leads(ground),
        discount=discounts(wishes.discount, len(ground.years)),
        envelope=_envelope(ground, wishes),
        carry_over=carries_over(ground.scenario, wishes),
        rotation_cap=_rotation(ground, "teachers"),
        backbone_cap=_rotation(ground, "backbone"),
        school_cap=_by_school(index.schools, wishes),
        item_cap=_item_caps(wishes, len(ground.years)),
        may_buy=may_buy(ground, wishes),
        may_move=may_move(ground, wishes),
        fixed_buy=np.full((len(ground.years), len(ITEMS), len(index.schools)), np.nan),
        fixed_move=np.full((len(KINDS), len(parts)), np.nan),
        target=ground.years.index(wishes.target) if wishes.target else len(ground.years) - 1,
        start=_starts(ground, wishes, school),
        weak=_weak(ground),
        home=np.zeros(len(index.schools), dtype=np.intp),
        whole=wishes.whole,
        spending=spending_of(ground, wishes),
        private=ground.private,
        owners=wishes.owners,
    )
    return with_owners(_with_fixed(problem.with_(home=homes(problem)), wishes))


def _factors(ground: Ground, scope: Flags) -> Array:
    """(T, 7, P) indicator level per unit of the stock."""
    pupils = ground.by_year("pupils")[:, ground.parts]
    share = ground.by_year("facility_share")[:, ground.parts]
    each = np.where(scope, 1.0 / np.where(scope, pupils, 1.0), 0.0)
    times = np.array([indicator.times for indicator in QUALITY])
    split = np.array([not indicator.teachers for indicator in QUALITY])
    own = np.where(split[:, np.newaxis], np.where(scope, share, 0.0)[:, np.newaxis, :], 1.0)
    return np.asarray(times[:, np.newaxis] * own * each[:, np.newaxis, :])


def _levels(ground: Ground) -> Array:
    by_name = [ground.by_year(f"value_{name}")[:, ground.parts] for name in INDICATORS]
    return np.stack(by_name, axis=1)


def _standards(ground: Ground) -> Array:
    by_stage = [ground.by_year(f"standard_{name}")[:, :2] for name in INDICATORS]
    return np.stack(by_stage, axis=-1)


def _limits(ground: Ground) -> Array:
    limit = ground.by_year("cv_limit")[:, :2]
    return np.repeat(limit[:, :, np.newaxis], len(INDICATORS), axis=2)


def _exemptions(ground: Ground, wishes: Wishes, parts: int) -> Ints:
    needed = ground.by_year("indicators_needed")[-1, 0]
    allowed = len(INDICATORS) - needed if np.isfinite(needed) else 0
    asked = allowed if wishes.exemptions is None else wishes.exemptions
    return np.full(parts, int(asked), dtype=np.intp)


def _leads(ground: Ground) -> Ints:
    """Years until a purchase comes into use; the engine takes anything longer as two."""
    by_year = np.array([ground.by_year(f"lead_time_{item}")[:, 0] for item in ITEMS])
    if (by_year != by_year[:, :1]).any():
        raise JunhengError("plan_lead")
    return np.where(by_year[:, 0] < LONGEST_LEAD, by_year[:, 0], LONGEST_LEAD).astype(np.intp)


def _envelope(ground: Ground, wishes: Wishes) -> Array:
    """Money for a plan: what the scenario leaves over, and no more than a person allows.

    What the scenario itself carries over is counted once: in the year that it is left.
    """
    left = ground.by_year("gap")[:, 0] - ground.by_year("carried_over")[:, 0]
    if wishes.envelope is None:
        return left
    asked = np.asarray(wishes.envelope, dtype=float)
    return np.where(np.isfinite(left), np.minimum(left, asked), asked)


def carries_over(scenario: Scenario, wishes: Wishes) -> bool:
    """Whether money left over may be spent later: as a person asks, or the scenario says."""
    return bool(wishes.carry_over or scenario.get("levers.carry_over"))


def _rotation(ground: Ground, kind: str) -> Array:
    """Teachers who may move in a year: the share that rotates of all there are; else none.

    Those of private schools neither rotate nor count.
    """
    share = ground.by_year("rotation_share")[:, 0]
    public = ~ground.private[ground.result.index.part_school[ground.parts]]
    people = ground.by_year(kind)[:, ground.parts[public]]
    return np.asarray(np.nan_to_num(share) * np.nansum(people, axis=1))


def _by_school(schools: Sequence[str], wishes: Wishes) -> Array:
    return np.array([float(wishes.school_caps.get(school, np.inf)) for school in schools])


def _item_caps(wishes: Wishes, years: int) -> Array:
    columns = [np.broadcast_to(wishes.item_caps.get(item, np.inf), years) for item in ITEMS]
    return np.array(columns, dtype=float).T


def _weak(ground: Ground) -> Flags:
    flags = ground.result.binding.district.schools["weak"].to_numpy(dtype=float, na_value=np.nan)
    return np.asarray(flags == 1)


def _starts(ground: Ground, wishes: Wishes, school: Ints) -> Ints:
    """The first year in which each part must meet the standards."""
    years = ground.years
    target = wishes.target or years[-1]
    by_school = np.full(len(ground.result.index.schools), years.index(target))
    if wishes.weak_by is not None:
        by_school[_weak(ground)] = min(years.index(wishes.weak_by), years.index(target))
    for name, year in wishes.priorities.items():
        position = ground.result.index.school_position[name]
        by_school[position] = min(years.index(year), years.index(target))
    return by_school[school].astype(np.intp)


def homes(problem: Problem) -> Ints:
    """The part under which each school's purchases are listed: the one that lacks most."""
    found = np.zeros(len(problem.schools), dtype=np.intp)
    lowest = np.full(len(problem.schools), np.inf)
    asked = problem.standard[-1][problem.part_stage].T
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = problem.base[-1, len(KINDS) :] / asked[len(KINDS) :]
        known = np.nan_to_num(shares, nan=np.inf).min(axis=0)
    # parts that are not evaluated come last: nothing is bought for them
    reached = np.where(problem.scope[-1], known, np.inf)
    for part in np.argsort(~problem.evaluated, kind="stable").tolist():
        school = problem.part_school[part]
        if reached[part] < lowest[school] or not np.isfinite(lowest[school]):
            found[school], lowest[school] = part, min(reached[part], 1e300)
    return found


def _with_fixed(problem: Problem, wishes: Wishes) -> Problem:
    """The problem with a person's own purchases and moves in it."""
    buy, move = problem.fixed_buy.copy(), problem.fixed_move.copy()
    for row in wishes.purchases:
        place = (
            problem.years.index(row["year"]),
            ITEMS.index(row["item"]),
            problem.schools.index(row["school"]),
        )
        bought = float(row["amount"]) / problem.price[place[:2]]
        buy[place] = bought + np.nan_to_num(buy[place])
    pairs = {problem.part_name(part): part for part in range(len(problem.part_school))}
    for row in wishes.moves:
        part = pairs.get((row["school"], row["stage"]))
        if part is None or row["stage"] not in STAGES[:2]:
            raise JunhengError("plan_part", school=row["school"], stage=row["stage"])
        kind = KINDS.index(row["kind"])
        move[kind, part] = float(row["teachers"]) + np.nan_to_num(move[kind, part])
    return problem.with_(fixed_buy=buy, fixed_move=move)
