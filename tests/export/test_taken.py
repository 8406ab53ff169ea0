"""What a district does not say: how it is taken is told, and what is declared none counts as 0."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

import simulator as sim
from simulator import cli
from simulator.district.assumed import ALLOWED
from simulator.district.columns import columns
from simulator.district.model import District
from simulator.errors import FindingsError
from simulator.formats.as_json import machine
from simulator.glossary import LANGUAGES
from simulator.present.brief_parts import Teller
from simulator.present.sentences.brief import money
from simulator.present.sentences.explained import source_of
from simulator.present.tables.catalogue import table
from simulator.results.result import Result
from tests.building import district_of, scenario_of, school

GIVEN = {"ownership": "public"}
SETTINGS = {"appropriation_scope": "compulsory", "appropriation_includes_transfers": 0}


def fiscal(transfers: float = 5e6) -> list[dict[str, Any]]:
    return [
        {"year": year, "recurrent_revenue": 100e6, "education_appropriation": 40e6,
         "upper_transfers": transfers}
        for year in (2024, 2025)
    ]  # fmt: skip


def run(district: District) -> Result:
    return sim.simulate(district, scenario_of(policy=["national"]))


def codes(district: District) -> list[str]:
    return [each.code for each in run(district).findings]


def test_what_is_said_is_not_told() -> None:
    district = district_of([school("A", **GIVEN)], fiscal(), **SETTINGS)
    assert codes(district) == []


def test_a_school_whose_ownership_is_not_given_is_named_and_taken_as_public() -> None:
    said = district_of([school("A", **GIVEN), school("B", **GIVEN)], fiscal(), **SETTINGS)
    unsaid = district_of([school("A", **GIVEN), school("B")], fiscal(), **SETTINGS)
    (found,) = [e for e in run(unsaid).findings if e.code == "ownership_not_given"]
    assert "School B" in found.message("zh") and "School A" not in found.message("en")
    # the same figures, another identity: who reads the hash knows that it was assumed
    assert run(said).district["need"].tolist() == run(unsaid).district["need"].tolist()
    assert run(said).identity != run(unsaid).identity


@pytest.mark.parametrize("staff", [0, None])
def test_pay_without_staff_stands_and_is_told(staff: int | None) -> None:
    rows = [school("A", **GIVEN), school("B", staff=staff, **GIVEN)]
    result = run(district_of(rows, fiscal(), **SETTINGS))
    (found,) = [e for e in result.findings if e.code == "payroll_without_staff"]
    assert "School B" in found.message("zh") and "School A" not in found.message("zh")
    # two payrolls of 2,000,000
    assert result.district.at[2025, "payroll_total"] == pytest.approx(4_000_000)


@pytest.mark.parametrize("staff", [0, None])
def test_no_pay_without_staff_is_nothing_to_tell(staff: int | None) -> None:
    rows = [school("A", staff=staff, payroll=0, **GIVEN)]
    assert codes(district_of(rows, fiscal(), **SETTINGS)) == []


@pytest.mark.parametrize(
    ("key", "code"),
    [("appropriation_scope", "scope_not_given"),
     ("appropriation_includes_transfers", "transfers_not_given")],
)  # fmt: skip
def test_an_appropriation_that_is_not_explained_is_told_beside_the_gap(key: str, code: str) -> None:
    settings = {name: value for name, value in SETTINGS.items() if name != key}
    result = run(district_of([school("A", **GIVEN)], fiscal(), **settings))
    (found,) = result.findings
    assert found.code == code
    for language in LANGUAGES:
        assert found.message(language) in table(result, "money", language).note
        assert found.message(language) in money(Teller(result, language))


def test_without_transfers_there_is_no_question_whether_they_are_in_it() -> None:
    settings = {"appropriation_scope": "compulsory"}
    assert codes(district_of([school("A", **GIVEN)], fiscal(0), **settings)) == []


SHY = {"primary_boarders": None, "mainstreamed_primary": None, "music_rooms": None}


def declared(text: str | None, **fields: Any) -> District:
    rows = [school("A", **GIVEN), school("B", **{**GIVEN, **SHY, **fields})]
    for row in rows:
        row.setdefault("music_rooms", 2)
    return district_of(rows, fiscal(), **SETTINGS, assumed_none=text)


@pytest.mark.parametrize("text", [
    "primary_boarders, mainstreamed_primary", "小学寄宿生、mainstreamed_primary",
    "mainstreamed_primary；小学寄宿生数",
])  # fmt: skip
def test_an_empty_cell_of_a_declared_column_is_none(text: str) -> None:
    unknown, none = run(declared(None)), run(declared(text))
    zero = run(declared(None, primary_boarders=0, mainstreamed_primary=0))
    last = unknown.index.years[-1]
    assert unknown.district["need"].isna().at[last]
    assert none.district.at[last, "need"] == pytest.approx(zero.district.at[last, "need"])
    # only what is named: the music room of B stays unknown
    schools = none.binding.district.schools
    assert schools.at["B", "primary_boarders"] == 0 and schools["music_rooms"].isna().at["B"]
    # written in another way it is the same declaration, and neither silence nor a filled cell
    same = run(declared("primary_boarders、mainstreamed_primary"))
    assert none.identity == same.identity
    assert len({none.identity, unknown.identity, zero.identity}) == 3


def test_a_figure_that_is_given_stays() -> None:
    district = declared("primary_boarders", primary_boarders=7)
    assert district.schools.at["B", "primary_boarders"] == 7
    assert district.assumed == frozenset()
    assert not any(code == "assumed_none" for code in codes(district))


def test_a_stage_that_a_school_does_not_have_is_not_declared() -> None:
    district = declared("junior_boarders")
    assert district.schools["junior_boarders"].isna().all()


REFUSED = ("primary_pupils", "staff", "payroll", "operating_funds", "floor_area", "special_pupils",
           "primary_boarders_prior", "school_name", "nosuch")  # fmt: skip


@pytest.mark.parametrize("field", REFUSED)
def test_other_columns_cannot_be_declared(field: str) -> None:
    with pytest.raises(FindingsError) as caught:
        declared(f"primary_boarders, {field}")
    (found,) = [e for e in caught.value.findings if e.severity == "error"]
    assert (found.code, found.value) == ("assumed_column", field)
    assert field in found.message("zh") and "小学寄宿生" in found.mend("zh")


def test_only_columns_where_none_is_ordinary_are_allowed() -> None:
    numeric = {name for name, column in columns("schools").items() if column.numeric}
    kinds = ("boarder", "mainstreamed", "aided", "weak", "small_class", "_rooms", "senior_pupils")
    ordinary = {name for name in numeric if any(kind in name for kind in kinds)}
    later = {name for name in ordinary if name.endswith("_prior")}
    assert set(ALLOWED) == ordinary - later - {"multimedia_rooms"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_printed_wherever_it_counts(language: Any) -> None:
    result = run(declared("primary_boarders, mainstreamed_primary"))
    label = columns("schools")["primary_boarders"].label(language)
    findings = [e for e in result.findings if e.code == "assumed_none"]
    assert len(findings) == 2 and any(label in e.message(language) for e in findings)
    for name in ("money", "rules", "levers"):
        assert label in table(result, name, language).note
    trace = result.explain("counted_boarders", "B", "primary")
    given = result.explain("counted_boarders", "A", "primary")
    word = {"zh": "空白按无计", "en": "none, as the district declares"}[language]
    assert word in source_of(trace, language) and word not in source_of(given, language)
    assert machine(result, ["verdict"])["assumed_none"] == [
        "mainstreamed_primary", "primary_boarders"
    ]  # fmt: skip


def test_the_live_workbook_says_it(tmp_path: Any) -> None:
    path = tmp_path / "out.xlsx"
    run(declared("primary_boarders, mainstreamed_primary")).to_workbook(path, "zh")
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), read_only=True)
    words = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row]
    assert any("小学寄宿生" in word and "计为无" in word for word in words)


def test_check_tells_both(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    head = "name,province,base_year,assumed_none\nMade,江苏,2025,primary_boarders\n"
    (tmp_path / "district.csv").write_text(head, encoding="utf-8")
    rows = "school_id,school_name,school_type,primary_pupils\nA,School A,primary,200\n"
    (tmp_path / "schools.csv").write_text(rows, encoding="utf-8")
    assert cli.main(["check", "--district", str(tmp_path), "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "按公办计算" in said and "“小学寄宿生”有 1 所学校空白" in said
    assert "不能计算" in said
