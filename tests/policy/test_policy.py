"""Values in force by year, layered packs, and what the law says in the shipped packs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simulator.errors import JunhengError
from simulator.policy.load import catalogue, load_policy, shipped_packs
from simulator.policy.model import Policy
from simulator.policy.provinces import region_of, tier_of

CITE = "cites: {document: 区发〔2026〕1号, title_zh: 办法, title_en: Measures}"


def pack(folder: Path, name: str, parameter: str, bound: str, *dated: tuple[str, float]) -> None:
    """A pack of one parameter in yuan, with dated values."""
    (folder / name).mkdir()
    head = f"{parameter}: {{unit: yuan, zh: 数, en: Sum, bound: {bound}, values: ["
    rows = ", ".join(f"{{from: {day}, value: {value}, {CITE}}}" for day, value in dated)
    (folder / name / "made.yaml").write_text(f"{head}{rows}]}}\n", encoding="utf-8")


@pytest.fixture(scope="module")
def shipped() -> Policy:
    return load_policy(["national", "district_plan"])


@pytest.mark.parametrize(
    ("parameter", "year", "key", "amount"),
    [
        # 国发〔2015〕67号 and the adjustments of spring 2020, 2023 and 2025
        ("operating_benchmark", 2016, "primary", 600),
        ("operating_benchmark", 2019, "junior", 800),
        ("operating_benchmark", 2022, "primary", 650),
        ("operating_benchmark", 2023, "primary", 720),
        ("operating_benchmark", 2030, "junior", 940),
        ("boarding_benchmark", 2022, None, 200),
        ("boarding_benchmark", 2023, None, 300),
        ("special_benchmark", 2024, None, 6000),
        ("special_benchmark", 2025, None, 7000),
        ("special_evaluation_floor", 2025, None, 8000),
        ("small_school_floor", 2025, "junior", 100),
        ("central_share", 2025, "1", 0.8),
        ("central_share", 2025, "5", 0.5),
        ("training_floor_share", 2025, None, 0.05),
        ("bureau_training_floor_share", 2025, None, 0.015),
        # 教督〔2017〕6号, seven indicators
        ("standard_higher_degree", 2025, "junior", 5.3),
        ("standard_sports_area", 2025, "junior", 10.2),
        ("standard_equipment_value", 2025, "primary", 2000),
        ("standard_multimedia_rooms", 2025, "junior", 2.4),
        ("cv_limit", 2025, "primary", 0.50),
        ("cv_limit", 2025, "junior", 0.45),
        ("composite_cv_limit", 2025, "junior", 0.55),
        ("exempt_share", 2025, None, 0.85),
        # the plan is stricter than the law for primary classes and rotation
        ("class_cap", 2025, "primary", 35),
        ("class_cap", 2025, "junior", 50),
        # the plan's rotation is of all teachers, the law's of those eligible: two parameters
        ("rotation_floor", 2025, None, 0.15),
        ("rotation_eligible_floor", 2025, None, 0.1),
        ("rotation_backbone_floor", 2025, None, 0.2),
        ("backbone_rotation_floor", 2025, None, 0.15),
        # aid from autumn 2019 (4 of 12 months) and from spring 2024
        ("aid_benchmark", 2019, "primary_boarder", 1000 * 4 / 12),
        ("aid_benchmark", 2019, "junior_day", 625 * 4 / 12),
        ("aid_benchmark", 2020, "primary_boarder", 1000),
        ("aid_benchmark", 2023, "junior_boarder", 1250),
        ("aid_benchmark", 2023, "primary_day", 500),
        ("aid_benchmark", 2024, "primary_boarder", 1250),
        ("aid_benchmark", 2024, "junior_boarder", 1500),
        ("aid_benchmark", 2024, "primary_day", 625),
        ("aid_benchmark", 2030, "junior_day", 750),
        # until 2019 the east has 50 more; then one national figure
        ("operating_benchmark", 2019, "primary:east", 650),
        ("operating_benchmark", 2019, "junior:east", 850),
        ("operating_benchmark", 2019, "junior:west", 800),
        ("operating_benchmark", 2020, "primary:west", 650),
        ("operating_benchmark", 2023, "junior:east", 940),
        # repair per square metre, and staff before the standards of town and village were unified
        ("repair_price_benchmark", 2023, "centre", 800),
        ("repair_price_benchmark", 2023, "west", 900),
        ("repair_price_benchmark", 2024, "east", 1100),
        ("repair_price_benchmark", 2024, "west", 1200),
        ("pupils_per_staff", 2013, "primary:urban", 19),
        ("pupils_per_staff", 2013, "primary:town", 21),
        ("pupils_per_staff", 2013, "primary:rural", 23),
        ("pupils_per_staff", 2002, "junior:urban", 13.5),
        ("pupils_per_staff", 2002, "junior:town", 16),
        ("pupils_per_staff", 2002, "junior:rural", 18),
        ("pupils_per_staff", 2014, "primary:rural", 19),
        ("pupils_per_staff", 2014, "junior:town", 13.5),
        ("split_weight", 2025, "senior", 1.32),
        ("pupil_average_opening", 2025, None, 8),
        ("pupil_average_closing", 2025, None, 4),
    ],
)
def test_the_value_in_force(
    shipped: Policy, parameter: str, year: int, key: str | None, amount: float
) -> None:
    found = shipped.value(parameter, year, key)
    assert found is not None
    assert found.amount == amount
    assert found.citation.document
    assert found.citation.title_zh and found.citation.title_en


def test_nothing_is_in_force_before_the_first_date(shipped: Policy) -> None:
    assert shipped.value("operating_benchmark", 2015, "primary") is None
    assert shipped.value("no_such_parameter", 2025) is None
    assert shipped.value("operating_benchmark", 2025) is None
    assert shipped.value("aid_benchmark", 2018, "primary_boarder") is None


def test_a_national_result_hangs_on_no_provinces_repair_standard(shipped: Policy) -> None:
    assert shipped.value("repair_floor", 2025, "primary") is None
    province = load_policy(["national", "guangdong_repair"])
    found = [province.value("repair_floor", 2025, stage) for stage in ("primary", "junior")]
    assert [(each.amount, each.pack) for each in found if each] == [
        (80, "guangdong_repair"), (100, "guangdong_repair"),
    ]  # fmt: skip


def test_where_the_area_is_not_known_the_old_staffing_is_not_known_either(shipped: Policy) -> None:
    assert shipped.value("pupils_per_staff", 2013, "primary") is None
    assert shipped.value("pupils_per_staff", 2014, "primary") is not None


@pytest.mark.parametrize(
    ("parameter", "year", "key", "document"),
    [
        # POLICY 2.1: each value cites what set it, never the document of the mechanism alone
        ("operating_benchmark", 2016, "primary", "国发〔2015〕67号"),
        ("operating_benchmark", 2020, "primary", "财政部、教育部2020年春季公布"),
        ("operating_benchmark", 2025, "junior", "财政部、教育部2023年春季公布"),
        ("boarding_benchmark", 2022, None, "国发〔2015〕67号"),
        ("boarding_benchmark", 2023, None, "财政部、教育部2023年春季公布"),
        ("special_benchmark", 2024, None, "国发〔2015〕67号"),
        ("special_benchmark", 2025, None, "财政部、教育部2025年春季公布"),
        ("aid_benchmark", 2025, "primary_day", "财政部、教育部2024年5月公布"),
        ("pupils_per_staff", 2013, "primary:town", "国办发〔2001〕74号"),
        ("pupils_per_staff", 2025, "primary:town", "中央编办发〔2014〕72号"),
        ("central_share", 2025, "1", "国发〔2015〕67号"),
        ("central_share", 2025, "4", "国办发〔2019〕27号"),
    ],
)
def test_a_value_cites_the_document_that_set_it(
    shipped: Policy, parameter: str, year: int, key: str | None, document: str
) -> None:
    found = shipped.value(parameter, year, key)
    assert found is not None and found.citation.document == document
    if "公布" in document:
        assert found.verify
        assert found.citation.article_in("zh") == "文号待核实"
        assert found.citation.article_in("en") == "number to verify"
        assert found.citation.document_in("en").startswith("announced by the Ministries of Finance")
    else:
        assert found.citation.document_in("en") == document


def test_without_packs_only_the_definitions_hold() -> None:
    bare = load_policy([])
    assert bare.packs == ("definitions",)
    assert set(bare.parameters()) == {
        "pupil_average_opening", "pupil_average_closing", "split_weight",
        "scope_teaching_point_pupils",
    }  # fmt: skip


def test_a_value_from_spring_counts_for_the_whole_year(tmp_path: Path) -> None:
    pack(tmp_path, "made", "rate", "floor", ("2024-01-01", 10), ("2025-03-01", 20))
    policy = load_policy(["made"], [tmp_path])
    found = [policy.value("rate", year) for year in (2023, 2024, 2025, 2026)]
    assert [each.amount if each else None for each in found] == [None, 10, 20, 20]


@pytest.mark.parametrize(
    ("bound", "first", "second", "amount", "looser"),
    [
        ("floor", 10, 12, 12, []),
        ("floor", 10, 8, 10, [(8, 10)]),
        ("ceiling", 10, 8, 8, []),
        ("ceiling", 10, 12, 10, [(12, 10)]),
        ("value", 10, 8, 8, []),
    ],
)
def test_a_later_pack_may_be_stricter_only(
    tmp_path: Path, bound: str, first: float, second: float, amount: float, looser: list[object]
) -> None:
    pack(tmp_path, "law", "rate", bound, ("2020-01-01", first))
    pack(tmp_path, "plan", "rate", bound, ("2020-01-01", second))
    policy = load_policy(["law", "plan"], [tmp_path])
    found = policy.value("rate", 2025)
    assert found is not None and found.amount == amount
    assert [(each.asked.amount, each.in_force.amount) for each in policy.notes] == looser


def test_each_looser_pack_is_told_beside_the_law(tmp_path: Path) -> None:
    for name, amount in (("law", 10), ("city", 6), ("county", 8)):
        pack(tmp_path, name, "rate", "floor", ("2020-01-01", amount))
    policy = load_policy(["law", "city", "county"], [tmp_path])
    told = [(each.asked.pack, each.in_force.amount) for each in policy.looser_than_law(2025)]
    assert told == [("city", 10), ("county", 10)]


def test_a_law_that_overtakes_the_plan_is_in_force_again(tmp_path: Path) -> None:
    pack(tmp_path, "law", "rate", "floor", ("2020-01-01", 10), ("2026-01-01", 15))
    pack(tmp_path, "plan", "rate", "floor", ("2024-01-01", 12))
    policy = load_policy(["law", "plan"], [tmp_path])
    found = {year: policy.value("rate", year) for year in (2023, 2025, 2026)}
    assert {year: each.amount for year, each in found.items() if each} == {
        2023: 10, 2025: 12, 2026: 15,
    }  # fmt: skip
    assert policy.looser_than_law(2025) == []
    assert [each.asked.pack for each in policy.looser_than_law(2026)] == ["plan"]


@pytest.mark.parametrize(
    "name",
    ["", "..", "../national", "nat ional", "National", "a/b", "ä", "x" * 65, "1st", ".", "nul\0"],
)
def test_a_pack_name_cannot_leave_the_folder(name: str) -> None:
    with pytest.raises(JunhengError) as caught:
        load_policy([name])
    assert caught.value.code == "pack_name"


def test_an_unknown_pack_is_named_with_the_known_ones() -> None:
    with pytest.raises(JunhengError) as caught:
        load_policy(["nationl"])
    assert "nationl" in str(caught.value) and "national" in caught.value.text("zh")


def test_packs_that_disagree_on_a_parameter_are_refused(tmp_path: Path) -> None:
    pack(tmp_path, "law", "rate", "floor", ("2020-01-01", 10))
    pack(tmp_path, "plan", "rate", "ceiling", ("2020-01-01", 10))
    with pytest.raises(JunhengError) as caught:
        load_policy(["law", "plan"], [tmp_path])
    assert caught.value.code == "pack_disagrees"


def test_fingerprints_tell_packs_apart(tmp_path: Path) -> None:
    first = load_policy(["national", "district_plan"])
    assert load_policy(["national", "district_plan"]).fingerprint == first.fingerprint
    assert load_policy(["national"]).fingerprint != first.fingerprint
    pack(tmp_path, "made", "rate", "floor", ("2020-01-01", 10))
    before = load_policy(["made"], [tmp_path]).fingerprint
    made = tmp_path / "made" / "made.yaml"
    made.write_text(made.read_text(encoding="utf-8").replace("value: 10", "value: 11"), "utf-8")
    assert load_policy(["made"], [tmp_path]).fingerprint != before


def test_every_shipped_value_is_cited_and_named() -> None:
    every = load_policy(shipped_packs())
    address = re.compile(r"https?:|www\.")
    for (parameter, _), dated in every.values.items():
        for value in dated:
            assert value.citation.document, parameter
            assert not address.search(repr(value.citation)), parameter
    assert all(each.zh and each.en for each in catalogue().values())


#: What was not checked against a document's text, and the product's own figures.
TO_VERIFY = {
    "central_share", "repair_floor", "staff_per_class", "small_class_extra_posts", "unit_cost",
    "lead_time", "pupils_per_staff", "operating_benchmark", "target_P26",
}  # fmt: skip


def test_what_was_not_checked_is_marked_to_verify() -> None:
    every = load_policy(shipped_packs())
    marked = {value.parameter for dated in every.values.values() for value in dated if value.verify}
    assert marked >= TO_VERIFY
    own = [
        value
        for dated in every.values.values()
        for value in dated
        if "本产品" in value.citation.document
    ]
    assert own and all(value.verify for value in own)
    checked = every.value("operating_benchmark", 2016, "primary")
    assert checked is not None and not checked.verify


def test_a_value_without_an_article_is_marked_to_verify(tmp_path: Path) -> None:
    every = load_policy(shipped_packs())
    bare = [
        value.parameter
        for dated in every.values.values()
        for value in dated
        if not value.citation.article.strip() and not value.verify
    ]
    assert bare == []
    pack(tmp_path, "made", "rate", "floor", ("2020-01-01", 10))
    made = load_policy(["made"], [tmp_path]).value("rate", 2025)
    assert made is not None and made.verify


@pytest.mark.parametrize(
    ("province", "tier"),
    [
        ("江苏", 4), ("江苏省", 4), ("广西壮族自治区", 1), ("新疆维吾尔自治区", 1),
        ("内蒙古自治区", 1), ("河北", 2), ("福建省", 3), ("北京市", 5), ("深圳", 4),
        ("", None), ("火星", None),
    ],
)  # fmt: skip
def test_the_tier_of_a_province(province: str, tier: int | None) -> None:
    assert tier_of(province) == tier


def test_every_province_is_in_one_tier() -> None:
    from simulator.policy.provinces import _tiers

    # 31 provinces of the mainland and five separately planned cities
    assert len(_tiers()) == 31 + 5


@pytest.mark.parametrize(
    ("province", "tier", "region"),
    [
        ("江苏省", None, "east"), ("广东", 1, "east"), ("上海市", None, "east"),
        ("辽宁", None, "east"), ("河南省", None, "centre"), ("四川", None, "west"),
        ("", 2, "centre"), ("", 3, "east"), ("", None, None), ("火星", None, None),
    ],
)  # fmt: skip
def test_the_region_of_a_province(province: str, tier: int | None, region: str | None) -> None:
    assert region_of(province, tier) == region


def test_points_of_the_plan_are_cited_only_under_the_plan(shipped: Policy) -> None:
    cites = ("education_law 56", "plan P17")
    assert shipped.attributed(cites) == cites
    assert load_policy(["national"]).attributed(cites) == ("education_law 56",)
    assert load_policy([]).attributed(("plan P11",)) == ()
