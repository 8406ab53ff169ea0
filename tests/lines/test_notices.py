"""Published Chinese notices as packs of formula lines: totals as printed, rules by hand."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import simulator as sim
from simulator.own_formula.line import LineSet, Source
from simulator.own_formula.read import read_lines
from simulator.own_formula.sources import graph_sources
from simulator.policy.load import SHIPPED, load_policy, shipped_packs
from simulator.results.result import Result
from simulator.strict_yaml import read_yaml
from tests.building import district_of, scenario_of, school
from tests.lines.making import run

NOTICES: dict[str, Any] = read_yaml(Path(__file__).parent / "notices.yaml").data
SOURCES = {
    "headcount": Source("pupil"),
    "funded_boarders": Source("pupil"),
    "small_class": Source("flag"),
}
CASES = [(name, *case) for name, cases in NOTICES["cases"].items() for case in cases]
PACKS = [name for name in shipped_packs() if name.startswith("notice_")]


def _lines(name: str) -> LineSet:
    return read_lines(read_yaml(SHIPPED / f"notice_{name}" / "lines.yaml").data, SOURCES)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _spread(pupils: int, schools: int) -> list[int]:
    """So many pupils in so many schools, as evenly as can be."""
    return [pupils // schools + (place < pupils % schools) for place in range(schools)]


def _lechang(published: Path) -> Result:
    """乐昌 planned for 2019: the pupils of 2017, today's a tenth more, which must not count."""
    rows = _rows(published / "cn_lechang_2019_operating_fund.csv")
    figures = {row["item_code"]: row["value"] for row in rows}
    units, in_units = int(figures["J"]), int(figures["K"])
    sizes = [*_spread(in_units, units), *_spread(int(figures["B"]) - in_units, 40)]
    schools = [
        school(f"P{place}", primary_pupils_prior=size, primary_pupils=size + size // 10)
        for place, size in enumerate(sizes)
    ] + [
        school(f"J{place}", "junior", junior_pupils_prior=size, junior_pupils=size + size // 10)
        for place, size in enumerate(_spread(int(figures["C"]), 15))
    ]
    scenario = scenario_of(policy=["national", "notice_lechang_2019"], levers={"headcount_lag": 2})
    return sim.simulate(district_of(schools, base_year=2018), scenario)


def test_lechang_2019_is_paid_as_printed(published: Path) -> None:
    """36,176 · 1,150 + 15,644 · 1,950 = 72,108,200; (3,700 − 1,317) · 1,150 = 2,740,450."""
    found = _lechang(published)
    assert found.index.years[2] == 2019
    standard, topup = (found.at(f"line_{line}", 2019).sum() for line in ("standard", "small"))
    assert (standard, topup) == (72_108_200, 2_740_450)
    assert found.at("operating_total", 2019)[0] == 74_848_650
    # printed in 万元
    assert (round(standard / 1e4), round(topup / 1e4)) == (7211, 274)


def test_lechang_2020_boarders_are_paid_as_printed(published: Path) -> None:
    rows = _rows(published / "cn_lechang_2020_boarding_top_up.csv")
    counted = [row for row in rows if row["boarders_total"]]
    boarders = [float(row["boarders_total"]) for row in counted]
    lines = read_lines(NOTICES["boarders"], SOURCES)
    found = run(lines, {"headcount": np.ones(len(counted)), "funded_boarders": boarders})
    printed = [float(row["amount_yuan_printed"]) for row in counted]
    assert found["line_boarding"][-1].tolist() == printed
    assert len(printed) == 5


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(map(str, case[:4])))
def test_a_school_is_paid_by_the_notice(case: tuple[Any, ...]) -> None:
    name, stage, pupils, boarders, yuan, *small = case
    year = int(name.rpartition("_")[2])
    found = run(
        _lines(name),
        {"headcount": [pupils], "funded_boarders": [boarders], "small_class": [float(bool(small))]},
        stages=[stage], years=(year - 1, year),
    )  # fmt: skip
    assert found["line_total"][-1].tolist() == pytest.approx([yuan], rel=1e-12)


def test_every_notice_has_its_cases() -> None:
    assert {f"notice_{name}" for name in NOTICES["cases"]} == set(PACKS)


@pytest.mark.parametrize("pack", PACKS)
def test_each_pack_pays_the_sample_district(pack: str) -> None:
    """Every part of a school is paid what its lines come to; the pack is what paid it."""
    policy = load_policy(["national", pack])
    found = sim.simulate(sim.sample_district(), scenario_of(policy=["national", pack]))
    assert found.lines is not None and (found.lines.pack, found.lines.source) == (
        pack, f"{pack}/lines.yaml",
    )  # fmt: skip
    assert found.binding.policy.fingerprint == policy.fingerprint
    year = found.index.years[-1]
    names = [line.id for line in read_lines(found.lines.content, graph_sources()).lines]
    added = np.sum([found.at(f"line_{name}", year) for name in names], axis=0)
    assert np.isfinite(added).all() and added.sum() > 0
    np.testing.assert_allclose(found.at("operating_funds", year), added)
    assert found.at("operating_total", year)[0] == pytest.approx(added.sum())


@pytest.mark.parametrize("pack", PACKS)
def test_each_line_of_a_notice_names_its_place_and_year(pack: str) -> None:
    place, year = read_yaml(SHIPPED / pack / "lines.yaml").data["zh"].split()[:2]
    for line in read_yaml(SHIPPED / pack / "lines.yaml").data["lines"]:
        assert line["cites"].startswith(f"{place} {year} 年")
