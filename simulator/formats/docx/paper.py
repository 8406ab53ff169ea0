"""Paper of a brief: sizes, margins and fonts of official papers, and marks Word understands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docx.enum.section import WD_ORIENT
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from simulator.present.table import Table

#: Fonts by use in Chinese, as official papers are set, and what stands in where one is missing.
FACES = {
    "title": ("方正小标宋简体", "华文中宋,宋体,SimSun,Noto Serif CJK SC"),
    "heading": ("黑体", "SimHei,Noto Sans CJK SC"),
    "body": ("仿宋", "仿宋_GB2312,FangSong,宋体,SimSun,Noto Serif CJK SC"),
    "table": ("宋体", "SimSun,Noto Serif CJK SC"),
}
LATIN = "Times New Roman"
#: Sizes in points: 二号, 三号, 小四 and 小五 of the Chinese scale; English is set smaller.
SIZES: Mapping[str, Mapping[str, float]] = {
    "zh": {"title": 22, "heading": 16, "body": 16, "caption": 12, "table": 9},
    "en": {"title": 18, "heading": 13, "body": 11, "caption": 10, "table": 8.5},
}
#: Paper and margins of official papers (GB/T 9704): A4, top 37 mm, left 28 mm, text 156 mm wide.
PAGE = {"width": 210, "height": 297, "top": 37, "bottom": 35, "left": 28, "right": 26}
LINE = {"zh": 28, "en": 17}
#: How items are numbered, and the marks that end the last one and the others.
MARKS = {"zh": ("（{0}）", ("。", "；")), "en": ("({0}) ", (".", ";"))}
HEAD_FILL = "DCE6F1"
#: Signs after this one are as wide as they are high.
CHINESE = 0x2E80
LONGEST_WORD = 12
MM_PER_POINT, PADDING, SHORT, LONG, LEAST = 0.353, 6.0, 34.0, 64.0, 6


def widths_of(found: Table, room: float, size: float) -> list[float]:
    """The width of each column in mm: short ones whole, long ones share what is left."""
    texts = [[found.heading(c) for c in found.columns], *found.texts()]
    letter = size * MM_PER_POINT / 2
    longest = (
        max(_letters(row[n], head=place == 0) for place, row in enumerate(texts))
        for n in range(len(found.columns))
    )
    wanted = [min(max(count, LEAST) * letter + PADDING, LONG) for count in longest]
    short = sum(width for width in wanted if width <= SHORT)
    long = [width for width in wanted if width > SHORT]
    if sum(wanted) <= room or room - short < SHORT * len(long) or not long:
        return [room * width / sum(wanted) for width in wanted]
    share = (room - short) / sum(long)
    return [width if width <= SHORT else width * share for width in wanted]


def _letters(text: str, *, head: bool) -> float:
    """A text's width in letters; a Chinese character is two, a heading may be broken."""
    if not head:
        return float(sum(2 if ord(sign) > CHINESE else 1 for sign in text))
    pieces = [_letters(piece, head=False) for piece in text.split(" ")]
    return max(piece if piece <= LONGEST_WORD else piece / 2 for piece in pieces)


def set_face(target: Any, use: str, size: float) -> None:
    """Letters of a style or run: Latin and Chinese each in their own font."""
    target.font.name, target.font.size = LATIN, Pt(size)
    fonts = target.element.get_or_add_rPr().get_or_add_rFonts()
    for name in [each for each in fonts.attrib if each.endswith("Theme")]:
        del fonts.attrib[name]
    fonts.set(qn("w:hAnsi"), LATIN)
    fonts.set(qn("w:cs"), LATIN)
    fonts.set(qn("w:eastAsia"), FACES[use][0])


def declare_fonts(document: Any) -> None:
    """Name what may stand in for each font, for readers that do not have it."""
    parts = (rel.target_part for rel in document.part.rels.values())
    table = next((part for part in parts if part.partname.endswith("/fontTable.xml")), None)
    if table is None:
        return
    root = parse_xml(table.blob)
    for name, others in FACES.values():
        font = OxmlElement("w:font")
        font.set(qn("w:name"), name)
        other = OxmlElement("w:altName")
        other.set(qn("w:val"), others)
        charset = OxmlElement("w:charset")
        charset.set(qn("w:val"), "86")
        font.extend([other, charset])
        root.append(font)
    table._blob = serialize_part_xml(root)


def set_margins(section: Any, *, landscape: bool) -> None:
    """The margins of official papers, turned with the page."""
    across, down = (PAGE["height"], PAGE["width"]) if landscape else (PAGE["width"], PAGE["height"])
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(across), Mm(down)
    sides = ("right", "top", "left", "bottom") if landscape else ("top", "bottom", "left", "right")
    turned = dict(zip(("top", "bottom", "left", "right"), sides, strict=True))
    for side, source in turned.items():
        setattr(section, f"{side}_margin", Mm(PAGE[source]))


def text_width(section: Any) -> float:
    """How wide the text of a page is, in mm."""
    return float((section.page_width - section.left_margin - section.right_margin) / Mm(1))


def keep_whole(row: Any, *, head: bool) -> None:
    """A row is not torn in two; that of the headings comes again on every page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))


def fill() -> Any:
    """The shade of a heading's cell."""
    return parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{HEAD_FILL}"/>')


def page_number(paragraph: Any) -> None:
    """The page's number between dashes, as official papers carry it."""
    paragraph.add_run("— ")
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)
    paragraph.add_run(" —")
