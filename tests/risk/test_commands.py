"""The commands: the same numbers as in Python, bad input in one line with exit code 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import simulator as sim
from simulator import cli

DRAWN = ["uncertainty", "--scenario", "steady", "--draws", "20", "--seed", "9"]


def test_draws_as_json_are_those_of_python(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([*DRAWN, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    found = sim.uncertainty(
        sim.sample_district(), sim.load_scenario("scenarios/steady.yaml"), 20, 9
    )
    assert (said["identity"], said["seed"], said["draws"]) == (found.identity, 9, 20)
    assert [row["value"] for row in said["quantiles"]] == found.quantiles["value"].tolist()
    assert [row["share"] for row in said["probability"]] == found.probability["share"].tolist()
    assert said["first_year"][3]["year"] is None


@pytest.mark.parametrize(("language", "word"), [("zh", "种子 9"), ("en", "seed 9")])
def test_draws_are_shown_with_their_seed(
    language: str, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([*DRAWN, "--lang", language]) == 0
    assert word in "".join(capsys.readouterr().out.split("\n"))


def test_spreads_of_a_file_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "spreads.yaml"
    file.write_text("revenue: {sd: 0.001}\n", encoding="utf-8")
    assert cli.main([*DRAWN, "--json", "--assumptions", str(file)]) == 0
    narrow = json.loads(capsys.readouterr().out)
    assert cli.main([*DRAWN, "--json"]) == 0
    assert narrow["identity"] != json.loads(capsys.readouterr().out)["identity"]


def test_sensitivity_is_shown_written_and_given_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["sensitivity", "--scenario", "steady", "--figure", "need", "--year", "2026"]
    assert cli.main([*asked, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["figure"], said["year"]) == ("need", 2026)
    assert said["levers"][0]["lever"] == "assumptions.pay_growth"
    assert {flip["rule"] for flip in said["levers"][0]["flips"]} >= {"money_ok", "growth_pay"}
    assert cli.main([*asked, "--out", str(tmp_path / "moves.xlsx")]) == 0
    assert (tmp_path / "moves.xlsx").stat().st_size > 0


@pytest.mark.parametrize(
    "asked",
    [
        ["uncertainty", "--draws", "0"],
        ["uncertainty", "--seed", "-1"],
        ["uncertainty", "--method", "latin"],
        ["uncertainty", "--draws", "many"],
        ["uncertainty", "--assumptions", "nowhere.yaml"],
        ["uncertainty", "--scenario", "nowhere"],
        ["sensitivity", "--figure", "weather"],
        ["sensitivity", "--year", "1999"],
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_bad_input_is_one_line(
    asked: list[str], language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([*asked, "--lang", language]) == 2
    said = capsys.readouterr()
    assert said.out == "" and len(said.err.splitlines()) == 1
