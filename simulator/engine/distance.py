"""Who stands in the way of balance, and what it would take: drivers, shortfalls, money."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulator.engine.measure import coefficient_of_variation
from simulator.formulas.items import FACILITIES, QUALITY
from simulator.formulas.operators import level_up
from simulator.stages import STAGES

if TYPE_CHECKING:
    from simulator.engine.result import Result

MONEY_CAN_BUY = frozenset(item.id for item in FACILITIES)
#: Halvings of the search for the money that brings a CV to its limit: to a fen of a billion.
HALVINGS = 60


def drivers(result: Result, indicator: str, stage: str, year: int) -> pd.DataFrame:
    """Each evaluated school's contribution to S², largest first; contributions add up to S².

    Columns: value, mean, contribution, share (of S²); index school_id.
    """
    parts = _evaluated(result, stage, year)
    contribution = result.at(f"contribution_{indicator}", year)[parts]
    frame = pd.DataFrame(
        {
            "value": result.at(f"value_{indicator}", year)[parts],
            "mean": result.at(f"mean_{indicator}", year)[STAGES.index(stage)],
            "contribution": contribution,
            "share": contribution / contribution.sum() if contribution.sum() else np.nan,
        },
        index=pd.Index([result.index.parts[part][0] for part in parts], name="school_id"),
    )
    return frame.sort_values("contribution", ascending=False, kind="stable")


def _evaluated(result: Result, stage: str, year: int) -> NDArray[np.intp]:
    scope = result.at("in_scope", year) == 1
    return np.flatnonzero(scope & (result.index.part_stage == STAGES.index(stage)))


def shortfalls(result: Result, year: int) -> pd.DataFrame:
    """What each evaluated school lacks of each of the seven standards, and the money it costs.

    One row a school, stage and indicator not met: value, standard, reached, lacking (in the
    quantity's unit), cost in yuan (unknown for teachers, who cannot be bought).
    """
    rows = []
    for indicator in QUALITY:
        lacking = result.at(f"lacking_{indicator.id}", year)
        met = result.at(f"met_{indicator.id}", year)
        for part in np.flatnonzero((met == 0) & (result.at("in_scope", year) == 1)):
            school, stage = result.index.parts[part]
            price = unit_price(result, indicator.id, year, int(part))
            rows.append(
                {
                    "school_id": school,
                    "stage": stage,
                    "indicator": indicator.id,
                    "value": result.at(f"value_{indicator.id}", year)[part],
                    "reached": result.at(f"reached_{indicator.id}", year)[part],
                    "lacking": lacking[part],
                    "cost": lacking[part] * price,
                }
            )
    columns = ["school_id", "stage", "indicator", "value", "reached", "lacking", "cost"]
    return pd.DataFrame(rows, columns=columns)


def unit_price(result: Result, indicator: str, year: int, part: int | None = None) -> float:
    """Yuan in the year for one unit more at a part; unknown for what money cannot buy.

    A mixed school keeps its facilities whole, so that only the stage's share of what is
    bought counts for the part.
    """
    if indicator not in MONEY_CAN_BUY:
        return float("nan")
    price = float(result.at(f"unit_price_{indicator}", year)[0])
    if part is None:
        return price
    share = float(result.at("facility_share", year)[part])
    return price / share if share else float("nan")


def cost_of_school(result: Result, school: str, stage: str, year: int) -> float:
    """The least money that makes a school pass the 6-of-7 rule; unknown where teachers lack.

    Each unmet indicator is brought to its standard, but the dearest step from the exempt
    share to the standard is saved: one indicator may stay there.
    """
    part = result.index.part_position[school, stage]
    full, nearly = [], []
    exempt = float(result.at("exempt_share", year)[0])
    for indicator in QUALITY:
        if result.at(f"met_{indicator.id}", year)[part] == 1:
            continue
        price = unit_price(result, indicator.id, year, part)
        lacking = float(result.at(f"lacking_{indicator.id}", year)[part])
        standard = lacking + float(result.at(indicator.id, year)[part])
        full.append(lacking * price)
        short = max(0.0, lacking - (1 - exempt) * standard)
        nearly.append(short * price if short else 0.0)
    if not full:
        return 0.0
    totals = [sum(full) - one + spared for one, spared in zip(full, nearly, strict=True)]
    unknown = [position for position, cost in enumerate(full) if np.isnan(cost)]
    if len(unknown) > 1:
        return float("nan")
    if unknown:
        rest = sum(cost for cost in full if not np.isnan(cost))
        return rest + nearly[unknown[0]]
    return min(totals)


def cheapest_school(result: Result, year: int) -> tuple[str, str, float] | None:
    """The failing school that money makes pass most cheaply: (school, stage, yuan)."""
    failing = np.flatnonzero(result.at("school_failing", year) == 1)
    costs = [(cost_of_school(result, *result.index.parts[part], year), part) for part in failing]
    known = [(cost, part) for cost, part in costs if not np.isnan(cost)]
    if not known:
        return None
    cost, part = min(known)
    school, stage = result.index.parts[part]
    return school, stage, cost


def cost_to_limit(result: Result, indicator: str, stage: str, year: int) -> float:
    """The money that brings one CV down to its limit by raising the lowest schools.

    0 where it is within the limit; unknown for teachers, or where a value is unknown.
    """
    parts = _evaluated(result, stage, year)
    stock = result.at(indicator, year)[parts]
    pupils = result.at("pupils", year)[parts]
    limit = float(result.at("cv_limit", year)[STAGES.index(stage)])
    price = unit_price(result, indicator, year)
    if not np.isfinite([*stock, *pupils, limit, price]).all() or len(parts) < 2:
        return float("nan")
    if coefficient_of_variation(stock, pupils) <= limit:
        return 0.0
    low, high = 0.0, float((stock / pupils).max() * pupils.sum() - stock.sum())
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        raised = stock + level_up(stock, pupils, middle)
        if coefficient_of_variation(raised, pupils) <= limit:
            high = middle
        else:
            low = middle
    return high * price
