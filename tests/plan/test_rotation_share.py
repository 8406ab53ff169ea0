"""Where nobody said which share of teachers rotates, a plan moves none and says so."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from simulator.plan.build import lay_ground
from simulator.present.sentences.plan import PlanWords
from simulator.present.table import Printer
from tests.building import district_of, scenario_of, school


@pytest.mark.parametrize(
    ("said", "row", "told"),
    [
        ({"policy": ["national"]}, {}, True),
        ({"policy": ["national"]}, {"rotation_eligible": 10}, False),
        ({"policy": ["national"], "levers": {"rotation_share": 0.1}}, {}, False),
        ({"policy": ["national", "district_plan"]}, {}, False),
    ],
)
def test_a_plan_without_a_rotation_share_says_that_it_moves_nobody(
    said: dict[str, Any], row: dict[str, Any], told: bool
) -> None:
    ground = lay_ground(district_of([school("A", **row)]), scenario_of(**said))
    plan: Any = SimpleNamespace(ground=ground)
    for language, word in (("zh", "不调动教师"), ("en", "moves none")):
        lines = PlanWords(plan, Printer(ground.result, language, "yuan")).unmoved()  # type: ignore[arg-type]
        assert len(lines) == told and all(word in line for line in lines)
