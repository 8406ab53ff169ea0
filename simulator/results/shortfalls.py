"""What schools lack of the standards, and the money that brings a school over its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulator.law.balance.quantities import FACILITIES, QUALITY

if TYPE_CHECKING:
    from simulator.results.result import Result

MONEY_CAN_BUY = frozenset(item.id for item in FACILITIES)


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
