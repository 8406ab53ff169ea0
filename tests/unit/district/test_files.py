"""Files that cannot be read: each a clear sentence, soon and without filling the memory."""

from __future__ import annotations

import io
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from simulator.district.reading import files, package
from simulator.district.reading.load import load_district
from simulator.errors import FindingsError, JunhengError
from tests.unit.district.books import good_rows, good_sheets, write_book, write_folder

CONTENT_TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
KEPT = Path(__file__).parent / "kept"


def _good(tmp_path: Path) -> bytes:
    return write_book(tmp_path / "good.xlsx", good_sheets()).read_bytes()


def _repacked(
    content: bytes, change: Callable[[str, bytes], bytes], more: dict[str, bytes] | None = None
) -> bytes:
    """The same workbook with some of its parts changed and others added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, part in (more or {}).items():
            new.writestr(name, part)
    return out.getvalue()


def _same(_name: str, part: bytes) -> bytes:
    return part


def _refused(content: bytes, name: str = "区县.xlsx") -> str:
    with pytest.raises(JunhengError) as caught:
        files.open_bytes(content, name)
    error = caught.value
    for language in ("zh", "en"):
        assert name in error.text(language)
        assert "{" not in error.text(language)
    return error.code


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(JunhengError) as caught:
        load_district(tmp_path / "没有.xlsx")
    assert caught.value.code == "data_file_missing"
    assert "没有.xlsx" in caught.value.text("zh")


def test_a_folder_without_csv_files(tmp_path: Path) -> None:
    with pytest.raises(JunhengError) as caught:
        load_district(tmp_path)
    assert caught.value.code == "data_folder_empty"


@pytest.mark.parametrize("name", ["区县.docx", "区县.pdf", "区县", "区县.json", "区县.xlsx.exe"])
def test_other_kinds_of_files(name: str) -> None:
    assert _refused(b"anything", name) == "data_file_kind"


@pytest.mark.parametrize("name", ["区县.xlsx", "区县.csv", "区县.xls", "区县.ods"])
@pytest.mark.parametrize("content", [b"", b"\0" * 4096, b" \r\n\r\n", b"\xef\xbb\xbf"])
def test_empty_files(name: str, content: bytes) -> None:
    assert _refused(content, name) == "data_file_empty"


@pytest.mark.parametrize(
    ("start", "kind"),
    [(b"\x89PNG\r\n\x1a\n", "PNG"), (b"\xff\xd8\xff\xe0", "JPEG"), (b"%PDF-1.7", "PDF"),
     (b"Rar!\x1a\x07", "RAR"), (b"GIF89a", "GIF"), (b"\x1f\x8b\x08", "gzip")],
)  # fmt: skip
def test_images_and_others_renamed(start: bytes, kind: str) -> None:
    with pytest.raises(JunhengError) as caught:
        files.open_bytes(start + b"\0" * 200, "区县.xlsx")
    assert caught.value.code == "data_file_other_kind"
    assert kind in caught.value.text("zh")


def test_text_renamed_to_a_workbook_and_the_other_way_round(tmp_path: Path) -> None:
    assert _refused("学校代码,学校名称\n1,甲\n".encode()) == "data_file_not_workbook"
    assert _refused(_good(tmp_path), "区县.csv") == "data_file_other_kind"


def test_a_word_document_renamed(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("word/document.xml", "<document/>")
    assert _refused(out.getvalue()) == "data_file_not_workbook"


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.99])
def test_truncated_files(tmp_path: Path, kept: float) -> None:
    good = _good(tmp_path)
    assert _refused(good[: int(len(good) * kept)]) == "data_file_broken"


def test_a_flipped_byte_in_a_part(tmp_path: Path) -> None:
    good = bytearray(_good(tmp_path))
    spot = good.index(b"xl/worksheets/sheet1.xml") + 200
    good[spot] ^= 0xFF
    assert _refused(bytes(good)) == "data_file_broken"


def test_protected_by_a_password() -> None:
    stream = "EncryptedPackage".encode("utf-16-le")
    assert _refused(files._OLE + b"\0" * 600 + stream + b"\0" * 600) == "data_file_encrypted"


def test_an_encrypted_part(tmp_path: Path) -> None:
    good = bytearray(_good(tmp_path))
    place = good.rindex(b"PK\x01\x02")
    good[place + 8] |= 1  # the flag "encrypted" in the directory
    assert _refused(bytes(good)) == "data_file_encrypted"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = b"<x>" + b" " * 60_000_000 + b"</x>"
    more = {f"xl/worksheets/sheet{number}.xml": bomb for number in range(10, 16)}
    content = _repacked(_good(tmp_path), _same, more)
    assert len(content) < 2_000_000
    assert _refused(content) == "data_file_bomb"


def test_a_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    """The directory says 1 kB; the part unpacks to 400 MB."""
    squeezed = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(squeezed.compress(b" " * 4_000_000) for _ in range(100)) + squeezed.flush()
    content = _repacked(_good(tmp_path), _same)
    name = b"xl/worksheets/sheet9.xml"
    assert _refused(_with_lie(content, name, packed, 1_000)) == "data_file_broken"


@pytest.mark.parametrize("fitting", [True, False])
def test_a_bomb_that_lies_with_a_fitting_checksum(tmp_path: Path, fitting: bool) -> None:
    """What stops reading at the size that is said finds nothing wrong; the rest is still there."""
    said = b" " * 1_000
    squeezed = zlib.compressobj(9, zlib.DEFLATED, -15)
    whole = said if fitting else said + b" " * 400_000_000
    packed = squeezed.compress(whole) + squeezed.flush()
    check = zlib.crc32(said)
    content = _with_lie(_good(tmp_path), b"xl/worksheets/sheet9.xml", packed, len(said), check)
    if fitting:
        assert len(files.open_bytes(content, "区县.xlsx")) == 4
    else:
        assert _refused(content) == "data_file_broken"


@pytest.mark.parametrize("name", ["xl/media/image1.png", "xl/worksheets/sheet9.xml", "x.XML"])
@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 93])
def test_other_ways_of_packing_are_refused_unread(tmp_path: Path, method: int, name: str) -> None:
    """A few kilobytes of bzip2 unpack to gigabytes in one piece."""
    content = bytearray(_repacked(_good(tmp_path), _same, {name: b" " * 50_000_000}))
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 10 : entry + 12] = struct.pack("<H", method)
    assert _refused(bytes(content)) == "data_file_packing"


def test_a_part_of_any_name_counts(tmp_path: Path) -> None:
    """The reading library finds its parts whatever the case of their names."""
    more = {f"xl/media/{number}.bin": b" " * 60_000_000 for number in range(6)}
    content = bytearray(_repacked(_good(tmp_path), _same, more))
    for number in range(6):  # the directory says a kilobyte of each
        entry = content.rindex(b"xl/media/%d.bin" % number) - 46
        content[entry + 24 : entry + 28] = struct.pack("<I", 1_000)
    assert _refused(bytes(content)) == "data_file_broken"


def _listing(sheets: bytes) -> Callable[[str, bytes], bytes]:
    def change(name: str, old: bytes) -> bytes:
        fits = name == "xl/workbook.xml"
        return (
            re.sub(rb"<sheets>.*</sheets>", b"<sheets>%s</sheets>" % sheets, old) if fits else old
        )

    return change


@pytest.mark.parametrize(
    ("count", "title", "code"),
    [(201, b"s%d", "data_file_sheets"), (2, b"s%d", "data_file_broken"),
     (2, b"same%.0s", "data_file_broken"), (80_000, b"s%d", "data_file_sheets")],
)  # fmt: skip
def test_one_part_is_not_read_as_many_sheets(
    tmp_path: Path, count: int, title: bytes, code: str
) -> None:
    made = b"".join(
        b'<sheet name="' + title.replace(b"%d", b"%d" % n).replace(b"%.0s", b"")
        + b'" sheetId="%d" r:id="rId1"/>' % (n + 1) for n in range(count)
    )  # fmt: skip
    assert _refused(_repacked(_good(tmp_path), _listing(made))) == code


@pytest.mark.parametrize("many", [b'<c r="A1"/>', b"<row/>", b"<si/>"])
def test_more_cells_rows_or_texts_than_any_workbook_has(tmp_path: Path, many: bytes) -> None:
    more = {"xl/other.xml": many * 6_000_001}
    assert _refused(_repacked(_good(tmp_path), _same, more)) == "data_file_many"


def test_more_merged_ranges_than_any_workbook_has(tmp_path: Path) -> None:
    more = {"xl/other.xml": b'<mergeCell ref="A1:B2"/>' * 200_001}
    assert _refused(_repacked(_good(tmp_path), _same, more)) == "data_file_many"


@pytest.mark.parametrize("start", ["<?xml version='1.0' encoding='UTF-16'?>", "\ufeff<a/>"])
def test_xml_in_an_encoding_that_hides_what_stands_in_it(tmp_path: Path, start: str) -> None:
    more = {"xl/styles9.xml": start.encode("utf-16-le")}
    assert _refused(_repacked(_good(tmp_path), _same, more)) == "data_file_broken"
    more = {"xl/styles9.xml": b"<?xml version='1.0' encoding='cp037'?>"}
    assert _refused(_repacked(_good(tmp_path), _same, more)) == "data_file_broken"


def test_sheets_that_are_large_only_together(tmp_path: Path) -> None:
    """Each of four sheets has a stray value within the limits; their cells fill the memory."""
    far = b'<row r="9999"><c r="KA9999"><v>1</v></c></row>'

    def change(name: str, old: bytes) -> bytes:
        fits = name.startswith("xl/worksheets/sheet")
        return old.replace(b"</sheetData>", far + b"</sheetData>") if fits else old

    assert _refused(_repacked(_good(tmp_path), change)) == "data_sheet_large"


def test_one_long_text_shown_by_many_cells(tmp_path: Path) -> None:
    """30,000 characters in each of 10,000 cells would be 300 MB: read apart, within limits."""
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (r, r)
                     for r in range(1, 10_001))  # fmt: skip
    sheet = b"<worksheet><sheetData>%s</sheetData></worksheet>" % cells
    shared = b"<sst><si><t>%s</t></si></sst>" % (b"x" * 30_000)
    parts = {"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": shared}
    content = _repacked(_good(tmp_path), parts.get)
    assert not package.inspect(content, "区县.xlsx").ordinary


def test_two_archives_in_one_file_are_read_apart(tmp_path: Path) -> None:
    good = _good(tmp_path)
    assert package.inspect(good, "区县.xlsx").ordinary
    assert not package.inspect(b"PK\x05\x06" + good, "区县.xlsx").ordinary
    assert not package.inspect(good[:-2] + b"\x03\x00end", "区县.xlsx").ordinary


@pytest.mark.parametrize("length", [32_767, 32_768, 200_000])
def test_a_cell_longer_than_a_cell_can_be(length: int) -> None:
    text = "a,b\n1," + "长" * length
    if length > 32_767:
        assert _refused(text.encode(), "学校.csv") == "data_cell_long"
        assert "B2" in str(_error(text))
    else:
        assert files.table_text(text, "学校.csv").rows[1][1] == "长" * length


def _error(text: str) -> JunhengError:
    with pytest.raises(JunhengError) as caught:
        files.table_text(text, "学校.csv")
    return caught.value


def _with_lie(content: bytes, name: bytes, packed: bytes, size: int, check: int = 0) -> bytes:
    """A zip with one more part whose unpacked size is as it is said to be, or not."""
    end = content.rindex(b"PK\x05\x06")
    count, length, offset = struct.unpack("<HII", content[end + 10 : end + 20])
    head = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0, check, len(packed), size, len(name), 0)
    local = b"PK\x03\x04" + head + name + packed
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + head + struct.pack("<HHHII", 0, 0, 0, 0, offset)
    directory = content[offset : offset + length] + entry + name
    tail = struct.pack(
        "<HHHHIIH", 0, 0, count + 1, count + 1, len(directory), offset + len(local), 0
    )
    return content[:offset] + local + directory + b"PK\x05\x06" + tail


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"])
def test_xml_entities(tmp_path: Path, part: str) -> None:
    """A billion laughs, or a file of the machine read through an entity."""
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b SYSTEM "file:///etc/passwd">]>'

    def change(name: str, old: bytes) -> bytes:
        return old.replace(b"?>", b"?>" + bomb, 1) if name == part else old

    assert _refused(_repacked(_good(tmp_path), change)) == "data_file_entities"


@pytest.mark.parametrize("address", ["A1048576", "XFD3"])
def test_a_value_at_the_far_end_of_the_sheet(tmp_path: Path, address: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(_good(tmp_path)))
    book["学校"][address] = 1
    out = io.BytesIO()
    book.save(out)
    assert _refused(out.getvalue()) == "data_sheet_large"


def test_a_million_blank_rows_cost_nothing(tmp_path: Path) -> None:
    blank = b"".join(b'<row r="%d" s="1"/>' % row for row in range(7, 1_000_007))

    def change(name: str, old: bytes) -> bytes:
        fits = name == "xl/worksheets/sheet1.xml"
        return old.replace(b"</sheetData>", blank + b"</sheetData>") if fits else old

    target = tmp_path / "blank.xlsx"
    target.write_bytes(_repacked(_good(tmp_path), change))
    assert len(load_district(target).schools) == 5


def test_too_large_a_file_is_refused_by_its_size(tmp_path: Path) -> None:
    target = tmp_path / "large.xlsx"
    with target.open("wb") as file:
        file.truncate(2_000_000_000)  # 2 GB without writing them
    with pytest.raises(JunhengError) as caught:
        load_district(target)
    assert (
        caught.value.text("zh")
        == "“large.xlsx”有 2000 MB，超过 100 MB 的上限。请只保留需要的工作表。"
    )


def test_text_of_no_known_encoding() -> None:
    assert _refused(b"\xff\xff\xfe\xff\x00\x81", "学校.csv") == "data_file_encoding"
    assert _refused(b"a,b\n1,\0\n", "学校.csv") == "data_file_encoding"


def test_a_csv_with_an_open_quotation() -> None:
    assert _refused(b'a,b\n1,"never closed\n', "schools.csv") == "data_csv_broken"


def test_macros_and_outside_links_are_not_followed(tmp_path: Path) -> None:
    """The values saved in the file are read; nothing of the rest is run or opened."""
    more = {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 Sub AutoOpen()",
            "xl/externalLinks/externalLink1.xml": b"<externalLink/>"}  # fmt: skip
    target = tmp_path / "macros.xlsm"
    target.write_bytes(_repacked(_good(tmp_path), _same, more))
    assert load_district(target).name == "测试区"


def test_formulas_are_read_by_the_value_saved_with_them(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "formulas.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for name, rows in good_sheets().items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if name == "学校" and number == 1 and isinstance(value, int):
                    sheet.write_formula(number, column, f"={value - 1}+1", None, value)
                elif value is not None:
                    sheet.write(number, column, value)
    book.close()
    plain = load_district(write_book(tmp_path / "plain.xlsx", good_sheets()))
    assert load_district(path).fingerprint == plain.fingerprint


def test_formulas_never_computed_and_error_values_are_named(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(_good(tmp_path)))
    book["学校"]["R2"] = "=10+10"  # openpyxl saves no value with a formula
    book["学校"]["G4"] = "#N/A"
    path = tmp_path / "formulas.xlsx"
    book.save(path)
    with pytest.raises(FindingsError) as caught:
        load_district(path)
    found = {(each.code, each.cell) for each in caught.value.findings}
    assert ("formula_uncached", "R2") in found
    assert any(code == "cell_error" and cell == "G4" for code, cell in found)
    assert "#N/A" in caught.value.text("zh")


def test_semicolons_and_tabs_between_cells(tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path / "d", {t: good_rows(t) for t in ("schools", "fiscal", "indicators", "district")}
    )
    plain = load_district(folder).fingerprint
    for mark in (";", "\t"):
        for file in folder.glob("*.csv"):
            rows = file.read_text(encoding="utf-8").replace(";", ",").replace("\t", ",")
            file.write_text(rows.replace(",", mark), encoding="utf-8")
        assert load_district(folder).fingerprint == plain


LIMITED = """
import resource, sys, time
from simulator.district import read
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
started = time.process_time()
try:
    read.load_district(sys.argv[1])
    print("read")
