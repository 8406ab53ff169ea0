"""Splitting a mixed school's facilities between its stages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulator.errors import JunhengError

#: Primary : junior : senior, the weight of one pupil (junior 1.1, senior 1.1 x 1.2).
WEIGHTS = (1.0, 1.1, 1.32)


def split_school(
    total: float,
    primary: float,
    junior: float,
    senior: float = 0,
    *,
    weights: Sequence[float] = WEIGHTS,
) -> dict[str, float]:
    """The primary and the junior stage's part of a mixed school's total (rooms, m², yuan).

    Pupils of each stage count with ``weights`` (primary, junior, senior); what belongs to
    senior pupils goes to neither. The default weights are the splitting method of the
    balance evaluation (教督〔2012〕3号 and 教督〔2017〕6号): 1 : 1.1 : 1.32; the
    policy pack in force may give others. A school without a pupil cannot be split: NaN.
    Raises JunhengError where a count or a weight is negative.
    """
    counts = np.array([primary, junior, senior], dtype=np.float64)
    shares = np.asarray(weights, dtype=np.float64)
    if (counts < 0).any() or (shares < 0).any():
        raise JunhengError("split_negative", counts=counts.tolist(), weights=shares.tolist())
    weighted = counts * shares
    whole = float(weighted.sum())
    if not whole > 0:
        return {"primary": float("nan"), "junior": float("nan")}
    return {
        "primary": float(total) * float(weighted[0]) / whole,
        "junior": float(total) * float(weighted[1]) / whole,
    }
