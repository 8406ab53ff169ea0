"""The inside of an .xlsx or .ods file, looked through before any library opens it.

What unpacks to too much, holds XML entities or cells far beyond any table is refused here;
cells without a usable value and hidden rows are noted, since the values alone do not tell.
Every search here goes over the bytes once: none begins again where another has looked.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree

from simulator.district.reading import archive, sheet_xml
from simulator.district.reading.sheet_xml import Notes
from simulator.errors import JunhengError

#: No table has more; beyond it lies a stray value, or malice.
MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 1_000
MOST_CELLS: Final = 6_000_000
#: What a damaged archive or part makes the libraries raise.
_DAMAGE: Final = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, ElementTree.ParseError,
    EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError, OSError, LookupError,
)  # fmt: skip
#: Sheets of a workbook, and merged ranges of all of them.
MOST_SHEETS: Final = 200
MOST_MERGED: Final = 200_000
#: The part that lists the sheets, and the one that says where they are.
MOST_LISTING: Final = 5_000_000
#: Characters that the cells can come to where many show one long text.
MOST_TEXT: Final = 250_000_000
_NAMES: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class Inspection:
    """Notes by sheet, and whether the file may be read in this process."""

    notes: Mapping[str, Notes]
    ordinary: bool


def inspect(content: bytes, name: str) -> Inspection:
    """Notes on each sheet by its name, and whether the file is of an ordinary make.

    Raises JunhengError on what is refused.
    """
    try:
        parts = archive.unpacked(content, name)
        if any(sheet_xml.is_foreign(part) for part in parts.values()):
            raise JunhengError("data_file_broken", file=name)
        if any(sheet_xml.has_entities(part) for part in parts.values()):
            raise JunhengError("data_file_entities", file=name)
        if "xl/workbook.xml" not in parts and "content.xml" not in parts:
            raise JunhengError("data_file_not_workbook", file=name)
        if "xl/workbook.xml" not in parts:
            return Inspection({}, ordinary=False)
        found = _notes(parts, name)
    except _DAMAGE as error:
        raise JunhengError("data_file_broken", file=name) from error
    return found if archive.is_one(content) else Inspection(found.notes, ordinary=False)


def _notes(parts: Mapping[str, bytes], name: str) -> Inspection:
    sheets = {part: xml for part, xml in parts.items() if b"sheetData" in xml}
    _refuse_counts(parts, name)
    targets = _sheet_parts(parts, name)
    found = {}
    # looked at once: the search goes over every byte
    far = {part: sheet_xml.is_far(xml) for part, xml in sheets.items()}
    for title, target in targets.items():
        xml = parts.get(target, b"")
        if far.get(target):
            refuse_size(name, title, *sheet_xml.extent(xml))
        found[title] = sheet_xml.notes(xml)
    ordinary = all(target in parts for target in targets.values()) and not any(far.values())
    usual = all(sheet_xml.is_usual(xml) for xml in sheets.values())
    return Inspection(found, ordinary and usual and not _repeats_much(parts, sheets))


def _refuse_counts(parts: Mapping[str, bytes], name: str) -> None:
    """Refuse more cells, texts or merged ranges than any workbook has."""
    totals = Counter[bytes]()
    for xml in parts.values():
        totals.update({mark: xml.count(mark) for mark in (b"<c ", b"<row", b"<si", b"<mergeCell ")})
    if max(totals.values(), default=0) > MOST_CELLS or totals[b"<mergeCell "] > MOST_MERGED:
        raise JunhengError("data_file_many", file=name, most=MOST_CELLS, merged=MOST_MERGED)


def _repeats_much(parts: Mapping[str, bytes], sheets: Mapping[str, bytes]) -> bool:
    """Whether the texts of cells may fill the memory: one long text, shown by many of them."""
    shared = [xml for xml in parts.values() if b"<sst" in xml]
    longest = max((len(text) for xml in shared for text in xml.split(b"<si")), default=0)
    shown = sum(xml.count(b't="s"') for xml in sheets.values())
    return longest * shown > MOST_TEXT or any(b":si" in xml for xml in shared)


def _sheet_parts(parts: Mapping[str, bytes], name: str) -> Mapping[str, str]:
    """The part of each sheet by its title; no title twice, no part for two of them."""
    listing, links = parts["xl/workbook.xml"], parts["xl/_rels/workbook.xml.rels"]
    if max(len(listing), len(links)) > MOST_LISTING:
        raise JunhengError("data_file_sheets", file=name, most=MOST_SHEETS)
    targets = {
        link.attrib["Id"]: _inside(link.attrib["Target"])
        for link in ElementTree.fromstring(links)  # noqa: S314 (parts with entities were refused)
        if "Target" in link.attrib and "Id" in link.attrib
    }
    book = ElementTree.fromstring(listing)  # noqa: S314
    sheets = [node for node in book.iter() if node.tag.endswith("}sheet")]
    found = {node.attrib["name"]: targets.get(node.attrib.get(_NAMES, ""), "") for node in sheets}
    if len(sheets) > MOST_SHEETS:
        raise JunhengError("data_file_sheets", file=name, most=MOST_SHEETS)
    known = [target for target in found.values() if target in parts]
    if len(found) < len(sheets) or len(set(known)) < len(known):
        raise JunhengError("data_file_broken", file=name)
    return found


def _inside(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def refuse_size(name: str, sheet: str, rows: int, columns: int, cells: int = 0) -> int:
    """The cells of a file with one more sheet; ``cells`` are those of the sheets before.

    Raises JunhengError where the sheet, or all of them together, is beyond any table.
    """
    cells += rows * columns
    if rows > MOST_ROWS or columns > MOST_COLUMNS or cells > MOST_CELLS:
        raise JunhengError(
            "data_sheet_large", file=name, sheet=sheet, rows=MOST_ROWS, columns=MOST_COLUMNS
        )
    return cells
