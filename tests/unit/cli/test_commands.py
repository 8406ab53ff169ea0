"""The command line: the same numbers as Python, files that read back, one line on bad input."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

import simulator as sim
from simulator import cli
from simulator.present.tables.catalogue import table
from simulator.results.result import Result

STEADY = ("--scenario", "steady")


def _run(*arguments: str, root: Path) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, as a user gives it."""
    command = [sys.executable, "-m", "simulator", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


@pytest.fixture
def steady(root: Path) -> Result:
    scenario = sim.load_scenario(root / "scenarios" / "steady.yaml")
    return sim.simulate(sim.sample_district(), scenario)


def test_json_is_what_python_computes(steady: Result, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run", *STEADY, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["identity"] == steady.identity and said["invented"] is True
    by_year = {row["year"]: row for row in said["district"]}
    district = steady.district
    # full precision: the same float64, not a rounded one
    assert all(by_year[year]["need"] == district.at[year, "need"] for year in district.index)
    parts = steady.schools["operating_funds"]
    found = {(row["year"], row["school_id"], row["stage"]): row["operating_funds"]
             for row in said["schools"]}  # fmt: skip
    assert found == parts.to_dict()
    unknown = [row for row in said["checks"] if row["status"] == "unknown"]
    assert unknown and all(row["headroom"] is None for row in unknown)


def test_only_limits_what_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run", "--json", "--only", "verdict,money"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert "district" in said and "verdict" in said and "schools" not in said


def test_tables_on_the_terminal_are_the_printed_ones(
    steady: Result, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")  # wide enough for every word to stand on one line
    assert cli.main(["run", *STEADY, "--lang", "zh", "--only", "money"]) == 0
    said = capsys.readouterr().out
    assert "虚构" in said and "稳步提升" in said
    for row in table(steady, "money").texts():
        assert all(cell in said for cell in row)


def test_files_are_written_as_their_names_ask(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book, single, folder = tmp_path / "a.xlsx", tmp_path / "m.csv", tmp_path / "all"
    assert cli.main(["run", "--only", "money,rules", "--lang", "en", "--out", str(book)]) == 0
    assert len(openpyxl.load_workbook(book).sheetnames) == 2
    assert cli.main(["run", "--only", "money", "--lang", "zh", "--out", str(single)]) == 0
    rows = list(csv.reader(single.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0][0] == "项目" and len(rows[1]) == 5
    assert cli.main(["run", "--lang", "zh", "--out", str(folder)]) == 0
    assert {"money.csv", "schools_2026.csv"} <= {path.name for path in folder.iterdir()}
    assert str(folder) in capsys.readouterr().err


def test_the_sample_and_the_template_are_read_back(tmp_path: Path) -> None:
    whole = sim.sample_district().fingerprint
    assert cli.main(["sample", str(tmp_path / "csv")]) == 0
    assert cli.main(["sample", str(tmp_path / "s.xlsx"), "--lang", "zh"]) == 0
    assert cli.main(["template", str(tmp_path / "t.xlsx"), "--lang", "en"]) == 0
    assert sim.load_district(tmp_path / "csv").fingerprint == whole
    assert sim.load_district(tmp_path / "s.xlsx").fingerprint == whole
    assert openpyxl.load_workbook(tmp_path / "t.xlsx")["schools"].max_row == 1


def test_check_counts_warnings_and_refuses_errors(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["check", "--lang", "zh"]) == 0
    assert "48 所学校" in capsys.readouterr().err
    cli.main(["sample", str(tmp_path / "bad")])
    schools = tmp_path / "bad" / "schools.csv"
    text = schools.read_text(encoding="utf-8-sig").replace("育林小学", "望湖小学")
    schools.write_text(text, encoding="utf-8")
    capsys.readouterr()
    assert cli.main(["check", "--district", str(tmp_path / "bad"), "--lang", "zh"]) == 2
    said = capsys.readouterr()
    assert said.out == "" and "望湖小学" in said.err and "schools" in said.err


def test_explain_shows_the_tree(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--school", "9900001", "--stage", "primary", "--year", "2027", "--lang", "en"]
    assert cli.main(["explain", "pupil_funds", *options, "--depth", "2"]) == 0
    said = capsys.readouterr().out
    assert "Planned" in said or "planned" in said or "Pupils" in said
    assert "2027" in said and "=" in said


BAD = [
    (["run", "--district", "nowhere.xlsx"], "nowhere.xlsx"),
    (["run", "--scenario", "nowhere.yaml"], "nowhere.yaml"),
    (["run", "--only", "nothing"], "nothing"),
    (["run", "--money", "dollar"], "dollar"),
    (["run", "--year", "1999", "--only", "schools"], "1999"),
    (["run", "--lang", "fr"], "fr"),
    (["run", "--out", "x.pdf"], "x.pdf"),
    (["run", "--out", "x.csv"], "--only"),
    (["run", "--no-such-option"], "--no-such-option"),
    (["runn"], "runn"),
    (["explain", "nothing"], "nothing"),
    (["explain", "need", "--year", "x"], "--year"),
    (["workbook"], "target"),
]


@pytest.mark.parametrize(("arguments", "named"), BAD, ids=[" ".join(each[0]) for each in BAD])
def test_bad_input_ends_in_one_line_and_code_2(
    arguments: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1 and named in said.err and "Traceback" not in said.err


def test_a_scenario_with_mistakes_names_them_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("name: bad\nlevers: {training_share: 5, colour: red}\n", encoding="utf-8")
    assert cli.main(["run", "--scenario", str(path), "--lang", "en"]) == 2
    said = capsys.readouterr().err
    assert "training_share" in said and "colour" in said and "Traceback" not in said


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        (["run", "--lang", "en"], "zh_CN.UTF-8", "en"),
        (["run", "--lang=zh"], "en_US.UTF-8", "zh"),
        (["run"], "zh_CN.UTF-8", "zh"),
        (["run"], "C.UTF-8", "en"),
    ],
)
def test_the_language_is_the_one_asked_for_else_the_systems(
    arguments: list[str], environment: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", environment)
    assert cli.spoken(arguments) == language


def test_as_a_program(root: Path) -> None:
    good = _run("run", "--lang", "en", "--only", "verdict", root=root)
    assert (good.returncode, good.stderr) == (0, "") and "Quality balance" in good.stdout
    bad = _run("run", "--district", "nowhere", "--lang", "zh", root=root)
    assert bad.returncode == 2 and bad.stdout == "" and bad.stderr.startswith("找不到")
    shown = _run("--help", root=root)
    assert shown.returncode == 0 and "explain" in shown.stdout


def test_a_map_says_what_headings_mean(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file asks about a heading; with the map it is read, and without it it is not."""
    target = tmp_path / "own.xlsx"
    assert cli.main(["sample", str(target), "--lang", "zh"]) == 0
    book = openpyxl.load_workbook(target)
    sheet = book["学校"]
    heads = {str(cell.value): cell for cell in sheet[1]}
    head = next(cell for text, cell in heads.items() if text.startswith("小学在校生"))
    head.value = "在读孩子数"
    book.save(target)
    assert cli.main(["check", "--district", str(target), "--lang", "zh"]) == cli.BAD_INPUT
    mapped = tmp_path / "map.yaml"
    mapped.write_text("学校:\n  在读孩子数: primary_pupils\n", encoding="utf-8")
    arguments = ["--district", str(target), "--map", str(mapped), "--lang", "zh"]
    assert cli.main(["check", *arguments]) == 0
    assert cli.main(["run", *arguments, "--json", "--only", "verdict"]) == 0
    capsys.readouterr()
    mapped.write_text("学校:\n  在读孩子数: no_such_field\n", encoding="utf-8")
    assert cli.main(["check", *arguments]) == cli.BAD_INPUT
    assert "no_such_field" in capsys.readouterr().err


def test_a_plan_is_sought_shown_and_saved_as_a_scenario(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    enough = tmp_path / "enough.yaml"
    enough.write_text(
        "name: Enough\nbased_on: steady\nlevers: {appropriation: {margin: 0.03}}\n",
        encoding="utf-8",
    )
    shipped = Path(sim.__file__).parent.parent / "scenarios" / "steady.yaml"
    (tmp_path / "steady.yaml").write_text(shipped.read_text("utf-8"), "utf-8")
    (tmp_path / "baseline.yaml").write_text(
        (shipped.parent / "baseline.yaml").read_text("utf-8"), "utf-8"
    )
    saved = tmp_path / "plan.yaml"
    assert cli.main(["plan", "--scenario", str(enough), "--json", "--save", str(saved)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["status"] == "optimal" and said["gap"] <= 1e-3 and said["check"]["agrees"]
    spent = sum(row["amount"] for row in (*said["purchases"], *said["operating_extra"]))
    assert spent == pytest.approx(sum(row["spent"] for row in said["money"]))
    # all that public money may mend is mended; one private school fails, and the answer is no
    assert said["standing"] == "public"
    assert {need["school"] for need in said["owners"]["needs"]} == {"9900009"}
    assert cli.main(["run", "--scenario", str(saved), "--json", "--only", "verdict"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["verdict"]["balanced_year"] is None
    assert again["verdict"]["years"][-1]["schools"]["failing"] == 1
    assert said["verdict"]["mended"]["years"][-1]["balanced"] is True
    assert again["identity"] == said["identity"]
    # the verdict of the plan is the one that its scenario has, and stands beside the one before
    assert said["verdict"]["after"] == again["verdict"]
    assert said["verdict"]["before"]["balanced_year"] is None
    assert cli.main(["plan", "--scenario", str(enough), "--json", "--waive-growth-per-pupil"]) == 0
    free = json.loads(capsys.readouterr().out)
    assert free["waived"] == ["growth_per_pupil"] and free["value"] < said["value"]
    assert free["verdict"]["after"]["rules_met"] == said["verdict"]["after"]["rules_met"] - 1


def test_where_there_is_no_plan_the_exit_code_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["plan", *STEADY, "--lang", "zh"]) == 1
    # where lines break depends on the width of the terminal
    said = "".join(capsys.readouterr().out.split())
    assert "没有任何规划能在2028年使公办学校全部达标" in said and "增加资金" in said
    assert said.index("1所民办学校未达标") < said.index("没有任何规划")


@pytest.mark.parametrize(
    "wrong", [["--objective", "cheap"], ["--spend", "-3"], ["--untouched", "nobody"],
              ["--target", "2050"]],
)  # fmt: skip
def test_conditions_that_cannot_be_end_in_one_line(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["plan", *STEADY, *wrong]) == cli.BAD_INPUT
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


PACK = (
    "operating_benchmark: {unit: yuan_per_pupil, zh: 区定标准, en: Ours, by: stage, bound: floor,"
    " values: [{from: 2026-09-01, value: {primary: 1080}, cites: {document: 区发〔2026〕1号,"
    " article: 第三条, title_zh: 办法, title_en: Measures}}]}\n"
)


@pytest.fixture
def own(tmp_path: Path) -> str:
    path = tmp_path / "county.yaml"
    path.write_text(PACK, encoding="utf-8")
    return str(path)


def test_packs_of_ones_own_are_in_force_on_every_command_that_computes(
    own: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["run", *STEADY, "--json", "--only", "rules"]) == 0
    plain = json.loads(capsys.readouterr().out)
    other = tmp_path / "other.yaml"
    other.write_text(PACK.replace("operating_benchmark", "target_ours"), encoding="utf-8")
    packs = ["--pack", own, "--pack", str(other)]
    assert cli.main(["run", *STEADY, *packs, "--json", "--only", "rules"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["identity"] != plain["identity"]
    assert said["policy"] == [*plain["policy"], "county", "other"]
    due = {row["year"]: row["required"] for row in said["checks"]
           if row["rule"] == "benchmark" and row["stage"] == "primary"}  # fmt: skip
    # 720 for eight months and 1,080 for four
    assert due[2025] == 720 and due[2026] == pytest.approx(840) and due[2027] == 1080
    assert cli.main(["explain", "operating_benchmark", *STEADY, *packs, "--lang", "zh",
                     "--stage", "primary", "--year", "2026"]) == 0  # fmt: skip
    assert "4/12" in capsys.readouterr().out
    for command in (["workbook", str(tmp_path / "live.xlsx"), *STEADY],
                    ["compare", "steady", "baseline"]):  # fmt: skip
        assert cli.main([*command, "--pack", str(tmp_path / "missing.yaml")]) == cli.BAD_INPUT
        assert "missing.yaml" in capsys.readouterr().err


def test_check_tells_values_that_begin_within_a_year(
    own: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["check", "--lang", "en"]) == 0
    assert "4 months" not in capsys.readouterr().out
    assert cli.main(["check", "--pack", own, "--lang", "en"]) == 0
    assert "4 months" in capsys.readouterr().out


def test_the_plan_stands_on_packs_of_ones_own(own: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["plan", *STEADY, "--pack", own + ".gone"]) == cli.BAD_INPUT
    assert "county.yaml.gone" in capsys.readouterr().err
