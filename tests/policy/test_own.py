"""A district's own packs: loaded from a file or folder, strictly, bounded, layered last."""

from __future__ import annotations

from pathlib import Path

import pytest

import simulator as sim
from simulator.errors import FindingsError, JunhengError
from simulator.policy.load import load_policy
from simulator.policy.own import MOST_FILES, MOST_OWN, OwnPack, own_pack, uploaded_pack
from simulator.scenario.load import SHIPPED

CITE = "cites: {document: 区发〔2026〕1号, article: 第三条, title_zh: 办法, title_en: Measures}"


def text(
    primary: float = 900, parameter: str = "operating_benchmark", day: str = "2026-01-01"
) -> str:
    """A pack that sets the benchmark of primary pupils from a day on."""
    value = f"{{from: {day}, value: {{primary: {primary}}}, {CITE}}}"
    head = f"{parameter}: {{unit: yuan_per_pupil, zh: 区定标准, en: Ours, by: stage, bound: floor"
    return f"{head}, values: [{value}]}}\n"


def county(**said: object) -> OwnPack:
    return own_pack("county", {"county.yaml": text(**said)})  # type: ignore[arg-type]


def test_a_file_is_a_pack_called_as_the_file(tmp_path: Path) -> None:
    file = tmp_path / "某区标准 2026.yaml"
    file.write_text(text(), encoding="utf-8")
    pack = sim.load_pack(file)
    assert pack == OwnPack("某区标准 2026", ((file.name, text()),))
    assert uploaded_pack(file.name, file.read_bytes()) == pack


def test_a_folder_is_a_pack_of_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "county"
    folder.mkdir()
    (folder / "b.yaml").write_text(text(parameter="repair_floor", primary=90), encoding="utf-8")
    (folder / "a.yml").write_text(text(), encoding="utf-8")
    (folder / "readme.txt").write_text("not read", encoding="utf-8")
    pack = sim.load_pack(str(folder))
    assert pack.name == "county" and [name for name, _ in pack.files] == ["a.yml", "b.yaml"]
    policy = load_policy(["national"], own=[pack])
    assert policy.packs == ("definitions", "national", "county")
    found = {name: policy.value(name, 2026, "primary") for name in
             ("operating_benchmark", "repair_floor")}  # fmt: skip
    assert {name: each.amount for name, each in found.items() if each} == {
        "operating_benchmark": 900, "repair_floor": 90,
    }  # fmt: skip


def test_an_own_pack_is_layered_after_those_named_and_looser_values_do_not_hold() -> None:
    strict = load_policy(["national"], own=[county(primary=900)])
    loose = load_policy(["national"], own=[county(primary=700)])
    for policy, amount, pack in ((strict, 900, "county"), (loose, 720, "national")):
        value = policy.value("operating_benchmark", 2026, "primary")
        assert value is not None and (value.amount, value.pack) == (amount, pack)
    assert [each.asked.pack for each in loose.looser_than_law(2026)] == ["county"]
    assert strict.looser_than_law(2026) == []


def test_a_scenario_may_name_an_own_pack_which_is_in_force_once_and_last() -> None:
    policy = load_policy(["county", "national"], own=[county(primary=900)])
    assert policy.packs == ("definitions", "national", "county")
    with pytest.raises(JunhengError) as caught:
        load_policy(["county", "national"])
    assert caught.value.code == "pack_unknown"


def test_an_own_pack_belongs_to_the_identity_and_to_the_figures() -> None:
    district, scenario = sim.sample_district(), sim.load_scenario(SHIPPED / "baseline.yaml")
    plain = sim.simulate(district, scenario)
    first = sim.simulate(district, scenario, packs=[county(primary=900)])
    second = sim.simulate(district, scenario, packs=[county(primary=901)])
    assert len({plain.identity, first.identity, second.identity}) == 3
    assert sim.simulate(district, scenario, packs=[county(primary=900)]).identity == first.identity
    assert first.at("operating_benchmark", 2026)[0] == 900
    assert plain.at("operating_benchmark", 2026)[0] == 720


def test_a_rule_cites_the_own_pack_that_set_its_value() -> None:
    value = f"{{from: 2026-01-01, value: 0.06, {CITE}}}"
    head = "training_floor_share: {unit: share, zh: 培训, en: Training, bound: floor"
    pack = own_pack("county", {"a.yaml": f"{head}, values: [{value}]}}\n"})
    district, scenario = sim.sample_district(), sim.load_scenario(SHIPPED / "baseline.yaml")
    for packs, documents in (((), []), ((pack,), ["区发〔2026〕1号"])):
        checks = sim.simulate(district, scenario, packs=packs).checks
        rows = checks[(checks["rule"] == "training_5") & (checks["year"] == 2026)]
        cited = rows["citation"].iloc[0]
        assert [each.document for each in cited if not isinstance(each, str)] == documents
        assert "caijiao_2006_5" in cited


