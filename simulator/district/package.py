"""The inside of an .xlsx or .ods file, looked through before any library opens it.

What unpacks to too much, holds XML entities or cells far beyond any table is refused here;
cells without a usable value and hidden rows are noted, since the values alone do not tell.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from types import MappingProxyType
from typing import Final
from xml.etree import ElementTree

from simulator.district.grid import position
from simulator.errors import JunhengError

#: A table of 10,000 schools unpacks to about 20 MB.
MOST_UNPACKED: Final = 250_000_000
MOST_PARTS: Final = 2_000
#: No table has more; beyond it lies a stray value, or malice.
MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 1_000
MOST_CELLS: Final = 6_000_000
#: What a damaged archive or part makes the libraries raise.
_DAMAGE: Final = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, ElementTree.ParseError,
    EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError, OSError, LookupError,
)  # fmt: skip
_ENTITY: Final = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
#: Cells beyond row 20,000 or column KZ: within them a table fits the memory in any case.
_FAR: Final = re.compile(rb'r="(?:[A-Z]{1,3}(?:\d{6}|[2-9]\d{4})|[A-Z]{3}\d|[L-Z][A-Z]\d)')
_FILLED: Final = re.compile(rb'<c r="([A-Z]{1,3}\d{1,7})"[^>]*(?<!/)>')
_PREFIX: Final = re.compile(rb"(</?)\w+:")
_FORMULA: Final = re.compile(rb"<c ([^>]*)>\s*<f[\s>/](?:(?!</c>|<v).)*?</c>", re.DOTALL)
_EMPTY_VALUE: Final = re.compile(
    rb"<c ([^>]*)>\s*<f[\s>/](?:(?!</c>|<v).)*?(?:<v\s*/>|<v>\s*</v>)", re.DOTALL
)
_ERROR: Final = re.compile(rb'<c ([^>]*\bt="e"[^>]*)>(?:(?!</c>).)*?<v>([^<]*)</v>', re.DOTALL)
_HIDDEN: Final = re.compile(rb"<row ([^>]*\bhidden=\"(?:1|true)\"[^>]*)>")
_NAMES: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class Notes:
    """What the values of a sheet do not tell: cells without a usable value, hidden rows."""

    broken: Mapping[tuple[int, int], str] = field(default_factory=lambda: MappingProxyType({}))
    hidden: frozenset[int] = frozenset()


NOTHING: Final = Notes()


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
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = _parts(archive, name)
            if "xl/workbook.xml" not in parts and "content.xml" not in parts:
                raise JunhengError("data_file_not_workbook", file=name)
            return _notes(parts, name) if "xl/workbook.xml" in parts else Inspection({}, False)
    except _DAMAGE as error:
        raise JunhengError("data_file_broken", file=name) from error


def _parts(archive: zipfile.ZipFile, name: str) -> Mapping[str, bytes]:
    """The XML parts, unpacked, when all of it together is of a sane size."""
    entries = archive.infolist()
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise JunhengError("data_file_bomb", file=name, limit=MOST_UNPACKED // 1_000_000)
    if any(entry.flag_bits & 1 for entry in entries):
        raise JunhengError("data_file_encrypted", file=name)
    if len({entry.filename for entry in entries}) != len(entries):
        raise JunhengError("data_file_broken", file=name)
    parts = {
        entry.filename: archive.read(entry)
        for entry in entries
        if entry.filename.endswith((".xml", ".rels"))
    }
    if any(b"<!" in part and _ENTITY.search(part) for part in parts.values()):
        raise JunhengError("data_file_entities", file=name)
    return parts


def _notes(parts: Mapping[str, bytes], name: str) -> Inspection:
    found = {}
    targets = _sheet_parts(parts)
    ordinary = all(target in parts for target in targets.values())
    # looked at once: the search goes over every byte
    far = {part: bool(_FAR.search(xml)) for part, xml in parts.items() if b"sheetData" in xml}
    for title, target in targets.items():
        xml = parts.get(target, b"")
        if far.get(target):
            _refuse_far_cells(xml, name, title)
        plain = _PREFIX.sub(rb"\1", xml) if b":row" in xml else xml
        found[title] = Notes(_broken(plain), _hidden(plain))
    usual = not any(far.values()) and all(_is_usual(parts[part]) for part in far)
    return Inspection(found, ordinary and usual)


def _is_usual(xml: bytes) -> bool:
    """Whether every cell is written as the usual programs do."""
    return xml.count(b"<c ") == xml.count(b'<c r="') and b":c " not in xml


def _sheet_parts(parts: Mapping[str, bytes]) -> Mapping[str, str]:
    """The part of each sheet by its title; parts with entities were refused before."""
    links = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])  # noqa: S314
    targets = {
        link.attrib["Id"]: _inside(link.attrib["Target"])
        for link in links
        if "Target" in link.attrib and "Id" in link.attrib
    }
    book = ElementTree.fromstring(parts["xl/workbook.xml"])  # noqa: S314
    sheets = [node for node in book.iter() if node.tag.endswith("}sheet")]
    return {node.attrib["name"]: targets.get(node.attrib.get(_NAMES, ""), "") for node in sheets}


def _inside(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _refuse_far_cells(xml: bytes, name: str, title: str) -> None:
    """Refuses values so far out that the table would fill the memory."""
    cells = [position(each.decode()) for each in _FILLED.findall(xml)]
    rows, columns = (max((cell[axis] for cell in cells), default=-1) + 1 for axis in (0, 1))
    refuse_size(name, title, rows, columns)


def refuse_size(name: str, sheet: str, rows: int, columns: int) -> None:
    """Refuses a sheet beyond any table. Raises JunhengError."""
    if rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
        raise JunhengError(
            "data_sheet_large", file=name, sheet=sheet, rows=MOST_ROWS, columns=MOST_COLUMNS
        )


def _broken(xml: bytes) -> Mapping[tuple[int, int], str]:
    found = {}
    if b"<f" in xml and re.search(rb"<f[ >/]", xml):
        for pattern in (_FORMULA, _EMPTY_VALUE):
            for cell in pattern.finditer(xml):
                found[_address(cell.group(1))] = "formula"
    if b't="e"' in xml:
        for cell in _ERROR.finditer(xml):
            found[_address(cell.group(1))] = cell.group(2).decode("utf-8", "replace")
    return found


def _address(attributes: bytes) -> tuple[int, int]:
    found = re.search(rb'\br="([A-Z]{1,3}\d+)"', attributes)
    return position(found.group(1).decode()) if found else (-1, -1)


def _hidden(xml: bytes) -> frozenset[int]:
    marked = _HIDDEN.finditer(xml) if b"hidden=" in xml else ()
    rows = (re.search(rb'\br="(\d+)"', row.group(1)) for row in marked)
    return frozenset(int(row.group(1)) - 1 for row in rows if row)
