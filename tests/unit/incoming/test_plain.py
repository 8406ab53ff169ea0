"""Plain values go from one process to the other and come back the same; nothing else goes."""

from __future__ import annotations

import io
import math
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import JunhengError
from simulator.incoming.plain import LENGTH, PIECE, frame, pieces, read_frame, unframed
from simulator.own_formula.notes import Told

SIMPLE = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.dates()
    | st.datetimes() | st.times() | st.text(st.characters(codec=None))
)  # fmt: skip
VALUES = st.recursive(
    SIMPLE,
    lambda inner: st.lists(inner) | st.dictionaries(st.integers() | st.text() | st.dates(), inner),
)


def _through(value: object) -> Any:
    whole = frame(value)
    text = read_frame(io.BytesIO(whole))
    assert text is not None and LENGTH.pack(len(text)) + text == whole
    return unframed(text)


@given(VALUES)
def test_a_plain_value_comes_back_the_same(value: object) -> None:
    assert _through(value) == value


@pytest.mark.parametrize(
    "value", [datetime(2027, 1, 2, 3, tzinfo=UTC), timedelta(days=1.5), 10**30, 1e25, -0.0,
              "\ud800", date(1, 1, 1), time(23, 59), {1: {2: [{}]}}, {"map": 1, "array": 2}]
)  # fmt: skip
def test_odd_values_come_back_the_same(value: object) -> None:
    found = _through(value)
    assert found == value and type(found) is type(value)


def test_what_is_no_number_stays_none() -> None:
    assert math.isnan(_through(math.nan)) and _through(math.inf) == math.inf


@pytest.mark.parametrize("values", [[1.5, math.nan], [], [1 << 40, -1]])
def test_arrays_come_back_the_same(values: list[float]) -> None:
    for kind in ("f", "i"):
        if kind == "i" and any(each % 1 for each in values):
            continue
        held = np.array(values, dtype="f8" if kind == "f" else "i8")
        found = _through(held)
        np.testing.assert_array_equal(found, held)
        assert found.dtype == held.dtype


def test_an_error_within_an_error_is_told_in_both_languages() -> None:
    told = Told(JunhengError("data_file_empty", file="甲"))
    found = _through({"detail": told})["detail"]
    assert f"{found:zh}" == f"{told:zh}" and f"{found:en}" == f"{told:en}" != f"{told:zh}"


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", 1j, [lambda: 0]])
def test_nothing_else_goes(value: object) -> None:
    with pytest.raises(TypeError):
        frame(value)


@pytest.mark.parametrize(
    "text", [b"", b"[", b'{"a": 1}', b'{"date": 5}', b'{"date": "x"}', b'{"map": [1]}', b"{}",
             b'{"date": "2024-01-01", "map": []}', b'{"map": [[[], 1]]}', b'{"array": ["O8", ""]}',
             b'{"array": ["<f8", "AAA"]}', b'{"array": ["<f8", "AAAA"]}', b"[" * 100_000, b"\xff",
             b'{"timedelta": 1e300}', b'{"told": []}', b"9" * 5_000]
)  # fmt: skip
def test_what_is_no_plain_value_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match="no plain value"):
        unframed(text)


@pytest.mark.parametrize("text", [b"\0", b"\0\0\0\5abc", b"\0\0\0\x0babcdefghijk"])
def test_a_frame_that_is_cut_or_too_long_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"cut|too long"):
        read_frame(io.BytesIO(text), 10)
    assert read_frame(io.BytesIO(b""), 10) is None
    assert read_frame(io.BytesIO(b"\0\0\0\x0a0123456789"), 10) == b"0123456789"


@pytest.mark.parametrize("values", [["甲" * 1_000] * 2_000, [1.5] * 100_000, [{"a": 1}] * 9_000])
def test_a_long_list_goes_in_pieces(values: list[object]) -> None:
    parts = list(pieces(values))
    assert [each for part in parts for each in part] == values
    assert len(parts) > 1 and all(len(frame(part)) < 8 * PIECE for part in parts)
    assert list(pieces([])) == []
