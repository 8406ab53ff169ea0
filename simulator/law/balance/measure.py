"""Public measures, computed by the same formulas as the engine's figures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simulator.errors import JunhengError
from simulator.law.balance.indicators import (
    contribution_of,
    deviation_of,
    variance_of,
    variation_of,
    weight_of,
)
from simulator.machine.language import Below, Groups, ratio, total


def coefficient_of_variation(
    totals: Sequence[float] | NDArray[np.float64], pupils: Sequence[float] | NDArray[np.float64]
) -> float:
    """The pupil-weighted coefficient of variation (差异系数) of one stage; a ratio.

    ``totals`` are the schools' raw quantities, ``pupils`` their pupils, of equal length.
    NaN (not computable) below two schools with pupils, at a zero mean, or where a value is
    unknown. Raises JunhengError for unequal lengths or negative pupils.
    Source: 教督〔2012〕3号, 教督〔2017〕6号.
    """
    amounts, heads = np.asarray(totals, float), np.asarray(pupils, float)
    if amounts.shape != heads.shape or amounts.ndim != 1:
        raise JunhengError("cv_lengths")
    if (heads < 0).any():
        raise JunhengError("cv_negative")
    counted = heads != 0
    amounts, heads = amounts[counted], heads[counted]
    first = np.zeros(1, dtype=np.intp)
    groups = Groups(None, first, first, 1)
    everyone = total(Below(heads, groups))
    mean = ratio(total(Below(amounts, groups)), everyone)
    scope = np.ones_like(heads)
    weight = weight_of(scope, heads, everyone)
    parts = contribution_of(scope, weight, ratio(amounts, heads), mean)
    spread = deviation_of(variance_of(Below(parts, groups)))
    return float(variation_of(spread, mean, total(Below(scope, groups)))[0])
