"""A published allocation through the command line: 乐昌市 2019, on the pupils of 2017.

Source: the county's printed table; 36,176 × 1,150 + 15,644 × 1,950 = 7,210.82 万元, printed
7,211; 37 small units with 1,317 pupils counted as 100 each: (3,700 − 1,317) × 1,150 =
274.05 万元, printed 274.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from simulator import cli, glossary, units

LARGE_PRIMARY, LARGE_JUNIOR = 20, 12


@pytest.fixture
def printed(published: Path) -> dict[str, float]:
    """The printed figures by their code."""
    path = published / "cn_lechang_2019_operating_fund.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["item_code"]: float(row["value"]) for row in rows if _is_number(row["value"])}


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def _spread(total: int, count: int) -> list[int]:
    """A whole number in whole parts that are as equal as can be."""
    return [total // count + (1 if place < total % count else 0) for place in range(count)]


def _schools(figures: dict[str, float]) -> list[dict[str, object]]:
    """The units of 2017: the small ones as published, the rest in larger schools."""
    small = _spread(int(figures["K"]), int(figures["J"]))
    primary = _spread(int(figures["B"] - figures["K"]), LARGE_PRIMARY)
    junior = _spread(int(figures["C"]), LARGE_JUNIOR)
    units_of = [("primary", "primary", each) for each in (*small, *primary)]
    units_of += [("junior", "junior", each) for each in junior]
    return [
        {
            "school_id": f"L{place:03d}",
            "school_name": f"单位{place:03d}",
            "school_type": kind,
            # the counts of 2018 play no part: money follows the pupils of two years ago
            f"{stage}_pupils": pupils + 7,
            f"{stage}_pupils_prior": pupils,
        }
        for place, (kind, stage, pupils) in enumerate(units_of)
    ]


def _write_district(folder: Path, figures: dict[str, float]) -> None:
    rows = _schools(figures)
    fields = ["school_id", "school_name", "school_type", "primary_pupils",
              "primary_pupils_prior", "junior_pupils", "junior_pupils_prior"]  # fmt: skip
    with (folder / "schools.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields)
        writer.writeheader()
        writer.writerows(rows)
    head = "name,province,base_year\n乐昌市,广东,2018\n"
    (folder / "district.csv").write_text(head, encoding="utf-8")


def _write_scenario(path: Path, figures: dict[str, float]) -> None:
    rates = f"{{primary: {figures['D']:g}, junior: {figures['E']:g}}}"
    path.write_text(
        "name: 乐昌市 2019\npolicy: []\nhorizon: 1\nlevers:\n"
        f"  operating_rate: {rates}\n  headcount_lag: 2\n"
        "  small_school_floor: {primary: 100}\n",
        encoding="utf-8",
    )


def test_the_printed_totals_come_out_of_the_command_line(
    printed: dict[str, float], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _write_district(tmp_path, printed)
    _write_scenario(tmp_path / "lechang.yaml", printed)
    options = ["--district", str(tmp_path), "--scenario", str(tmp_path / "lechang.yaml")]
    assert cli.main(["run", *options, "--json", "--only", "schools"]) == 0
    rows = [row for row in json.loads(capsys.readouterr().out)["schools"] if row["year"] == 2019]
    assert len(rows) == 37 + LARGE_PRIMARY + LARGE_JUNIOR
    funds = sum(row["pupil_funds"] for row in rows)
    topup = sum(row["small_school_topup"] for row in rows)
    assert funds == pytest.approx(36_176 * 1_150 + 15_644 * 1_950, abs=0.005)
    assert topup == pytest.approx((37 * 100 - 1_317) * 1_150, abs=0.005)
    # as printed, in whole 万元
    assert (units.half_up(funds / 1e4, 0), units.half_up(topup / 1e4, 0)) == (7211, 274)
    assert (printed["G"], printed["O"]) == (7211, 274)


def test_the_printed_table_adds_up_to_the_printed_totals(
    printed: dict[str, float], tmp_path: Path
) -> None:
    _write_district(tmp_path, printed)
    _write_scenario(tmp_path / "lechang.yaml", printed)
    out = tmp_path / "schools.csv.out.csv"
    options = ["--district", str(tmp_path), "--scenario", str(tmp_path / "lechang.yaml")]
    command = ["run", *options, "--only", "schools", "--lang", "zh", "--money", "yuan"]
    assert cli.main([*command, "--out", str(out)]) == 0
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    heads = rows[0]
    total = next(row for row in rows if "合计" in row)
    by_head = dict(zip(heads, total, strict=True))
    funds, topup = (
        by_head[f"{glossary.label(name, 'zh')}（元）"]
        for name in ("pupil_funds", "small_school_topup")
    )
    assert (float(funds), float(topup)) == (72_108_200, 2_740_450)
