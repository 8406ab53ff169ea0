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
_COLUMN: Final = re.compile(rb'\br="([A-Z]{1,3})\d')
_PREFIX: Final = re.compile(rb"(</?)\w+:")
_REPEATED: Final = re.compile(
    rb'<table:table-(cell|row)\b([^>]*\bnumber-(?:columns|rows)-repeated="(\d{4,})"[^>]*[^/])>'
)
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


def inspect(content: bytes, name: str) -> Mapping[str, Notes]:
    """Notes on each sheet by its name; none for .ods. Raises JunhengError on what is refused."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = _parts(archive, name)
            return _notes(parts, name)
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
    if any(_ENTITY.search(part) for part in parts.values()):
        raise JunhengError("data_file_entities", file=name)
    return parts


def _notes(parts: Mapping[str, bytes], name: str) -> Mapping[str, Notes]:
    if "xl/workbook.xml" not in parts:
        if "content.xml" not in parts:
            raise JunhengError("data_file_not_workbook", file=name)
        _refuse_repeats(parts["content.xml"], name)
        return {}
    found = {}
    for title, target in _sheet_parts(parts).items():
        xml = parts.get(target, b"")
        if b":row" in xml:
            xml = _PREFIX.sub(rb"\1", xml)
        _refuse_far_cells(xml, name, title)
        found[title] = Notes(_broken(xml), _hidden(xml))
    return found


def _refuse_repeats(xml: bytes, name: str) -> None:
    """An .ods may say "this row a million times": fine for empty rows only."""
    for found in _REPEATED.finditer(xml):
        end = xml.find(b"</table:table-" + found.group(1), found.end())
        inside = xml[found.end() : end if end >= 0 else len(xml)]
        if b"<text:" in inside or b"office:value" in inside + found.group(2):
            refuse_size(name, "content.xml", MOST_ROWS + 1, 1)


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
    last = max(xml.rfind(b"</v>"), xml.rfind(b"</is>"))
    start = xml.rfind(b"<row ", 0, last) if last >= 0 else -1
    row = re.match(rb'<row [^>]*\br="(\d+)"', xml[start : start + 300]) if start >= 0 else None
    rows = int(row.group(1)) if row else 0
    refuse_size(name, title, rows, _columns_beyond(xml, rows))


def _columns_beyond(xml: bytes, rows: int) -> int:
    """The columns of the widest cell, where they may be too many for the rows; else 0."""
    most = min(MOST_COLUMNS, MOST_CELLS // max(rows, 1))
    first = b"A-Z" if most < 26 else b"%c-Z" % (64 + most // 26) if most < 702 else None
    far = rb'r="[A-Z]{3}\d' if first is None else rb'r="(?:[A-Z]{3}|[%b][A-Z])\d' % first
    if not rows or not re.search(far, xml):
        return 0
    return max(position(f"{each.decode()}1")[1] + 1 for each in set(_COLUMN.findall(xml)))


def refuse_size(name: str, sheet: str, rows: int, columns: int) -> None:
    """Refuses a sheet beyond any table. Raises JunhengError."""
    if rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
        raise JunhengError(
            "data_sheet_large", file=name, sheet=sheet, rows=MOST_ROWS, columns=MOST_COLUMNS
        )


def _broken(xml: bytes) -> Mapping[tuple[int, int], str]:
    found = {}
    if re.search(rb"<f[ >/]", xml):
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
    rows = (re.search(rb'\br="(\d+)"', row.group(1)) for row in _HIDDEN.finditer(xml))
    return frozenset(int(row.group(1)) - 1 for row in rows if row)
