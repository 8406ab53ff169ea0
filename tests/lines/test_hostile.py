"""Whatever stands in a set of lines: findings in both languages, or formulas that run."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.errors import FindingsError, JunhengError
from simulator.own_formula.compile import compile_lines
from simulator.own_formula.read import KEYS, MEASURE, POT, read_lines
from simulator.own_formula.read_line import BOUNDS
from simulator.own_formula.read_line import KEYS as OF_LINE
from tests.lines.making import SOURCES, run

WORDS = st.sampled_from(
    ["pupils", "boarders * 2", "area", "poor", "base", "total", "half", "base_rate", "last_year",
     "primary", "junior", "urban", "straight", "proportion", "level_up", "guarantee", "", "x",
     "pupils / 0", "max(pupils", "寄宿生", "a\nb", "县", "🙂", "1", "\ud800"]
)  # fmt: skip
NUMBERS = st.one_of(
    st.integers(-3, 3000), st.floats(), st.sampled_from([2026, 2027, 0.01, 1, 10**400, -(10**30)])
)
LEAVES = st.one_of(WORDS, NUMBERS, st.booleans(), st.none())
NAMES = sorted({*KEYS, *OF_LINE, *POT, *MEASURE, *BOUNDS, "least", "most", "of", "share", "below",
                "as", "measure", "points", "primary", "rural", "per_pupil", "against"})  # fmt: skip
KEY = st.one_of(st.sampled_from(NAMES), st.integers(2024, 2029))
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEY, inner, max_size=5)),
    max_leaves=12,
)
LINE = {"id": "base", "zh": "行", "en": "line", "counted": "pupils", "amount": 650}
HALF = {"id": "half", "zh": "半", "en": "half", "formula": "pupils / 2"}
WHOLE: dict[str, Any] = {
    "id": "own", "zh": "本县", "en": "own", "per_pupil": "pupils", "lines": [LINE],
    "measures": [HALF],
}  # fmt: skip
MANY = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


def _speaks(error: JunhengError) -> None:
    for language in ("zh", "en"):
        assert error.text(language).strip()


def _used(data: Any) -> None:
    """Read and run; what cannot be is told in words."""
    try:
        lines = read_lines(data, SOURCES)
        compile_lines(lines)
        found = run(lines, {"pupils": [100.0, 0.0, 50.0], "boarders": [10.0, 0.0, 50.0]})
    except JunhengError as error:
        _speaks(error)
    else:
        assert found["pupils"].shape == (4, 3)


@MANY
@given(ANYTHING)
def test_anything_at_all_is_read_or_refused_in_words(data: Any) -> None:
    _used(data)


@MANY
@given(st.dictionaries(st.sampled_from(OF_LINE), ANYTHING, min_size=1, max_size=3))
def test_any_field_of_a_line_is_read_or_refused_in_words(changed: dict[str, Any]) -> None:
    _used({**WHOLE, "lines": [{**LINE, **changed}]})


@MANY
@given(st.dictionaries(st.sampled_from(POT), ANYTHING, max_size=3))
def test_any_field_of_a_pot_is_read_or_refused_in_words(changed: dict[str, Any]) -> None:
    pot = {"id": "pot", "zh": "盘", "en": "pot", "rule": "proportion", "shared": "total",
           "amount": 100}  # fmt: skip
    _used({**WHOLE, "pots": [{**pot, **changed}]})


@MANY
@given(st.dictionaries(st.sampled_from(KEYS), ANYTHING, min_size=1, max_size=2))
def test_any_part_of_a_set_is_read_or_refused_in_words(changed: dict[str, Any]) -> None:
    _used({**WHOLE, **changed})


@pytest.mark.parametrize(
    "value", [10**400, -(10**5000), float("inf"), float("nan"), 1e19],
    ids=["large", "of thousands of digits", "infinite", "none", "beyond"],
)  # fmt: skip
@pytest.mark.parametrize("key", ["amount", "lump_sum", "bounds", "bands", "areas", "ramp"])
def test_a_number_out_of_range_is_refused_wherever_it_stands(key: str, value: float) -> None:
    shapes: dict[str, Any] = {
        "bounds": {"least_per_pupil": value},
        "bands": [{"below": value, "as": 1}],
        "areas": {"urban": value, "town": 1, "rural": 1},
        "ramp": {"measure": "poor", "points": [[0, 1], [value, 2]]},
    }
    with pytest.raises(FindingsError) as caught:
        read_lines({**WHOLE, "lines": [{**LINE, key: shapes.get(key, value)}]}, SOURCES)
    assert {each.code for each in caught.value.findings} <= {"lines_number", "lines_points"}
    _speaks(caught.value)


def test_a_number_of_thousands_of_digits_is_no_formula() -> None:
    with pytest.raises(FindingsError) as caught:
        read_lines({**WHOLE, "lines": [{**LINE, "factor": 10**5000}]}, SOURCES)
    assert [each.code for each in caught.value.findings] == ["lines_formula"]
    _speaks(caught.value)


def test_a_set_too_long_is_refused() -> None:
    lines = [{**LINE, "id": f"line{number}"} for number in range(401)]
    with pytest.raises(FindingsError, match="401 entries"):
        read_lines({**WHOLE, "lines": lines}, SOURCES)
