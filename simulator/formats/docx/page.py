"""The pages of a brief: paper, fonts, headings, tables and pictures of an official report."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import docx
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from simulator.escaping import written
from simulator.formats.docx.paper import (
    LINE,
    MARKS,
    SIZES,
    declare_fonts,
    fill,
    keep_whole,
    page_number,
    set_face,
    set_margins,
    text_width,
    widths_of,
)
from simulator.glossary import Language
from simulator.present.brief_parts import Listed, Picture, Shown, Text
from simulator.present.table import Table

#: Rows of a table that is not torn in two.
SHORT_TABLE = 14
#: The style of what stands in tables.
CELL = "Cell"


@dataclass
class Page:
    """A document being written in one language."""

    language: Language
    document: Any
    tables: int = 0
    pictures: int = 0

    @classmethod
    def new(cls, language: Language, title: str) -> Page:
        """An empty document on official paper."""
        document = docx.Document()
        document.core_properties.title = title
        document.core_properties.author = ""
        document.core_properties.comments = ""
        page = cls(language, document)
        page._styles()
        set_margins(document.sections[0], landscape=False)
        declare_fonts(document)
        return page

    def size(self, use: str) -> float:
        """The size of letters for a use, in points."""
        return SIZES[self.language][use]

    def _styles(self) -> None:
        """Body, title and headings as the styles that readers of the file know."""
        styles = self.document.styles
        body = styles["Normal"]
        _speak_chinese(styles.element)
        set_face(body, "body", self.size("body"))
        form = body.paragraph_format
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(self.line())
        form.space_after = Pt(0 if self.language == "zh" else 6)
        for name, use in (("Title", "title"), ("Heading 1", "heading")):
            style = styles[name]
            set_face(style, use, self.size(use))
            style.font.color.rgb = RGBColor(0, 0, 0)
            style.font.bold = self.language == "en"
            style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
            style.paragraph_format.keep_with_next = True
        styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        styles["Title"].paragraph_format.space_after = Pt(10)
        styles["Heading 1"].paragraph_format.space_before = Pt(10)
        styles["Heading 1"].paragraph_format.space_after = Pt(4)
        cell = styles.add_style(CELL, WD_STYLE_TYPE.PARAGRAPH)
        cell.base_style = body
        set_face(cell, "table", self.size("table"))
        cell.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        cell.paragraph_format.space_before = cell.paragraph_format.space_after = Pt(1)
        border = styles["Title"].element.find(qn("w:pPr")).find(qn("w:pBdr"))
        if border is not None:
            styles["Title"].element.find(qn("w:pPr")).remove(border)

    def line(self) -> float:
        """The height of a line, in points."""
        return LINE[self.language]

    def title(self, text: str, under: str) -> None:
        """The title, and a line under it."""
        self._paragraph(text, "Title")
        small = self._paragraph(under)
        small.alignment = WD_ALIGN_PARAGRAPH.CENTER
        small.paragraph_format.space_after = Pt(12)
        small.runs[0].font.size = Pt(self.size("caption"))

    def heading(self, text: str) -> None:
        """A heading of the first level."""
        made = self._paragraph(text, "Heading 1")
        if self.language == "zh":
            made.paragraph_format.first_line_indent = Pt(2 * self.size("body"))

    def text(self, block: Text) -> None:
        """A paragraph, two characters in as Chinese is written."""
        made = self._paragraph(block.text)
        if self.language == "zh":
            made.paragraph_format.first_line_indent = Pt(2 * self.size("body"))
        made.runs[0].font.bold = block.strong

    def listed(self, block: Listed) -> None:
        """Numbered items, each a paragraph that ends as a sentence or a clause does."""
        mark, stops = MARKS[self.language]
        last = len(block.items)
        for number, item in enumerate(block.items, start=1):
            stop = "" if item.endswith(stops) else stops[0 if number == last else 1]
            self.text(Text(mark.format(number) + item + stop))

    def picture(self, block: Picture, caption: str, key: str) -> None:
        """A picture with what it says under it, and its letters where it has any."""
        self.pictures += 1
        made = self.document.add_paragraph()
        made.alignment = WD_ALIGN_PARAGRAPH.CENTER
        made.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        made.paragraph_format.keep_with_next = True
        made.paragraph_format.space_before = Pt(6)
        made.add_run().add_picture(io.BytesIO(block.png), width=Mm(150))
        made._p.xpath(".//wp:docPr")[0].set("descr", block.title)
        self.caption(caption)
        if key:
            self.caption(key)

    def caption(self, text: str, *, above: bool = False) -> None:
        """A line over a table or under a picture."""
        made = self._paragraph(text)
        made.alignment = WD_ALIGN_PARAGRAPH.CENTER
        made.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        made.paragraph_format.keep_with_next = above
        made.paragraph_format.space_before = Pt(8 if above else 2)
        made.paragraph_format.space_after = Pt(3 if above else 8)
        set_face(made.runs[0], "heading", self.size("caption"))

    def table(self, block: Shown, caption: str) -> None:
        """A table under its caption: headings repeated on each page, no row torn in two."""
        self.tables += 1
        found = block.table
        self.caption(caption, above=True)
        widths = widths_of(found, text_width(self.document.sections[-1]), self.size("table"))
        made = self.document.add_table(rows=0, cols=len(found.columns))
        made.style = "Table Grid"
        made.alignment = WD_TABLE_ALIGNMENT.CENTER
        made.autofit = False
        self._row(made, [found.heading(c) for c in found.columns], found, widths, head=True)
        for place, width in enumerate(widths):
            made.columns[place].width = Mm(width)
        for texts in found.texts():
            self._row(made, texts, found, widths, head=False)
        _keep_together(made)
        self._paragraph(found.note) if found.note else self.document.add_paragraph()
        note = self.document.paragraphs[-1]
        note.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        note.paragraph_format.space_after = Pt(8)
        for run in note.runs:
            set_face(run, "table", self.size("table"))

    def _row(
        self, made: Any, texts: Sequence[str], found: Table, widths: Sequence[float], *, head: bool
    ) -> None:
        row = made.add_row()
        keep_whole(row, head=head)
        for place, (text, column) in enumerate(zip(texts, found.columns, strict=True)):
            cell = row.cells[place]
            cell.width = Mm(widths[place])
            paragraph = cell.paragraphs[0]
            paragraph.style = CELL
            run = paragraph.add_run(written(text, "word"))
            run.font.bold = head
            if head:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
                cell._tc.get_or_add_tcPr().append(fill())
            elif column.numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def turn(self, *, landscape: bool) -> None:
        """Begin a new page, upright or on its side."""
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        set_margins(section, landscape=landscape)

    def edges(self, head: str) -> None:
        """Page numbers at the foot, and a line at the head of every page where there is one."""
        for section in self.document.sections:
            section.footer.is_linked_to_previous = section.header.is_linked_to_previous = False
            foot = section.footer.paragraphs[0]
            foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
            page_number(foot)
            if head:
                top = section.header.paragraphs[0]
                top.alignment = WD_ALIGN_PARAGRAPH.CENTER
                run = top.add_run(head)
                set_face(run, "table", self.size("table"))
                run.font.color.rgb = RGBColor(0xC0, 0, 0)

    def _paragraph(self, text: str, style: str | None = None) -> Any:
        return self.document.add_paragraph(written(text, "word"), style=style)

    def content(self) -> bytes:
        """The file."""
        buffer = io.BytesIO()
        self.document.save(buffer)
        return buffer.getvalue()


def _speak_chinese(styles: Any) -> None:
    """Chinese text is simplified Chinese, so that its signs are drawn as such."""
    for language in styles.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def _keep_together(made: Any) -> None:
    """A short table stays on one page; of a long one the last row does not stand alone."""
    rows = made.rows
    for row in rows[:-1] if len(rows) <= SHORT_TABLE else rows[-3:-1]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
