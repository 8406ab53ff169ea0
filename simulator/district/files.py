"""Opening a workbook or a folder of CSV files; every refusal is one clear sentence."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from simulator.district import package
from simulator.district.grid import Sheet
from simulator.district.isolated import cells_apart
from simulator.errors import JunhengError

WORKBOOKS: Final = (".xlsx", ".xlsm", ".xls", ".et", ".ods")
TEXTS: Final = (".csv", ".txt", ".tsv")
#: A district of 10,000 schools takes a few megabytes.
LARGEST_FILE: Final = 100_000_000
LARGEST_TEXT: Final = 30_000_000
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
    rows = _records(text, name)
    package.refuse_size(name, Path(name).stem, len(rows), max(map(len, rows), default=0))
    return Sheet(name, Path(name).stem, rows)


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
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",\t;", key=first.count)
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise JunhengError("data_csv_broken", file=name, reason=str(error)) from error
    return [[cell or None for cell in record] for record in records]


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


def _sheets_apart(
    content: bytes, name: str, notes: Mapping[str, package.Notes]
) -> tuple[Sheet, ...]:
    """The sheets of an old or unusual file, read in a process of its own."""
    found = cells_apart(content)
    if "error" in found:
        raise JunhengError(f"data_file_{found['error']}", file=name)
    sheets = []
    for title, rows, merged in found["sheets"]:
        package.refuse_size(name, title, len(rows), max(map(len, rows), default=0))
        own = notes.get(title, package.NOTHING)
        ranges = tuple((top, left, bottom, right) for (top, left), (bottom, right) in merged)
        sheets.append(Sheet(name, title, rows, ranges, own.hidden, own.broken))
    return tuple(sheets)


def _sheets(content: bytes, name: str, notes: Mapping[str, package.Notes]) -> tuple[Sheet, ...]:
    """The sheets of an ordinary .xlsx, read here and now."""
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            return tuple(
                _sheet(book, meta.name, name, notes.get(meta.name, package.NOTHING))
                for meta in book.sheets_metadata
                if meta.typ == SheetTypeEnum.WorkSheet
            )
    except PasswordError as error:
        raise JunhengError("data_file_encrypted", file=name) from error
    except (CalamineError, ValueError, OverflowError) as error:
        raise JunhengError("data_file_broken", file=name) from error
    except BaseException as error:
        # the library's own panic on a damaged file is no Exception and has no importable name
        if type(error).__name__ != "PanicException":
            raise
        raise JunhengError("data_file_broken", file=name) from None


def _sheet(book: CalamineWorkbook, title: str, name: str, notes: package.Notes) -> Sheet:
    sheet = book.get_sheet_by_name(title)
    package.refuse_size(name, title, sheet.total_height, sheet.total_width)
    merged = tuple(
        (top, left, bottom, right)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )
    rows: Sequence[Sequence[object]] = sheet.to_python(skip_empty_area=False)
    return Sheet(name, title, rows, merged, notes.hidden, notes.broken)
