"""Whatever a file holds gives some result: pupils alone, money without balance, and the reverse."""

from __future__ import annotations

import dataclasses

import pandas as pd

import simulator as sim
from simulator.district.model import District
from simulator.law.balance.quantities import QUALITY
from tests.completeness.removing import WORDS, without

PUPILS = ("primary_pupils", "junior_pupils", "senior_pupils", "special_pupils")
BALANCE = (
    "teaching_area", "sports_area", "equipment_value", "multimedia_rooms",
    *(f"{stage}_{kind}" for stage in ("primary", "junior")
      for kind in ("teachers", "higher_degree", "backbone", "pe_art")),
)  # fmt: skip


def _only(*columns: str, fiscal: bool) -> District:
    """The sample with these columns of the schools alone, with or without the fiscal sheet."""
    sample = sim.sample_district()
    gone = [name for name in sample.schools.columns if name not in (*columns, *WORDS)]
    bare = without(sample, *gone)
    return bare if fiscal else dataclasses.replace(bare, fiscal=bare.fiscal.iloc[:0])


def _lights(district: District) -> dict[tuple[str, str], str]:
    table: pd.DataFrame = sim.completeness(district)
    keys = zip(table["group"], table["output"], strict=True)
    return dict(zip(keys, table["computable"], strict=True))


def test_pupils_alone_give_no_amount_and_everything_says_what_it_waits_for() -> None:
    district = _only(*PUPILS, fiscal=False)
    table = sim.completeness(district)
    lights = _lights(district)
    assert lights["money", "need"] == lights["quality", "higher_degree"] == "none"
    # figures before there is a plan and of nobody apart, all that is dark has a remedy
    money = table[table["group"] == "money"]
    assert all(len(row) for row in money["blocked_by"][money["computable"] == "none"])


def test_balance_is_there_without_money() -> None:
    lights = _lights(_only(*PUPILS, *BALANCE, fiscal=False))
    assert {lights["quality", each.id] for each in QUALITY} == {"all"}
    assert lights["form", "form_2"] == lights["form", "form_3"] == "all"
    assert lights["money", "gap"] == lights["money", "appropriation"] == "none"


def test_money_is_there_without_balance() -> None:
    sample = sim.sample_district()
    money = [name for name in sample.schools.columns if name not in (*BALANCE, *WORDS)]
    lights = _lights(_only(*money, fiscal=True))
    assert lights["money", "need"] == lights["money", "gap"] == "all"
    assert lights["form", "form_allocation"] == lights["rule", "growth_total"] == "all"
    assert {lights["quality", each.id] for each in QUALITY} == {"none"}
