"""Written formulas: what they give, what they refuse and where, and that nothing else happens."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import JunhengError
from simulator.machine.wording import in_symbols
from simulator.own_formula.dimension import SHARE, YUAN, dimension_of
from simulator.own_formula.grammar import evaluate, read_formula, symbols

COLUMNS = {
    "pupils": dimension_of("pupil"),
    "boarders": dimension_of("pupil"),
    "funds": YUAN,
    "rate": dimension_of("yuan_per_pupil"),
    "area": dimension_of("m2"),
    "share": SHARE,
    "寄宿生": dimension_of("pupil"),
}
VALUES = {
    "pupils": np.array([[80.0, 120.0], [90.0, 130.0]]),
    "boarders": np.array([[20.0, 0.0], [30.0, 10.0]]),
    "funds": np.array([[1000.0, 2000.0], [3000.0, 4000.0]]),
    "rate": np.array([[650.0, 850.0]]),
    "area": np.array([[400.0, 900.0]]),
    "share": np.array([[0.25, np.nan]]),
    "寄宿生": np.array([[20.0, 0.0], [30.0, 10.0]]),
}


def _value(text: str) -> list[list[float]]:
    found = evaluate(read_formula(text, COLUMNS), VALUES)
    rows: list[list[float]] = np.broadcast_to(found, (2, 2)).tolist()
    return rows


def test_a_formula_is_computed_in_the_usual_order() -> None:
    # 80 + 2·20 = 120, 120 + 0, 90 + 60 = 150, 130 + 20 = 150
    assert _value("pupils + 2 * boarders") == [[120, 120], [150, 150]]
    # (80 − 20) ÷ 2 = 30, (120 − 0) ÷ 2 = 60, (90 − 30) ÷ 2 = 30, (130 − 10) ÷ 2 = 60
    assert _value("(pupils - boarders) / 2") == [[30, 60], [30, 60]]
    assert _value("-pupils - -boarders - 1") == [[-61, -121], [-61, -121]]


def test_chinese_signs_and_names_are_read() -> None:
    assert _value("（pupils－寄宿生）÷２") == _value("(pupils - boarders) / 2")
    assert _value("最大（０，100－pupils）×rate") == _value("max(0, 100 - pupils) * rate")
    assert _value("pupils × 20%") == [[16, 24], [18, 26]]
    assert _value("最小(pupils、boarders)") == _value("min(pupils, boarders)")


def test_comparisons_are_one_or_zero() -> None:
    assert _value("pupils < 100") == [[1, 0], [1, 0]]
    assert _value("pupils ≥ 120") == [[0, 1], [0, 1]]
    assert _value("pupils ≠ 80") == [[0, 1], [1, 1]]
    assert _value("(pupils <= 90) * 100 + (pupils > 90) * 200") == [[100, 200], [100, 200]]
    assert _value("boarders = 0") == [[0, 1], [0, 0]]


def test_a_half_is_rounded_up() -> None:
    # 80 · 0.03125 = 2.5 → 3; 120 · 0.03125 = 3.75 → 4; 2.8125 → 3; 4.0625 → 4
    assert _value("round(pupils * 0.03125)") == [[3, 4], [3, 4]]


def test_unknown_stays_unknown_and_nothing_is_divided_by_zero() -> None:
    found = np.array(_value("pupils * share"))
    assert found[:, 0].tolist() == [20, 22.5]
    assert np.isnan(found[:, 1]).all()
    assert np.isnan(_value("funds / boarders")[0][1])


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("pupils * rate", "yuan"),
        ("funds / pupils", "yuan_per_pupil"),
        ("area / pupils", "m2_per_pupil"),
        ("pupils / boarders", "ratio"),
        ("max(0, 100 - pupils)", "pupil"),
        ("(pupils < 100) * funds", "yuan"),
    ],
)
def test_the_unit_of_a_formula_follows_from_its_columns(text: str, unit: str) -> None:
    assert read_formula(text, COLUMNS).dimension == dimension_of(unit)


def test_a_bare_number_takes_any_unit() -> None:
    assert read_formula("2 * (3 + 4)", COLUMNS).dimension is None


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ("pupils + funds", "line_text_units", 8),
        ("max(pupils, area)", "line_text_units", 1),
        ("pupils < rate", "line_text_units", 8),
        ("pupils + share", "line_text_units", 8),
        ("pupils +", "line_text_short", 9),
        ("", "line_text_short", 1),
        ("pupils boarders", "line_text_end", 8),
        ("1 < 2 < 3", "line_text_end", 7),
        ("pupils * )", "line_text_value", 10),
        ("(pupils", "line_text_short", 8),
        ("(pupils,", "line_text_closing", 8),
        ("teachers * 2", "line_text_name", 1),
        ("pupils ** 2", "line_text_value", 9),
        ("pupils; import os", "line_text_character", 7),
        ("pupils.real", "line_text_character", 7),
        ("pupils[0]", "line_text_character", 7),
        ("open(1)", "line_text_name", 1),
        ("min(pupils)", "line_text_values", 1),
        ("round(pupils, 2)", "line_text_values", 1),
        ("pupils / 0", "line_text_zero", 10),
        ("pupils * (1 / (2 - 2))", "line_text_zero", 13),
        ("1e999", "line_text_number", 1),
        ("1e300 * 1e300", "line_text_zero", 7),
        ("(" * 30 + "1" + ")" * 30, "line_text_deep", 25),
    ],
)
def test_a_wrong_formula_says_where_and_why(text: str, code: str, at: int) -> None:
    with pytest.raises(JunhengError) as caught:
        read_formula(text, COLUMNS)
    assert (caught.value.code, caught.value.params["at"]) == (code, at)
    assert str(at) in caught.value.text("en")
    assert str(at) in caught.value.text("zh")


def test_units_are_named_in_both_languages() -> None:
    with pytest.raises(JunhengError) as caught:
        read_formula("pupils + funds", COLUMNS)
    assert "pupils and yuan" in caught.value.text("en")
    assert "学生数与元" in caught.value.text("zh")


def test_a_formula_too_long_is_refused() -> None:
    with pytest.raises(JunhengError, match="at most 400"):
        read_formula("1+" * 200 + "1", COLUMNS)
    longest = "+".join(["pupils"] * 57)  # 57 · 6 + 56 = 398 characters
    assert evaluate(read_formula(longest, COLUMNS), VALUES)[0, 0] == 57 * 80


def test_on_symbols_a_formula_is_an_expression_of_the_language() -> None:
    written = read_formula("max(0, 100 - pupils) × rate", COLUMNS)
    assert written.columns == ("pupils", "rate")
    assert in_symbols(symbols(written)) == "max(0, 100 − pupils) × rate"


ALPHABET = (
    "pupils rate funds 寄宿生 min max round 最小 1 2.5 1e9 % ( ) （ ） + - * / × ÷ < = ≠ , ，"
)
PIECES = st.sampled_from([*ALPHABET.split(" "), " ", "'", "_", ".", "²", "٣", "\ud800", "\0"])


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=60).map("".join)))
def test_text_gives_a_formula_or_a_sentence(text: str) -> None:
    try:
        written = read_formula(text, COLUMNS)
    except JunhengError as error:
        said = (error.text("zh"), error.text("en"))
        written = read_formula("1", COLUMNS)
        assert all(said)
    assert evaluate(written, VALUES).ndim <= 2
    assert symbols(written) is not None


@st.composite
def _trees(draw: st.DrawFn, depth: int = 3) -> str:
    """A formula in pupils, right by construction."""
    if depth == 0:
        return draw(st.sampled_from(["pupils", "boarders", "3", "0.5"]))
    left, right = draw(_trees(depth=depth - 1)), draw(_trees(depth=depth - 1))
    shape = draw(st.sampled_from(["({} + {})", "({} - {})", "min({}, {})", "max({}, {})"]))
    return shape.format(left, right)


@given(_trees())
def test_numbers_agree_with_python(text: str) -> None:
    """The same text has the same meaning in Python."""
    names = {"pupils": 80.0, "boarders": 20.0, "min": min, "max": max}
    expected = eval(text, {"__builtins__": {}}, names)
    arrays = {name: np.array([[names[name]]]) for name in ("pupils", "boarders")}
    found = evaluate(read_formula(text, COLUMNS), arrays)
    assert float(np.asarray(found).reshape(-1)[0]) == pytest.approx(expected, abs=1e-12)
