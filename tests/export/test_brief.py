"""The brief: every figure is one of the tables', both languages, and LibreOffice opens it."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from PIL import Image

import simulator as sim
from simulator.compare import Comparison
from simulator.formats.docx import font as brief_font
from simulator.formats.docx.brief import annexes, brief_bytes, sections, write_brief
from simulator.formats.docx.charts import balance_chart, money_chart, steps_chart
from simulator.glossary import LANGUAGES, Language
from simulator.present.brief_parts import Listed, Section, Shown, Teller, Text
from simulator.present.sentences import brief as brief_text
from simulator.present.tables.catalogue import all_tables
from simulator.present.tables.comparison_steps import comparison_tables
from simulator.results.result import Result
from simulator.scenario.load import SHIPPED
from tests import building, system

NAMES = ("baseline", "steady", "tight_revenue")
#: Sums of money as sentences say them: in 10,000 yuan in Chinese, in yuan in English.
MONEY = {"zh": re.compile(r"([\d,]+\.\d\d) 万元"), "en": re.compile(r"([\d,]+) yuan(?! per)")}


@pytest.fixture(scope="module")
def results() -> list[Result]:
    district = sim.sample_district()
    return [sim.simulate(district, sim.load_scenario(SHIPPED / f"{name}.yaml")) for name in NAMES]


@pytest.fixture(scope="module")
def comparison(results: list[Result]) -> Comparison:
    return sim.compare(results)


@pytest.fixture(scope="module")
def content(results: list[Result], comparison: Comparison) -> dict[Language, bytes]:
    return {language: brief_bytes(results[2], language, comparison) for language in LANGUAGES}


def sentences(parts: list[Section]) -> Iterator[str]:
    for section in parts:
        yield section.title
        for block in section.blocks:
            if isinstance(block, Text):
                yield block.text
            elif isinstance(block, Listed):
                yield from block.items


def opened(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


#: What the scenario's own clauses say in yuan: they are levers, not printed results.
LEVERS_IN_YUAN = (1_000, 1_300, 1_700, 2_000_000)


def yuan(printed: str) -> str:
    """A printed figure of 10,000 yuan in yuan."""
    return f"{round(float(printed.replace(',', '')) * 10_000):,}"


def headings(document: Any) -> list[str]:
    return [p.text for p in document.paragraphs if p.style.name == "Heading 1"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sum_of_money_in_the_text_is_a_tables(
    results: list[Result], comparison: Comparison, language: Language
) -> None:
    """Amounts said are printed in a table, or are the difference of two that are."""
    teller = Teller(results[2], language, "10k_yuan", comparison)
    tables = [*all_tables(results[2], language), *comparison_tables(comparison, language)]
    printed = {
        number.lstrip("−")
        for found in tables
        for row in found.texts()
        for cell in row
        for number in re.findall(r"−?[\d,]+\.\d\d", cell)
    }
    first, last = (teller.printed[year] for year in (teller.years[0], teller.years[-1]))
    moved = {f"{last[name] - first[name]:,.2f}" for name in ("need", "available")}
    text = "\n".join([brief_text.summary(teller), *sentences(sections(teller))])
    said = MONEY[language].findall(text)
    assert len(said) > 10
    if language == "en":
        printed, moved = ({yuan(number) for number in found} for found in (printed, moved))
        cells = (cell for found in tables for row in found.texts() for cell in row)
        printed |= {number for cell in cells for number in MONEY["en"].findall(cell)}
    levers = {f"{value:,}" for value in LEVERS_IN_YUAN} if language == "en" else set()
    assert set(said) <= printed | moved | levers
    assert moved <= set(said)


def test_the_text_says_what_the_result_says(results: list[Result]) -> None:
    """Revenue falls: money is missing in each year, two rules are broken."""
    teller = Teller(results[2])
    verdict = results[2].verdict
    assert verdict.gap < 0
    assert f"达标规则 {verdict.rules_met}/{verdict.rules_total}" in brief_text.summary(teller)
    assert "2026、2027、2028 年财力不能满足需求" in brief_text.money_verdict(teller)
    rules = brief_text.rules(teller)
    broken = [text for text in rules if "起未达标" in text]
    assert len(broken) == verdict.rules_total - verdict.rules_met == 2
    assert "“教育支出只增不减（总量）”2026 年起未达标，最多尚缺 556.76 万元。" in rules
    risks = brief_text.risks(teller)
    gap = teller.printed[2026]["gap"] / teller.printed[2026]["need"]
    assert f"占当年需求的 {-gap:.1%}" in risks[0]


def test_enough_money_is_said_to_be_enough(results: list[Result]) -> None:
    teller = Teller(results[1], "en")
    least = min(row["gap"] for row in teller.printed.values())
    assert f"least is left in 2026, {least * 10_000:,.0f} yuan" in brief_text.money_verdict(teller)
    chart = money_chart(teller)
    assert chart is not None
    assert chart.title == "The money available covers the need in every year"


def test_assumptions_are_the_sentences_of_the_scenario(results: list[Result]) -> None:
    begins, clauses = brief_text.assumptions(Teller(results[2]))
    assert "“稳步提升”" in begins
    assert "上级转移支付年增长率按 −2% 测算（原为 0%）" in clauses
    begins, clauses = brief_text.assumptions(Teller(results[0]))
    assert results[0].binding.scenario.base is None
    assert clauses
    derived = results[1].binding.scenario.derived("新方案")
    same = sim.simulate(results[1].binding.district, derived)
    begins, clauses = brief_text.assumptions(Teller(same))
    assert clauses == []
    assert "没有差别" in begins


def test_the_report_has_its_parts_in_order(content: dict[Language, bytes]) -> None:
    chinese = headings(opened(content["zh"]))
    assert chinese[:7] == [
        "一、测算事由", "二、测算前提", "三、测算结果", "四、分年度资金安排", "五、规则达标与余量",
        "六、方案比较", "七、风险与待核实事项",
    ]  # fmt: skip
    assert [text.split("\u3000")[0] for text in chinese[7:]] == ["附件 1", "附件 2", "附件 3"]
    english = headings(opened(content["en"]))
    assert english[0] == "1. What was asked"
    assert len(english) == len(chinese)


def test_without_a_comparison_there_is_no_such_part(results: list[Result]) -> None:
    found = headings(opened(brief_bytes(results[0])))
    assert "六、风险与待核实事项" in found
    assert not any("方案比较" in text for text in found)


def test_tables_and_pictures_are_numbered_and_described(content: dict[Language, bytes]) -> None:
    for language, marks in (("zh", ("表", "图")), ("en", ("Table", "Figure"))):
        document = opened(content[language])
        texts = [paragraph.text for paragraph in document.paragraphs]
        for mark, count in zip(
            marks, (len(document.tables), len(document.inline_shapes)), strict=True
        ):
            numbers = [
                int(found[1]) for text in texts if (found := re.match(rf"{mark} (\d+)", text))
            ]
            assert numbers == list(range(1, count + 1))
        assert len(document.inline_shapes) == 4  # money, balance, two scenarios against the base
        for shape in document.inline_shapes:
            assert shape._inline.docPr.get("descr")


def test_the_annex_lists_every_school_and_its_sum(results: list[Result]) -> None:
    found = annexes(Teller(results[1]))[0].blocks[0]
    assert isinstance(found, Shown)
    lines = found.table.records()
    rows = [row for row in lines if row["total"] < 2]
    assert len(rows) == len(results[1].index.parts) + 1
    assert len(lines) == len(rows) + 3  # what the schools leave out, up to the need
    for name in ("funds_2025", "funds_2028", "direct_need"):
        assert round(rows[-1][name] * 100) == sum(round(row[name] * 100) for row in rows[:-1])


def test_the_sample_is_marked_on_every_page(content: dict[Language, bytes]) -> None:
    document = opened(content["zh"])
    assert len(document.sections) == 4
    for section in document.sections:
        assert "虚构" in section.header.paragraphs[0].text
        assert "PAGE" in section.footer._element.xml


def test_english_holds_no_chinese_but_names(content: dict[Language, bytes]) -> None:
    document = opened(content["en"])
    texts = [
        p.text for p in document.paragraphs if not re.search("示范区|口径|一般公共预算", p.text)
    ]
    assert texts
    assert [text for text in texts if re.search("[\u4e00-\u9fff]", text)] == []


def test_fonts_have_others_to_stand_in(content: dict[Language, bytes]) -> None:
    document = opened(content["zh"])
    parts = {rel.target_part.partname: rel.target_part for rel in document.part.rels.values()}
    table = parts["/word/fontTable.xml"].blob.decode()
    assert 'w:name="仿宋"' in table
    assert "FangSong" in table


def test_chinese_is_marked_as_simplified(content: dict[Language, bytes]) -> None:
    for found in content.values():
        styles = opened(found).styles.element.xml
        assert set(re.findall(r'w:eastAsia="([a-z]{2}-[A-Z]{2})"', styles)) == {"zh-CN"}


def test_missing_data_are_said_not_computable() -> None:
    schools = [building.school("a"), building.school("b", "junior")]
    for row in schools:
        row.pop("payroll")
    made = sim.simulate(building.district_of(schools), building.scenario_of(policy=["national"]))
    teller = Teller(made)
    assert money_chart(teller) is None
    assert "不可计算" in brief_text.money_verdict(teller)
    document = opened(brief_bytes(made))
    texts = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "nan" not in texts.lower()
    assert any("不可计算" in cell.text for table in document.tables for cell in table._cells)


def test_charts_without_a_chinese_font_explain_their_letters(
    results: list[Result], comparison: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brief_font, "chinese", lambda: None)
    teller = Teller(results[2], "zh", "10k_yuan", comparison)
    found = money_chart(teller)
    assert found is not None
    assert any("公用经费" in line for line in found.key)
    assert [line[0] for line in found.key] == list("ABCDEFGHIJKLMNOPQRST"[: len(found.key)])
    for chart in (balance_chart(teller), steps_chart(teller, 1)):
        assert chart is not None
        assert chart.key
    content = brief_bytes(results[2])
    assert any("图中字母：A " in p.text for p in opened(content).paragraphs)


def test_charts_are_pictures_with_ink_in_them(
    results: list[Result], comparison: Comparison
) -> None:
    teller = Teller(results[2], "zh", "10k_yuan", comparison)
    for chart in (money_chart(teller), balance_chart(teller), steps_chart(teller, 2)):
        assert chart is not None
        assert chart.key == ()
        image = Image.open(io.BytesIO(chart.png)).convert("L")
        dark = sum(count for shade, count in enumerate(image.histogram()) if shade < 200)
        assert 0.01 < dark / (image.width * image.height) < 0.6


def test_names_from_outside_stay_texts(results: list[Result], tmp_path: Path) -> None:
    name = "<w:p>&amp; ../x 👩‍🏫 " + "名" * 80
    scenario = results[1].binding.scenario.with_changes({"name": name})
    made = sim.simulate(results[1].binding.district, scenario)
    path = write_brief(made, tmp_path / "brief.docx")
    assert any(name in paragraph.text for paragraph in opened(path.read_bytes()).paragraphs)


@pytest.mark.parametrize("language", LANGUAGES)
def test_libreoffice_shows_its_pages(
    content: dict[Language, bytes], tmp_path: Path, language: Language
) -> None:
    path = tmp_path / "brief.docx"
    path.write_bytes(content[language])
    profile = (tmp_path / "profile").as_uri()
    command = [str(system.soffice()), "--headless", f"-env:UserInstallation={profile}"]
    subprocess.run(
        [*command, "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)],
        check=True, timeout=120, capture_output=True,
    )  # fmt: skip
    pdf = (tmp_path / "brief.pdf").read_bytes()
    pages = len(re.findall(rb"/Type\s*/Page[^s]", pdf))
    assert 8 <= pages <= 25
    assert len(re.findall(rb"/Subtype\s*/Image", pdf)) >= 4
