"""One bad ``lines.yaml`` a mistake: named with its pack, key and line, in both languages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from simulator.errors import FindingsError, JunhengError
from simulator.policy.load import load_policy
from simulator.results.own_lines import OwnFormula, own_formula
from tests.building import scenario_of

HERE = Path(__file__).parent
EXPECTED = yaml.safe_load((HERE / "expected.yaml").read_text(encoding="utf-8"))


def _formula(name: str, folder: Path) -> OwnFormula | None:
    (folder / "made").mkdir()
    shutil.copy(HERE / f"{name}.yaml", folder / "made" / "lines.yaml")
    return own_formula(scenario_of(), load_policy(["national", "made"], [folder]))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_each_mistake_is_named_once_at_its_key_and_line(name: str, tmp_path: Path) -> None:
    expected = EXPECTED[name]
    with pytest.raises(JunhengError) as caught:
        _formula(name, tmp_path)
    error = caught.value
    if "error" in expected:
        assert error.code == expected["error"]
    else:
        assert isinstance(error, FindingsError)
        found = [(each.column, each.row, each.source) for each in error.findings]
        assert found == [(expected["column"], expected["row"], "made/lines.yaml")]
    for language in ("zh", "en"):
        assert "made/lines.yaml" in error.text(language)


def test_the_good_lines_are_accepted(tmp_path: Path) -> None:
    assert _formula("good", tmp_path) is not None


def test_every_bad_file_is_listed() -> None:
    names = {path.stem for path in HERE.glob("*.yaml")} - {"good", "expected"}
    assert names == set(EXPECTED)
