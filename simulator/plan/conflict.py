"""When there is no plan: the smallest set of rules that contradict one another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.plan.cone import Answer, build_model, solve_model
from simulator.plan.exact import solve_exact
from simulator.plan.problem import GROWING, INDICATORS, ITEM_AT, WHOLE, Flags, Problem, Rule
from simulator.plan.rows import ANY, rule_at
from simulator.plan.watch import Watch

#: A proof's share below which a rule plays no part in it.
PART: Final = 1e-6
#: For proofs with yes/no decisions any plan will do, however dear.
ANY_GAP: Final = 0.5
#: Contradictions told beside the first one.
MOST_CONFLICTS: Final = 4
#: What is given up most easily comes first: wishes, then habits, then what the law asks.
EASIEST: Final = (
    "untouched", "fixed", "school_cap", "item_cap", "priority", "rotation", "backbone",
    "money", *GROWING, "one_exempt", "standard", "cv",
)  # fmt: skip
Dropped = Callable[[Problem], Problem]


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """A rule that could be dropped, and the problem without it."""

    rule: Rule
    drop: Dropped


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rules that cannot hold together; each of them is needed for the contradiction.

    ``by`` says whether the proof needs the yes/no decisions ("exact") or not ("relaxed").
    """

    rules: tuple[Rule, ...]
    by: str


def named_rules(problem: Problem) -> list[Named]:
    """Every rule of a problem that a person or the law could change."""
    return [
        *_standards_and_limits(problem),
        *_money(problem),
        *_exempt(problem),
        *_rotation(problem),
        *_growing(problem),
        *_wishes(problem),
    ]


def _standards_and_limits(problem: Problem) -> Iterator[Named]:
    for stage in range(len(problem.stages)):
        for indicator in range(len(INDICATORS)):
            for family, field in (("standard", "standard"), ("cv", "limit")):
                if np.isfinite(getattr(problem, field)[:, stage, indicator]).any():
                    rule = rule_at(problem, family, stage, indicator, ANY, ANY)
                    yield Named(rule, _without(field, (slice(None), stage, indicator), np.nan))


def _without(field: str, place: object, value: float) -> Dropped:
    """Drop a rule by setting one place of an array to a value that asks nothing."""

    def dropped(problem: Problem) -> Problem:
        array = getattr(problem, field).copy()
        array[place] = value
        return problem.with_(**{field: array})

    return dropped


def _money(problem: Problem) -> Iterator[Named]:
    for year in range(problem.horizon):
        if np.isfinite(problem.envelope[year]):
            rule = rule_at(problem, "money", ANY, ANY, year, ANY)
            yield Named(rule, _without("envelope", year, np.inf))
        for item, indicator in enumerate(ITEM_AT):
            if np.isfinite(problem.item_cap[year, item]):
                rule = rule_at(problem, "item_cap", ANY, indicator, year, ANY)
                yield Named(rule, _without("item_cap", (year, item), np.inf))
    for school in np.flatnonzero(np.isfinite(problem.school_cap)):
        rule = rule_at(problem, "school_cap", ANY, ANY, ANY, int(school))
        yield Named(rule, _without("school_cap", int(school), np.inf))


def _exempt(problem: Problem) -> Iterator[Named]:
    every = np.full(len(problem.part_school), len(INDICATORS), dtype=np.intp)
    if np.isfinite(problem.standard).any():
        yield Named(Rule("one_exempt"), lambda p: p.with_(exemptions=every))


def _rotation(problem: Problem) -> Iterator[Named]:
    for family, field in (("rotation", "rotation_cap"), ("backbone", "backbone_cap")):
        if np.isfinite(getattr(problem, field)).all() and problem.may_move.any():
            yield Named(Rule(family), _without(field, slice(None), np.inf))


def _growing(problem: Problem) -> Iterator[Named]:
    """What is spent per pupil must rise: of each family, year and stage."""
    if problem.spending is None:
        return
    for family, year, stage in np.argwhere(problem.spending.asked).tolist():
        told = ANY if family == WHOLE else stage
        rule = rule_at(problem, GROWING[family], told, ANY, year, ANY)
        yield Named(rule, _not_asked(family, year, stage))


def _not_asked(family: int, year: int, stage: int) -> Dropped:
    def dropped(problem: Problem) -> Problem:
        assert problem.spending is not None
        asked = problem.spending.asked.copy()
        asked[family, year, stage] = False
        return problem.with_(spending=problem.spending.with_(asked=asked))

    return dropped


