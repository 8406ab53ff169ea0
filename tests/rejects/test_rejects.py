"""One bad file a mistake: each must be named at its cell, in both languages, with its mend."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from simulator import glossary
from simulator.district.reading.load import load_district
from simulator.errors import FindingsError
from simulator.findings import Finding

HERE = Path(__file__).parent
EXPECTED = yaml.safe_load((HERE / "expected.yaml").read_text(encoding="utf-8"))


def _findings(bad: str, folder: Path) -> tuple[Finding, ...]:
    """The findings of the good district with one of its tables replaced."""
    shutil.copytree(HERE / "good", folder)
    shutil.copy(HERE / bad, folder / f"{bad.split('.', maxsplit=1)[0]}.csv")
    try:
        return load_district(folder).findings
    except FindingsError as error:
        return error.findings


@pytest.mark.parametrize("bad", sorted(EXPECTED))
def test_each_mistake_is_named_once_at_its_cell(bad: str, tmp_path: Path) -> None:
    expected = EXPECTED[bad]
    found = _findings(bad, tmp_path / "district")
    assert [(each.code, each.severity, each.cell) for each in found] == [
        (expected["code"], expected["severity"], expected["cell"])
    ]


@pytest.mark.parametrize("bad", sorted(EXPECTED))
def test_each_finding_speaks_both_languages(bad: str, tmp_path: Path) -> None:
    for each in _findings(bad, tmp_path / "district"):
        table = bad.split(".", maxsplit=1)[0]
        for language in ("zh", "en"):
            told = each.text(language)
            assert f"{table}.csv" in told
            assert "{" not in told
            assert each.mend(language) and each.message(language) != each.mend(language)


def test_the_good_district_has_no_finding() -> None:
    assert load_district(HERE / "good").findings == ()


def test_every_bad_file_is_listed() -> None:
    assert {each.name for each in HERE.glob("*.csv")} == set(EXPECTED)


#: Findings that only a workbook can have; tests/unit/district makes those files.
OF_WORKBOOKS = {
    "cell_error", "code_digits", "formula_uncached", "hidden_rows", "merged_cells",
    "name_without_code", "no_fiscal", "percent_or_share", "schools_missing", "sheet_missing",
    "sheet_twice", "sheets_differ", "table_unit",
}  # fmt: skip


#: What is told with every result and refuses nothing: tests/export/test_taken.py.
OF_RESULTS = {
    "ownership_not_given", "payroll_without_staff", "scope_not_given", "transfers_not_given",
    "assumed_none",
}  # fmt: skip


def test_every_kind_of_finding_has_its_bad_file() -> None:
    words = (HERE.parents[1] / "simulator/glossary/district.yaml").read_text(encoding="utf-8")
    kinds = {key.split(".")[1] for key in yaml.safe_load(words) if key.startswith("finding.")}
    assert kinds == {each["code"] for each in EXPECTED.values()} | OF_WORKBOOKS | OF_RESULTS
    assert all(f"finding.{kind}.mend" in glossary.terms() for kind in kinds)
