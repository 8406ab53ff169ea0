"""What a sheet's XML tells that its values do not: far cells, formulas never computed, hidden rows.

The XML comes from outside. Every pattern ends at the next ``<`` or ``>``, and every search ends
where the next one begins, so that the time taken grows with the length and no faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from simulator.district.reading.grid import position

_ENTITY: Final = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
#: A declaration of another encoding than UTF-8, in which nothing here would be found.
_OTHER_ENCODING: Final = re.compile(
    rb"<\?xml[^<>]{0,200}?encoding\s{0,9}=\s{0,9}[\"'](?!utf-?8)", re.IGNORECASE
)
#: Cells beyond row 20,000 or column KZ: within them a table fits the memory in any case.
_FAR: Final = re.compile(rb'r="(?:[A-Z]{1,3}(?:\d{6}|[2-9]\d{4})|[A-Z]{3}\d|[L-Z][A-Z]\d)')
_FILLED: Final = re.compile(rb'<c r="([A-Z]{1,3}\d{1,7})"[^<>]*(?<!/)>')
_PREFIX: Final = re.compile(rb"(</?)\w{1,40}:")
_FORMULA: Final = re.compile(rb"<c ([^<>]*)>\s*<f[\s>/]")
_ERROR: Final = re.compile(rb'<c (?=[^<>]*\bt="e")([^<>]*)(?<!/)>')
_HIDDEN: Final = re.compile(rb'<row (?=[^<>]*\bhidden="(?:1|true)")([^<>]*)>')
_VALUE: Final = re.compile(rb"<v(?:\s[^<>]*)?>([^<]{0,100})")
_ADDRESS: Final = re.compile(rb'\br="([A-Z]{1,3}\d{1,7})"')
_ROW: Final = re.compile(rb'\br="(\d{1,7})"')


@dataclass(frozen=True, slots=True)
class Notes:
    """What the values of a sheet do not tell: cells without a usable value, hidden rows."""

    broken: Mapping[tuple[int, int], str] = field(default_factory=lambda: MappingProxyType({}))
    hidden: frozenset[int] = frozenset()


NOTHING: Final = Notes()


def has_entities(xml: bytes) -> bool:
    """Whether a part defines entities, which can make a gigabyte of a line or read other files."""
    return b"<!" in xml and _ENTITY.search(xml) is not None


def is_foreign(xml: bytes) -> bool:
    """Whether a part is in another encoding than spreadsheet programs write."""
    return b"\0" in xml[:4] or _OTHER_ENCODING.match(xml) is not None


def is_far(xml: bytes) -> bool:
    """Whether a cell lies where a table of that size might fill the memory."""
    return _FAR.search(xml) is not None


def extent(xml: bytes) -> tuple[int, int]:
    """The rows and columns that the filled cells span."""
    cells = [position(each.decode()) for each in _FILLED.findall(xml)]
    rows, columns = (max((cell[axis] for cell in cells), default=-1) + 1 for axis in (0, 1))
    return rows, columns


def is_usual(xml: bytes) -> bool:
    """Whether every cell is written as the usual programs do."""
    return xml.count(b"<c ") == xml.count(b'<c r="') and b":c " not in xml


def notes(xml: bytes) -> Notes:
    """What is to be noted of a sheet."""
    plain = _PREFIX.sub(rb"\1", xml) if b":row" in xml else xml
    return Notes(_broken(plain), _hidden(plain))


def _broken(xml: bytes) -> Mapping[tuple[int, int], str]:
    """Cells whose formula was never computed, and cells with an error value."""
    found = {}
    if b"<f" in xml:
        for attributes, body in _cells(_FORMULA, xml):
            value = _VALUE.search(body)
            if value is None or not value.group(1).strip():
                found[_address(attributes)] = "formula"
    if b't="e"' in xml:
        for attributes, body in _cells(_ERROR, xml):
            value = _VALUE.search(body)
            if value is not None:
                found[_address(attributes)] = value.group(1).decode("utf-8", "replace")
    return found


def _cells(pattern: re.Pattern[bytes], xml: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The attributes and the inside of each cell that begins as the pattern says."""
    for cell in pattern.finditer(xml):
        after = xml.find(b"<c ", cell.end())
        end = xml.find(b"</c>", cell.end(), after if after >= 0 else len(xml))
        if end >= 0:
            yield cell.group(1), xml[cell.end() : end]


def _address(attributes: bytes) -> tuple[int, int]:
    found = _ADDRESS.search(attributes)
    return position(found.group(1).decode()) if found else (-1, -1)


def _hidden(xml: bytes) -> frozenset[int]:
    marked = _HIDDEN.finditer(xml) if b"hidden=" in xml else ()
    rows = (_ROW.search(row.group(1)) for row in marked)
    return frozenset(int(row.group(1)) - 1 for row in rows if row)