def _wishes(problem: Problem) -> Iterator[Named]:
    """What a person has fixed, forbidden or put first."""
    if np.isfinite(problem.fixed_buy).any() or np.isfinite(problem.fixed_move).any():
        free, still = (
            np.full_like(problem.fixed_buy, np.nan),
            np.full_like(problem.fixed_move, np.nan),
        )
        yield Named(Rule("fixed"), lambda p: p.with_(fixed_buy=free, fixed_move=still))
    closed: Flags = np.asarray(~problem.may_buy.all(axis=0))
    closed[problem.part_school[~problem.may_move.all(axis=0)]] = True
    if problem.private is not None:  # no wish: the law has it so
        closed &= ~problem.private
    for school in np.flatnonzero(closed):
        rule = rule_at(problem, "untouched", ANY, ANY, ANY, int(school))
        yield Named(rule, _opened(int(school)))
    if (problem.start < problem.target).any():
        late = np.full_like(problem.start, problem.target)
        yield Named(Rule("priority"), lambda p: p.with_(start=late))


def _opened(school: int) -> Dropped:
    def dropped(problem: Problem) -> Problem:
        buy, move = problem.may_buy.copy(), problem.may_move.copy()
        buy[:, school] = True
        move[:, problem.part_school == school] = True
        return problem.with_(may_buy=buy, may_move=move)

    return dropped


def impossible(problem: Problem, exact: bool, watch: Watch) -> bool:
    """Whether a problem provably has no plan."""
    watch.tell("plan.step.conflict", 0.85)
    if not exact:
        return solve_model(build_model(problem)).status == "infeasible"
    return solve_exact(problem, ANY_GAP, watch).status == "infeasible"


def find_conflict(problem: Problem, watch: Watch) -> Conflict | None:
    """The smallest set of rules without which there would be a plan; None where there is one.

    Rules that play no part in the solver's proof are left out first; then each is taken
    out on trial, and stays out where the rest still contradict one another.
    """
    answer = solve_model(build_model(problem))
    exact = answer.status != "infeasible"
    if exact and not impossible(problem, True, watch):
        return None
    rules = named_rules(problem)
    kept = rules if exact else _in_proof(problem, answer, rules)
    if not exact and not impossible(_dropped(problem, rules, kept), False, watch):
        kept = rules
    for rule in _order(kept):
        fewer = [each for each in kept if each is not rule]
        if impossible(_dropped(problem, rules, fewer), exact, watch):
            kept = fewer
    return Conflict(tuple(sorted(each.rule for each in kept)), "exact" if exact else "relaxed")


def further_conflicts(problem: Problem, first: Conflict, watch: Watch) -> tuple[Conflict, ...]:
    """Contradictions that stay when every rule of those before is dropped."""
    found: list[Conflict] = []
    rest = without(problem, first.rules)
    while len(found) < MOST_CONFLICTS and (another := find_conflict(rest, watch)) is not None:
        found.append(another)
        rest = without(rest, another.rules)
    return tuple(found)


def released(conflicts: Sequence[Conflict]) -> tuple[Rule, ...]:
    """One rule of each conflict that is given up most easily: a person's wish before the law."""
    return tuple(
        min(each.rules, key=lambda rule: (EASIEST.index(rule.family), rule)) for each in conflicts
    )


def without(problem: Problem, rules: Sequence[Rule]) -> Problem:
    """The problem without some of its rules."""
    found = problem
    for named in named_rules(problem):
        if named.rule in rules:
            found = named.drop(found)
    return found


def _order(rules: Sequence[Named]) -> list[Named]:
    """What is tried first to be left out: the narrow rules, so that the broad ones are told."""
    broad = {"money": 2, "standard": 3, "one_exempt": 1, "cv": 0}
    return sorted(rules, key=lambda each: broad.get(each.rule.family, 1))


def _dropped(problem: Problem, rules: Sequence[Named], kept: Sequence[Named]) -> Problem:
    """The problem with only the kept rules."""
    found = problem
    for each in rules:
        if not any(each is other for other in kept):
            found = each.drop(found)
    return found


def _in_proof(problem: Problem, answer: Answer, rules: Sequence[Named]) -> list[Named]:
    """The rules that the solver's proof of contradiction uses."""
    pressed: set[Rule] = set()
    largest = float(np.abs(answer.duals).max(initial=0.0))
    for number, block in enumerate(answer.model.rows):
        strong = np.flatnonzero(np.abs(answer.row_duals(number)) > PART * largest)
        pressed |= {block.rule(problem, int(row)) for row in strong}
    for number, cone in enumerate(answer.model.cones):
        if answer.cone_dual(number) > PART * largest:
            pressed.add(cone.rule(problem))
    hard = {(rule.family, rule.stage, rule.indicator, rule.year, rule.school) for rule in pressed}
    families = {rule.family for rule in pressed}
    always = {"untouched", "priority", "one_exempt", "fixed", "rotation", "backbone"}
    return [
        each
        for each in rules
        if (each.rule.family in always and _told(each.rule, families))
        or (
            each.rule.family, each.rule.stage, each.rule.indicator, each.rule.year,
            each.rule.school,
        ) in hard
    ]  # fmt: skip


def _told(rule: Rule, families: set[str]) -> bool:
    """Wishes that take variables away leave no row: they stay under suspicion."""
    return rule.family in {"untouched", "priority"} or rule.family in families
