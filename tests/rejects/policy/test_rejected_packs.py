"""One bad pack file a mistake: each must be named at its key and line, in both languages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from simulator.errors import FindingsError, JunhengError
from simulator.policy.load import load_policy

HERE = Path(__file__).parent
EXPECTED = yaml.safe_load((HERE / "expected.yaml").read_text(encoding="utf-8"))


def _load(name: str, folder: Path) -> None:
    (folder / "made").mkdir()
    shutil.copy(HERE / f"{name}.yaml", folder / "made")
    load_policy(["made"], [folder])


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_each_mistake_is_named_once_at_its_key_and_line(name: str, tmp_path: Path) -> None:
    expected = EXPECTED[name]
    with pytest.raises(JunhengError) as caught:
        _load(name, tmp_path)
    error = caught.value
    if "error" in expected:
        assert error.code == expected["error"]
    else:
        assert isinstance(error, FindingsError)
        assert [(each.column, each.row) for each in error.findings] == [
            (expected["column"], expected["row"])
        ]
    for language in ("zh", "en"):
        assert f"{name}.yaml" in error.text(language)


def test_the_good_pack_is_accepted(tmp_path: Path) -> None:
    _load("good", tmp_path)


def test_every_bad_file_is_listed() -> None:
    names = {path.stem for path in HERE.glob("*.yaml")} - {"good", "expected"}
    assert names == set(EXPECTED)
