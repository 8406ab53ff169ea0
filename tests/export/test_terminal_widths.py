"""In a terminal of any width every figure stands whole; wide tables are turned."""

from __future__ import annotations

import re

import pytest

import simulator as sim
from simulator import cli
from simulator.formats import terminal
from simulator.present.tables.catalogue import PLAIN, YEARLY, table

WIDTHS = (60, 80, 120)
COMMANDS = (
    ("run", "--scenario", "tight_revenue"),
    ("run", "--only", "money,sharing,figures,checks,balance_verdict,training_bureau"),
    ("run", "--only", "failing,school_totals", "--money", "yuan"),
    ("compare", "baseline", "steady", "tight_revenue"),
    ("explain", "need", "--depth", "2"),
    ("check",),
)
FIGURE = re.compile(r"\d[\d,]*\.\d+|\d{1,3}(?:,\d{3})+")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda each: " ".join(each)[:30])
def test_no_command_cuts_a_figure(
    command: tuple[str, ...], width: int, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """The figures printed in a narrow terminal are those of a wide one, one by one."""
    monkeypatch.setenv("COLUMNS", "2000")
    assert cli.main([*command, "--lang", "en"]) == 0
    wide = sorted(FIGURE.findall(capsys.readouterr().out))
    monkeypatch.setenv("COLUMNS", str(width))
    assert cli.main([*command, "--lang", "en"]) == 0
    narrow = capsys.readouterr().out
    if command[0] != "check":
        assert max(map(len, narrow.splitlines())) <= width
    assert "…" not in narrow.replace(" …", "")
    if command[0] in ("run", "compare"):
        flat = sorted(FIGURE.findall(narrow))
        assert flat == wide


@pytest.mark.parametrize("width", WIDTHS)
def test_every_table_keeps_its_figures_whole(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    result = sim.simulate(sim.sample_district(), sim.load_scenario("scenarios/baseline.yaml"))
    monkeypatch.setenv("COLUMNS", str(width))
    for name in ("money", "verdict", "balance_verdict", "schools", "drivers"):
        assert name in PLAIN or name in YEARLY
        found = table(result, name, "zh", "yuan")
        terminal.show_table(found)
        said = capsys.readouterr().out
        for row in found.texts()[:20]:
            for column, cell in zip(found.columns, row, strict=True):
                if column.numeric and cell:
                    assert cell in said, (name, column.id, cell)


def test_a_table_that_fits_is_not_turned(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    result = sim.simulate(sim.sample_district(), sim.load_scenario("scenarios/baseline.yaml"))
    money = table(result, "money", "en")
    for width, lines in ((120, 1), (40, 4)):
        monkeypatch.setenv("COLUMNS", str(width))
        terminal.show_table(money)
        said = capsys.readouterr().out
        need = [line for line in said.splitlines() if "2026" in line]
        assert len(need) >= 1
        assert ("2025" in need[0]) == (lines == 1)
