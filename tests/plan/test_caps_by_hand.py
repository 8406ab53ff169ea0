"""A cap that is just what is needed is enough; one fen less is not, and the cap is named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulator.plan.clean import with_less_money
from simulator.plan.conflict import find_conflict
from simulator.plan.decide import decide, failures
from simulator.plan.problem import ITEMS, Problem
from simulator.plan.watch import Watch
from tests.plan.making import asked, simple

FEN = 0.01


def _caps(family: str, yuan: float) -> dict[str, Any]:
    """A cap on the school that lacks, on teaching area, or on the money of the year."""
    item = np.where(np.arange(len(ITEMS)) == ITEMS.index("teaching_area"), yuan, np.inf)
    return {
        "school_cap": {"school_cap": np.array([yuan, np.inf])},
        "item_cap": {"item_cap": item[np.newaxis]},
        "money": {"envelope": np.array([yuan])},
    }[family]


def _standard(pupils: float, level: float, price: float, **caps: Any) -> Problem:
    return simple([pupils, 200.0], {"teaching_area": [level, 5.0]},
                  standard=asked("teaching_area", 4.5), price=np.full((1, 4), price), whole=True,
                  **caps)  # fmt: skip


def _spread(**caps: Any) -> Problem:
    return simple([100.0, 100.0], {"teaching_area": [2.0, 6.0]},
                  limit=asked("teaching_area", 0.2), whole=True, **caps)  # fmt: skip


#: What is needed to the fen: 100 × 0.5 m² × 1,000; 10,000 × 0.5 m² × 1,000; 137 × 0.483 =
#: 66.171, bought as 66.18 m² at 1,234.56 = 81,703.1808, paid as 81,703.19; and a coefficient
#: of 0.2 that asks for 4 m² beside 6 m²: 100 × 2 m² × 1,000.
NEEDED = {
    "small": (lambda **caps: _standard(100.0, 4.0, 1000.0, **caps), 50_000.00),
    "large": (lambda **caps: _standard(10_000.0, 4.0, 1000.0, **caps), 5_000_000.00),
    "odd": (lambda **caps: _standard(137.0, 4.017, 1234.56, **caps), 81_703.19),
    "spread": (_spread, 200_000.00),
}


@pytest.mark.parametrize("family", ["school_cap", "item_cap", "money"])
@pytest.mark.parametrize("case", NEEDED)
def test_a_cap_at_what_is_needed_one_fen_above_and_one_below(case: str, family: str) -> None:
    make, needed = NEEDED[case]
    for cap in (needed, needed + FEN):
        found = decide(make(**_caps(family, cap)), 1e-6, Watch())
        assert found.status == "optimal" and list(failures(found)) == []
        assert found.paid is not None and found.paid.by_year[0] == pytest.approx(needed, abs=1e-6)
    short = make(**_caps(family, needed - FEN))
    assert decide(short, 1e-6, Watch()).status == "infeasible"
    conflict = find_conflict(short, Watch()) or find_conflict(with_less_money(short), Watch())
    assert conflict is not None
    # an exemption would do: 0.85 × 4.5 = 3.825 m² are there
    others = {"cv"} if case == "spread" else {"standard", "one_exempt"}
    assert {rule.family for rule in conflict.rules} == {family, *others}


def test_what_is_bought_without_a_cap_is_enough_as_a_cap_of_every_school() -> None:
    """The amounts of a plan, taken as its own caps, leave room for a plan as cheap."""
    free = simple([137.0, 211.0, 97.0], {"teaching_area": [4.017, 3.9, 5.0],
                                         "sports_area": [7.03, 9.0, 6.61]},
                  standard=asked("teaching_area", 4.5), limit=asked("sports_area", 0.1),
                  price=np.full((1, 4), 613.7), whole=True)  # fmt: skip
    found = decide(free, 1e-6, Watch())
    assert found.paid is not None and found.cost > 0
    mine = found.paid.amount.sum(axis=(0, 1))
    again = decide(free.with_(school_cap=mine), 1e-6, Watch())
    assert again.paid is not None and again.cost <= found.cost + 1e-6
    assert (again.paid.amount.sum(axis=(0, 1)) <= mine + FEN / 10).all()
