"""What a person may ask of a plan beside the rules: year, caps, fixed choices, priorities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from simulator.errors import JunhengError
from simulator.plan.problem import ITEMS, KINDS

Objective = Literal["least_cost", "most_equal", "earliest"]
OBJECTIVES: tuple[Objective, ...] = ("least_cost", "most_equal", "earliest")
Row = Mapping[str, Any]


def _empty() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person asks of a plan; everything has a plain meaning when left out.

    ``target`` is the calendar year in which every rule must hold (the last planned one);
    ``discount`` the yearly rate at which later money counts less, the officer's own choice;
    ``envelope`` yuan a year for the plan's purchases, beside the money that is left over;
    ``exemptions`` indicators a school may leave unmet (the law's); ``limit_factor`` scales
    every CV limit. ``school_caps`` and ``item_caps`` are yuan (an item's: one number or one
    a year); ``untouched`` schools get and give nothing; ``untouched_items`` pairs (school,
    item). ``purchases`` {item, school, stage, year, amount} and ``moves`` {school, stage,
    year, kind, teachers} are fixed as they stand. ``priorities`` say by which year a school
    must meet the standards, ``weak_by`` the same for all weak schools.
    ``waive_growth_per_pupil``: cost per pupil of a stage need not rise every year. ``owners``:
    the owners of private schools are taken to mend, with their own money, what these lack.
    """

    target: int | None = None
    discount: float = 0.03
    carry_over: bool = False
    envelope: Sequence[float] | None = None
    whole: bool = True
    exemptions: int | None = None
    limit_factor: float = 1.0
    school_caps: Mapping[str, float] = field(default_factory=_empty)
    item_caps: Mapping[str, float | Sequence[float]] = field(default_factory=_empty)
    untouched: Sequence[str] = ()
    untouched_items: Sequence[tuple[str, str]] = ()
    purchases: Sequence[Row] = ()
    moves: Sequence[Row] = ()
    priorities: Mapping[str, int] = field(default_factory=_empty)
    weak_by: int | None = None
    waive_growth_per_pupil: bool = False
    owners: bool = False
    gap: float = 1e-3


PURCHASE_KEYS = {"item", "school", "stage", "year", "amount"}
MOVE_KEYS = {"school", "stage", "year", "kind", "teachers"}


def check_wishes(wishes: Wishes, schools: Sequence[str], years: Sequence[int]) -> None:
    """Raise JunhengError for the first wish that names no school, year or item there is."""
    named = {
        *wishes.school_caps,
        *wishes.untouched,
        *wishes.priorities,
        *(school for school, _ in wishes.untouched_items),
        *(row.get("school") for row in (*wishes.purchases, *wishes.moves)),
    }
    _within("school", named, schools)
    asked = {wishes.target, wishes.weak_by} - {None}
    asked |= {row.get("year") for row in (*wishes.purchases, *wishes.moves)}
    _within("year", asked | set(wishes.priorities.values()), years)
    items = {item for _, item in wishes.untouched_items} | set(wishes.item_caps)
    _within("item", items | {row.get("item") for row in wishes.purchases}, ITEMS)
    _within("kind", {row.get("kind") for row in wishes.moves}, KINDS)
    _check_rows(wishes)
    _check_numbers(wishes, len(years))


def _within(what: str, named: set[Any], there: Sequence[Any]) -> None:
    unknown = sorted(str(name) for name in named - set(there))
    if unknown:
        shown = ", ".join(str(name) for name in list(there)[:12])
        raise JunhengError(f"plan_{what}", name=", ".join(unknown), there=shown)


def _check_rows(wishes: Wishes) -> None:
    for row in wishes.purchases:
        if set(row) != PURCHASE_KEYS or not float(row["amount"]) >= 0:
            raise JunhengError("plan_row", row=dict(row), keys=", ".join(sorted(PURCHASE_KEYS)))
    for row in wishes.moves:
        if set(row) != MOVE_KEYS:
            raise JunhengError("plan_row", row=dict(row), keys=", ".join(sorted(MOVE_KEYS)))


def _check_numbers(wishes: Wishes, years: int) -> None:
    money = [*wishes.school_caps.values(), *(wishes.envelope or ())]
    for cap in wishes.item_caps.values():
        money += list(cap) if isinstance(cap, Sequence) else [cap]
    lists = [cap for cap in wishes.item_caps.values() if isinstance(cap, Sequence)]
    if wishes.envelope is not None:
        lists.append(wishes.envelope)
    if any(len(each) != years for each in lists):
        raise JunhengError("plan_length", count=years)
    right = (
        all(amount >= 0 for amount in money)
        and -0.5 < wishes.discount < 1
        and wishes.limit_factor > 0
        and (wishes.exemptions is None or wishes.exemptions >= 0)
        and 0 < wishes.gap < 1
    )
    if not right:
        raise JunhengError("plan_number")