except Exception as error:
    print(getattr(error, "code", repr(error)))
print(time.process_time() - started)
"""


@pytest.mark.parametrize("kind", ["bomb", "blank_rows", "wide", "many_strings"])
def test_within_a_gigabyte_and_five_seconds(tmp_path: Path, kind: str) -> None:
    good = _good(tmp_path)
    parts = {
        "bomb": {f"xl/worksheets/sheet{n}.xml": b"<x>" + b" " * 60_000_000 for n in range(10, 14)},
        "wide": {},
        "blank_rows": {},
        "many_strings": {"xl/theme/theme9.xml": b"<si><t>abc</t></si>" * 4_000_000},
    }[kind]
    filler = {
        "blank_rows": b"".join(
            b'<row r="%d"><c r="A%d" s="1"/></row>' % (r, r) for r in range(7, 900_007)
        ),
        "wide": b'<row r="190000"><c r="ZZ190000"><v>1</v></c></row>',
    }.get(kind, b"")

    def change(name: str, old: bytes) -> bytes:
        fits = name == "xl/worksheets/sheet1.xml"
        return old.replace(b"</sheetData>", filler + b"</sheetData>") if fits else old

    target = tmp_path / f"{kind}.xlsx"
    target.write_bytes(_repacked(good, change, parts))
    ran = subprocess.run(
        [sys.executable, "-c", LIMITED, str(target)],
        capture_output=True, text=True, timeout=60, check=False,
        cwd=Path(__file__).parents[3],
    )  # fmt: skip
    outcome, seconds = ran.stdout.split()
    assert outcome in {"read", "data_file_bomb", "data_sheet_large"}, ran.stderr
    assert float(seconds) < 5


def test_an_old_file_that_asks_for_all_memory_ends_in_a_sentence() -> None:
    """A cell of row 65,535 in column 65,535 would make a table of four thousand million cells."""
    content = bytearray((KEPT / "good.xls").read_bytes())
    place = content.index(struct.pack("<HH", 0x027E, 10))  # the first record of a number
    content[place + 4 : place + 8] = struct.pack("<HH", 65_535, 65_535)
    assert _refused(bytes(content), "区县.xls") in {"data_file_memory", "data_sheet_large"}


def test_an_open_document_that_repeats_a_row_a_million_times() -> None:
    def change(name: str, old: bytes) -> bytes:
        row = b'<table:table-row table:number-rows-repeated="1048000"'
        return old.replace(b"<table:table-row", row, 2) if name == "content.xml" else old

    content = _repacked((KEPT / "good.ods").read_bytes(), change)
    assert _refused(content, "区县.ods") in {"data_file_memory", "data_file_broken"}


@pytest.mark.parametrize("quote", [b"'", b'" '])
def test_unusual_makes_of_xlsx_are_read_all_the_same(tmp_path: Path, quote: bytes) -> None:
    """Attributes in another order or in single quotation marks: read apart, not refused."""

    def change(name: str, old: bytes) -> bytes:
        if not name.startswith("xl/worksheets/sheet"):
            return old
        return re.sub(rb'<c r="([A-Z]+\d+)"', rb"<c x='1' r=%s\1%s" % (quote[:1], quote), old)

    target = tmp_path / "unusual.xlsx"
    target.write_bytes(_repacked(_good(tmp_path), change))
    assert load_district(target).name == "测试区"


def test_rows_out_of_order_do_not_hide_a_far_cell(tmp_path: Path) -> None:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'

    def change(name: str, old: bytes) -> bytes:
        fits = name == "xl/worksheets/sheet1.xml"
        return old.replace(b"<sheetData>", b"<sheetData>" + far) if fits else old

    assert _refused(_repacked(_good(tmp_path), change)) == "data_sheet_large"
