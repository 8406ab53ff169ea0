"""Opening a workbook or a folder of CSV files; every refusal is one clear sentence."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
)

from simulator.district.reading import package
from simulator.district.reading.grid import Range, Sheet
from simulator.district.reading.isolated import cells_apart
from simulator.district.reading.sheet_xml import NOTHING, Notes
from simulator.errors import JunhengError

WORKBOOKS: Final = (".xlsx", ".xlsm", ".xls", ".et", ".ods")
TEXTS: Final = (".csv", ".txt", ".tsv")
#: A district of 10,000 schools takes a few megabytes.
LARGEST_FILE: Final = 100_000_000
LARGEST_TEXT: Final = 30_000_000
#: The most characters that spreadsheet programs allow in a cell.
LONGEST_CELL: Final = 32_767
csv.field_size_limit(LARGEST_TEXT)  # a cell too long is told with its place, not by the library
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_KINDS: Final = {
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"%PDF": "PDF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip",
    b"MZ": "EXE",
}


def open_sheets(path: str | Path) -> tuple[Sheet, ...]:
    """Every sheet of a workbook, or every CSV of a folder. Raises JunhengError."""
    place = Path(path)
    try:
        if place.is_dir():
            return _folder(place)
        return open_bytes(_content(place), place.name)
    except OSError as error:
        raise JunhengError(
            "data_file_unreadable", file=place.name, reason=error.strerror
        ) from error


def open_bytes(content: bytes, name: str) -> tuple[Sheet, ...]:
    """Every sheet of a file given by its content, such as an upload. Raises JunhengError."""
    suffix = Path(name).suffix.lower()
    if suffix not in WORKBOOKS + TEXTS:
        allowed = " ".join(WORKBOOKS + TEXTS[:1])
        raise JunhengError("data_file_kind", file=name, suffix=suffix or "—", allowed=allowed)
    if len(content) > LARGEST_FILE:
        raise _too_large(name, len(content))
    if not content.strip(b"\0\t\r\n \xef\xbb\xbf"):
        raise JunhengError("data_file_empty", file=name)
    _refuse_other_kinds(content, name)
    return (_csv(content, name),) if suffix in TEXTS else _workbook(content, name)


def _content(place: Path) -> bytes:
    if not place.exists():
        raise JunhengError("data_file_missing", file=str(place))
    size = place.stat().st_size
    if size > LARGEST_FILE:
        raise _too_large(place.name, size)
    return place.read_bytes()


def _too_large(name: str, size: int) -> JunhengError:
    limit = LARGEST_FILE // 1_000_000
    return JunhengError("data_file_large", file=name, size=size // 1_000_000, limit=limit)


def _folder(place: Path) -> tuple[Sheet, ...]:
    files = sorted(each for each in place.iterdir() if each.suffix.lower() == ".csv")
    if not files:
        raise JunhengError("data_folder_empty", file=str(place))
    if len(files) > package.MOST_SHEETS:
        raise JunhengError("data_file_sheets", file=place.name, most=package.MOST_SHEETS)
    return tuple(sheet for file in files for sheet in open_bytes(_content(file), file.name))


def _refuse_other_kinds(content: bytes, name: str) -> None:
    for start, kind in _OTHER_KINDS.items():
        if content.startswith(start) and (len(start) > 2 or b"\0" in content[:64]):
            raise JunhengError("data_file_other_kind", file=name, kind=kind)


# Text -------------------------------------------------------------------------------------


def _csv(content: bytes, name: str) -> Sheet:
    if content.startswith((b"PK\x03\x04", _OLE)):
        raise JunhengError("data_file_other_kind", file=name, kind="Excel")
    if len(content) > LARGEST_TEXT:
        raise JunhengError(
            "data_file_large",
            file=name,
            size=len(content) // 1_000_000,
            limit=LARGEST_TEXT // 1_000_000,
        )
    return table_text(decode(content, name), name)


def table_text(text: str, name: str) -> Sheet:
    """A table given as text, cells apart by commas, tabs or semicolons. Raises JunhengError."""
    if len(text) > LARGEST_TEXT:
        raise _too_large(name, len(text))
    return _bounded(Sheet(name, Path(name).stem, _records(text, name)))


def _bounded(sheet: Sheet) -> Sheet:
    """The sheet, where no cell is longer than a cell can be. Raises JunhengError."""
    for number, row in enumerate(sheet.rows):
        for column, cell in enumerate(row):
            if type(cell) is str and len(cell) > LONGEST_CELL:
                place = sheet.address(number, column)
                raise JunhengError(
                    "data_cell_long", file=sheet.file, sheet=sheet.name, cell=place,
                    count=len(cell), most=LONGEST_CELL,
                )  # fmt: skip
    return sheet


def decode(content: bytes, name: str) -> str:
    """The text of a file in UTF-8, UTF-16 with its mark, or GB18030. Raises JunhengError."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise JunhengError("data_file_encoding", file=name)


