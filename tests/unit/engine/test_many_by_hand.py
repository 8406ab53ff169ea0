"""More parts than are computed at a time: each figure still its own district's, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.results import many
from simulator.results.many import balance_of_many

#: Three schools of 100, 100 and 200 pupils with 10, 30 and 20 books a pupil: the mean is
#: 8,000 / 400 = 20, S² = (100 · 100 + 100 · 100 + 200 · 0) / 400 = 50.
PUPILS = np.array([100.0, 100, 200])
BOOKS = np.array([1000.0, 3000, 4000])
CV = np.sqrt(50) / 20


def copies(count: int, stages: int = 1) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """So many districts, the n-th with n times the books, each stage alike."""
    each = 3 * stages
    district = np.repeat(np.arange(count), each)
    stage = np.tile(np.repeat(np.arange(stages), 3), count)
    times = np.repeat(np.arange(1, count + 1), each)
    columns = {
        "pupils": np.tile(PUPILS, count * stages),
        "teaching_point": np.zeros(count * each),
        "books": np.tile(BOOKS, count * stages) * times,
        "computers": np.tile([10.0, 10, 20], count * stages),
    }
    return district, stage, columns


@pytest.mark.parametrize("span", [1, 2, 3, 4, 6, 7, 12, 1000])
@pytest.mark.parametrize("stages", [1, 2])
def test_every_district_keeps_its_own_figures_whatever_is_computed_at_a_time(
    monkeypatch: pytest.MonkeyPatch, span: int, stages: int
) -> None:
    monkeypatch.setattr(many, "SPAN", span)
    district, stage, columns = copies(5, stages)
    found = balance_of_many(district, stage, columns, 50)
    assert list(found.stages.index) == [(d, s) for d in range(5) for s in range(stages)]
    means = np.repeat([20.0, 40, 60, 80, 100], stages)
    np.testing.assert_allclose(found.stages["mean_books"], means)
    np.testing.assert_allclose(found.stages["cv_books"], CV)
    # 10 computers for 100 pupils everywhere: no difference at all
    np.testing.assert_allclose(found.stages["mean_computers"], 10)
    np.testing.assert_allclose(found.stages["cv_computers"], 0, atol=1e-12)
    assert found.stages["evaluated_schools"].tolist() == [3] * 5 * stages
    np.testing.assert_allclose(
        found.parts["value_books"],
        np.repeat(np.arange(1, 6), 3 * stages) * np.tile([10, 30, 20], 5 * stages),
    )
    # to the variance of 50: a half each from the first and the second, nothing from the third
    shares = found.parts["contribution_books"].reshape(5, stages, 3)
    times = np.arange(1, 6)[:, None] ** 2
    for place, due in enumerate([25, 25, 0]):
        np.testing.assert_allclose(shares[:, :, place], np.repeat(times * due, stages, axis=1))


def test_more_parts_than_a_span_holds() -> None:
    count = many.SPAN // 3 + 700
    found = balance_of_many(*copies(count), 50)
    np.testing.assert_allclose(found.stages["mean_books"], 20.0 * np.arange(1, count + 1))
    np.testing.assert_allclose(found.stages["cv_books"], CV)


def test_schools_are_counted_without_any_quantity() -> None:
    district, stage, columns = copies(4)
    few = {name: columns[name] for name in ("pupils", "teaching_point")}
    few["pupils"] = np.array([100.0, 100, 200, 0, 100, 200, 100, 100, 0, 0, 0, 5])
    found = balance_of_many(district, stage, few, 50)
    assert found.stages["evaluated_schools"].tolist() == [3, 2, 2, 1]
    assert list(found.stages.columns) == ["evaluated_schools"]


def test_a_quantity_that_is_not_there_is_left_out() -> None:
    district, stage, columns = copies(2)
    del columns["computers"]
    found = balance_of_many(district, stage, columns, 50)
    assert "cv_books" in found.stages and "cv_computers" not in found.stages
