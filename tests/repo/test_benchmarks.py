"""The benchmarks' own arithmetic, and the table that they keep in the READMEs."""

from __future__ import annotations

import importlib

import pytest

from tests import benchmarks
from tests.benchmarks import __main__ as runner
from tests.readmes import README
from tests.repo import project

ROW = benchmarks.Row("speed", "速度", "10 ms", "40 ms", 4.0, "≥ 3", True)


def test_a_pair_is_judged_by_its_medians() -> None:
    pair = benchmarks.Pair(ours=(1.0, 9.0, 2.0), theirs=(8.0, 6.0, 4.0))  # medians 2 and 6
    assert pair.slower == pytest.approx(2 / 6)
    assert pair.faster == pytest.approx(6 / 2)
    assert benchmarks.faster_row("a", "甲", pair, least=3.0).met
    assert not benchmarks.faster_row("a", "甲", pair, least=3.1).met
    assert benchmarks.slower_row("a", "甲", pair, most=0.34).met
    assert not benchmarks.slower_row("a", "甲", pair, most=0.33).met


def test_both_sides_are_timed_in_turn_after_warming_up() -> None:
    order: list[str] = []
    benchmarks.side_by_side(lambda: order.append("o"), lambda: order.append("t"), times=2, warm=1)
    assert order == ["o", "t"] * 3


def test_a_percentile_lies_between_the_values() -> None:
    assert benchmarks.percentile([4, 1, 3, 2], 50) == pytest.approx(2.5)
    assert benchmarks.percentile([4, 1, 3, 2], 95) == pytest.approx(3 + 0.85)  # place 2.85
    assert benchmarks.percentile([7], 95) == 7


@pytest.mark.parametrize(
    ("duration", "words"), [(1.234, "1.23 s"), (0.0345, "34.5 ms"), (5e-6, "5 µs")]
)
def test_a_duration_is_printed_in_its_unit(duration: float, words: str) -> None:
    assert benchmarks.printed(duration) == words


@pytest.mark.parametrize(("language", "line"), [("en", "| speed "), ("zh", "| 速度 ")])
def test_the_table_has_a_line_for_each_row(language: str, line: str) -> None:
    lines = runner.table([ROW, ROW], language).splitlines()
    assert len(lines) == 2 + 2
    assert lines[2].startswith(line + "| 10 ms | 40 ms | 4 | ≥ 3 | ")


def test_only_what_stands_between_the_markers_is_renewed() -> None:
    page = f"head\n{runner.START}\nold\n{runner.END}\ntail\n"
    assert runner.renewed(page, "new") == f"head\n{runner.START}\nnew\n{runner.END}\ntail\n"
    with pytest.raises(ValueError, match="bench:start"):
        runner.renewed("no markers", "new")


@pytest.mark.parametrize("name", sorted(README.values()))
def test_a_readme_has_a_place_for_the_table(name: str) -> None:
    assert f"{runner.START}\nnew\n{runner.END}" in runner.renewed(project.text(name), "new")


@pytest.mark.parametrize("name", runner.names())
def test_every_benchmark_can_be_run(name: str) -> None:
    module = importlib.import_module(f"tests.benchmarks.bench_{name}")
    assert callable(module.run)


def test_an_unknown_benchmark_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert runner.main(["nosuch"]) == 2
    assert "no benchmark nosuch" in capsys.readouterr().err
