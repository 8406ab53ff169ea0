"""What stands under a slider of the law: the benchmark by its name, and its counterpart."""

from __future__ import annotations

import pytest

from tests.app import pages


@pytest.mark.parametrize(
    ("language", "named", "other"),
    [
        ("zh", "▲ 基准定额 7,000", "8,000 元/生"),
        ("en", "▲ benchmark 7,000", "8,000 yuan per pupil"),
    ],
)
def test_the_benchmark_is_named_and_the_evaluations_amount_stands_beside_it(
    language: str, named: str, other: str
) -> None:
    test = pages.opened("money", language)
    marks = " ".join(each.proto.body for each in test.get("html"))
    assert named in marks
    assert other in pages.said(test).replace("\\", "")
