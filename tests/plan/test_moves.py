"""A plan on a scenario in which schools close and open: the engine agrees with it."""

from __future__ import annotations

from pathlib import Path

import simulator as sim


def test_a_plan_reckons_with_schools_that_close_and_open(root: Path) -> None:
    steady = sim.load_scenario(root / "scenarios" / "steady.yaml")
    moves = [
        {"year": 2027, "school": "9900031", "into": "9900001", "share": 1, "takes": "staff"},
        {"year": 2026, "school": "9900003", "into": "X", "share": 0.4, "takes": "staff"},
    ]
    opens = [{"school": "X", "item": item, "amount": amount}
             for item, amount in (("teaching_area", 4000), ("sports_area", 6000))]  # fmt: skip
    scenario = steady.with_changes({
        "assumptions.schools.moves": moves, "assumptions.schools.opens_with": opens,
        "assumptions.schools.new": [
            {"school": "X", "name": "新校", "type": "primary", "area": "urban"}],
        "levers.appropriation.margin": 0.12,
    })  # fmt: skip
    plan = sim.plan(sim.sample_district(), scenario, objective="least_cost")
    assert plan.status == "optimal" and plan.gap < 1e-3
    assert plan.check.agrees and plan.check.farthest < 1e-6 and plan.check.money
    assert not [row for row in plan.purchases if row["school"] == "9900031"]
    # teachers whom the merger has brought may move on, those it has taken away may not
    assert all(row["giver"] != "9900031" for row in plan.moves) if plan.moves else True
    found = sim.simulate(sim.sample_district(), plan.scenario())
    # every public school passes; the private one that fails is its owner's to mend
    failing = found.at("school_fails", 2028) == 1
    assert [found.index.schools[place] for place in failing.nonzero()[0]] == ["9900009"]
    assert {need.school for need in plan.owners} == {"9900009"} and plan.check.promised is True
    assert bool(plan.mended.verdict.years["balanced"].iloc[-1])