def test_a_value_from_september_is_told_in_the_result() -> None:
    district, scenario = sim.sample_district(), sim.load_scenario(SHIPPED / "baseline.yaml")
    result = sim.simulate(district, scenario, packs=[county(primary=1080, day="2026-09-01")])
    assert result.at("operating_benchmark", 2026)[0] == pytest.approx(720 + 360 * 4 / 12)
    assert result.at("operating_benchmark", 2027)[0] == 1080
    told = [each for each in result.findings if each.source == "county"]
    assert [each.code for each in told] == ["pack_by_months"]
    assert "4 个月" in told[0].text("zh") and "4 months" in told[0].text("en")


@pytest.mark.parametrize(
    ("name", "code"),
    [("national", "pack_taken"), ("guangdong_repair", "pack_taken"), ("../up", "pack_own_name"),
     ("a/b", "pack_own_name"), ("", "pack_own_name"), ("x" * 65, "pack_own_name")],
)  # fmt: skip
def test_a_name_that_is_taken_or_no_name_is_refused(name: str, code: str) -> None:
    with pytest.raises(JunhengError) as caught:
        load_policy(["national"], own=[own_pack(name, {"a.yaml": text()})])
    assert caught.value.code == code


def test_two_own_packs_of_one_name_are_refused_and_so_are_too_many() -> None:
    with pytest.raises(JunhengError) as caught:
        load_policy([], own=[county(), county()])
    assert caught.value.code == "pack_taken"
    many = [own_pack(f"county_{n}", {"a.yaml": text()}) for n in range(MOST_OWN + 1)]
    with pytest.raises(JunhengError) as caught:
        load_policy([], own=many)
    assert caught.value.code == "pack_many"
    assert len(load_policy([], own=many[:-1]).packs) == MOST_OWN + 1


def test_a_parameter_that_no_formula_knows_is_refused_with_near_names() -> None:
    with pytest.raises(FindingsError) as caught:
        load_policy(["national"], own=[county(parameter="operating_benchmrk")])
    finding = caught.value.findings[0]
    assert (finding.code, finding.column, finding.row) == ("pack_unused", "operating_benchmrk", 1)
    assert "operating_benchmark" in finding.text("zh")
    load_policy(["national"], own=[county(parameter="target_ours")])


def test_mistakes_of_an_own_pack_are_named_as_those_of_any_other() -> None:
    broken = own_pack("county", {"a.yaml": text().replace("yuan_per_pupil", "yuan_per_pony")})
    with pytest.raises(FindingsError) as caught:
        load_policy(["national"], own=[broken])
    assert [each.column for each in caught.value.findings] == ["operating_benchmark.unit"]


def test_what_is_too_large_too_many_or_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(JunhengError) as caught:
        uploaded_pack("big.yaml", b"#" * 1_000_001)
    assert caught.value.code == "yaml_large"
    half = "#" * 600_000
    with pytest.raises(JunhengError) as caught:
        own_pack("big", {"a.yaml": half, "b.yaml": half})
    assert caught.value.code == "yaml_large"
    assert own_pack("fits", {"a.yaml": half}).files
    with pytest.raises(JunhengError) as caught:
        uploaded_pack("latin.yaml", "é".encode("latin-1"))
    assert caught.value.code == "yaml_encoding"
    with pytest.raises(JunhengError) as caught:
        own_pack("sheet", {"sheet.xlsx": ""})
    assert caught.value.code == "pack_ending"
    with pytest.raises(JunhengError) as caught:
        sim.load_pack(tmp_path)
    assert caught.value.code == "pack_no_files"
    with pytest.raises(JunhengError) as caught:
        sim.load_pack(tmp_path / "missing.yaml")
    assert caught.value.code == "yaml_missing"
    for number in range(MOST_FILES + 1):
        if number == MOST_FILES:
            assert len(sim.load_pack(tmp_path).files) == MOST_FILES
        (tmp_path / f"{number:02d}.yaml").write_text(text(), encoding="utf-8")
    with pytest.raises(JunhengError) as caught:
        sim.load_pack(tmp_path)
    assert caught.value.code == "pack_files"


def test_formula_lines_of_an_own_pack_are_in_force() -> None:
    lines = (
        "id: ours\nzh: 某区\nen: Ours\nper_pupil: headcount\nlines:\n"
        "  - {id: all, zh: 全部, en: All, counted: headcount, amount: 500, cites: 某区办法}\n"
    )
    pack = own_pack("county", {"lines.yaml": lines})
    district, scenario = sim.sample_district(), sim.load_scenario(SHIPPED / "baseline.yaml")
    result = sim.simulate(district, scenario, packs=[pack])
    assert result.lines is not None and result.lines.pack == "county"