def _records(text: str, name: str) -> list[list[object]]:
    """The rows of a text, read one by one so that too many or too wide ones end at once."""
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    delimiter = max(",\t;", key=first.count)
    rows: list[list[object]] = []
    stem, width = Path(name).stem, 0
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows.append([cell or None for cell in record])
            if len(record) > width or not len(rows) % 1_000:
                width = max(width, len(record))
                package.refuse_size(name, stem, len(rows), width)
    except csv.Error as error:
        raise JunhengError("data_csv_broken", file=name, row=len(rows) + 1) from error
    package.refuse_size(name, stem, len(rows), width)
    return rows


# Workbooks --------------------------------------------------------------------------------


def _workbook(content: bytes, name: str) -> tuple[Sheet, ...]:
    zipped = content.startswith(b"PK\x03\x04")
    if not zipped and not content.startswith(_OLE):
        raise JunhengError("data_file_not_workbook", file=name)
    if not zipped and b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in content:
        raise JunhengError("data_file_encrypted", file=name)
    inside = package.inspect(content, name) if zipped else package.Inspection({}, ordinary=False)
    sheets = (_sheets if inside.ordinary else _sheets_apart)(content, name, inside.notes)
    if not any(sheet.rows for sheet in sheets):
        raise JunhengError("data_file_empty", file=name)
    return sheets


def _sheets_apart(content: bytes, name: str, notes: Mapping[str, Notes]) -> tuple[Sheet, ...]:
    """The sheets of an old or unusual file, read in a process of its own."""
    found = cells_apart(content)
    if "error" in found:
        raise JunhengError(f"data_file_{found['error']}", file=name)
    sheets, cells = [], 0
    for title, rows, merged in found["sheets"]:
        width = max(map(len, rows), default=0)
        cells = package.refuse_size(name, title, len(rows), width, cells)
        own = notes.get(title, NOTHING)
        sheets.append(_bounded(Sheet(name, title, rows, _ranges(merged), own.hidden, own.broken)))
    return tuple(sheets)


def _ranges(merged: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> tuple[Range, ...]:
    return tuple((top, left, bottom, right) for (top, left), (bottom, right) in merged)


def _sheets(content: bytes, name: str, notes: Mapping[str, Notes]) -> tuple[Sheet, ...]:
    """The sheets of an ordinary .xlsx, read here and now."""
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            kept = [each for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
            sheets, cells = [], 0
            for title in (each.name for each in kept):
                sheet = book.get_sheet_by_name(title)
                size = sheet.total_height, sheet.total_width
                cells = package.refuse_size(name, title, *size, cells)
                sheets.append(_sheet(sheet, title, name, notes.get(title, NOTHING)))
            return tuple(sheets)
    except PasswordError as error:
        raise JunhengError("data_file_encrypted", file=name) from error
    except (CalamineError, ValueError, OverflowError) as error:
        raise JunhengError("data_file_broken", file=name) from error
    except BaseException as error:
        # the library's own panic on a damaged file is no Exception and has no importable name
        if type(error).__name__ != "PanicException":
            raise
        raise JunhengError("data_file_broken", file=name) from None


def _sheet(sheet: CalamineSheet, title: str, name: str, notes: Notes) -> Sheet:
    merged = _ranges(sheet.merged_cell_ranges or ())
    rows: Sequence[Sequence[object]] = sheet.to_python(skip_empty_area=False)
    return _bounded(Sheet(name, title, rows, merged, notes.hidden, notes.broken))
