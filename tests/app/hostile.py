"""Files that were made to harm, by the kind of harm; each is made when it is asked for."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.ground.test_growth import BOOK, LINKS, book

KEPT = Path(__file__).resolve().parents[1] / "district" / "kept"
HEAD = "学校代码,学校名称,办学类型,小学在校生\n"


def garbage(size: int, start: bytes = b"") -> bytes:
    """Bytes of chance, the same on each run."""
    return start + random.Random(11).randbytes(size)


def _packed_by(method: int) -> bytes:
    """A workbook with one part of fifty megabytes of nothing, packed in another way."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("xl/workbook.xml", BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", LINKS)
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 50_000_000)
    return out.getvalue()


def _lying() -> bytes:
    """A part that says it has a thousand bytes and unpacks to two hundred million."""
    content = bytearray(_packed_by(zipfile.ZIP_DEFLATED))
    squeezed = zlib.compressobj(9, zlib.DEFLATED, -15)
    large = b"".join(squeezed.compress(b" " * 4_000_000) for _ in range(50)) + squeezed.flush()
    small = zlib.compressobj(9, zlib.DEFLATED, -15)
    honest = small.compress(b" " * 50_000_000) + small.flush()
    at = content.index(honest)
    content[at : at + len(honest)] = large[: len(honest)]
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        entry = content.rindex(mark)
        content[entry + place : entry + place + 4] = struct.pack("<I", 1_000)
    return bytes(content)


def _asks_for_all_memory() -> bytes:
    content = bytearray((KEPT / "good.xls").read_bytes())
    place = content.index(struct.pack("<HH", 0x027E, 10))
    content[place + 4 : place + 8] = struct.pack("<HH", 65_535, 65_535)
    return bytes(content)


def _sheet(piece: str, times: int) -> Callable[[], bytes]:
    start = '<worksheet><sheetData><row r="1">'
    return lambda: book(start + piece * times)


def _table(heading: str, cells: str) -> Callable[[], bytes]:
    return f"{HEAD.strip()},{heading}\n1,甲,小学,{cells}\n".encode


#: Name → content of a district's file that is refused as a whole.
REFUSED: Mapping[str, Callable[[], bytes]] = {
    "平方.xlsx": _sheet("<c ><f ", 20_000),
    "无尽公式.xlsx": _sheet('<c r="A1"><f>', 200_000),
    "压缩一.xlsx": lambda: _packed_by(zipfile.ZIP_BZIP2),
    "压缩二.xlsx": lambda: _packed_by(zipfile.ZIP_LZMA),
    "谎报.xlsx": _lying,
    "实体.xlsx": lambda: book('<!DOCTYPE x [<!ENTITY a "ha">]><worksheet>&a;</worksheet>'),
    "远方.xlsx": _sheet('<c r="ZZ190000"><v>1</v></c>', 1),
    "内存.xls": _asks_for_all_memory,
    "乱码.xlsx": lambda: garbage(10_000_000),
    "乱码压缩.xlsx": lambda: garbage(10_000_000, b"PK\x03\x04"),
    "乱码旧式.xls": lambda: garbage(10_000_000, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "乱码.csv": lambda: garbage(10_000_000),
    "引号.csv": (HEAD + '1,"甲\n').encode,
    "引号后.csv": (HEAD + '1,"甲"乙,小学,3\n').encode,
    "零字节.csv": (HEAD + "1,\0,小学,3\n").encode,
    "一行到底.csv": lambda: b"a" * 10_000_000,
    "宽表.csv": lambda: b"a," * 5_000_000,
    "空.xlsx": bytes,
    "图片.xlsx": lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 64,
}
#: Name → content that is read: what is wrong stands in its findings.
READ: Mapping[str, Callable[[], bytes]] = {
    "长表头.csv": _table("长" * 30_000, "3,1"),
    "控制字符.csv": (HEAD + "1,甲\x07\x1b[31m校,小学,3\n").encode,
    "控制表头.csv": _table("备\x01注\x7f", "3,1"),
    "转向.csv": (HEAD + "1,甲\u202e校,小学,3\n").encode,
    "巨数.csv": (HEAD + "1,甲,小学,1e25\n2,乙,小学," + "9" * 400 + "\n").encode,
    "无穷.csv": (HEAD + "1,甲,小学,inf\n2,乙,小学,nan\n3,丙,小学,1e999\n").encode,
    "学校[终稿].csv": (HEAD + "1,甲,小学,3\n").encode,
    "<b>*学校*_$x$ `a` :red[终] #1.csv": (HEAD + "1,甲,小学,3\n").encode,
    "学" * 100 + ".csv": (HEAD + "1,甲,小学,3\n").encode,
}  # fmt: skip

YAML: Mapping[str, Callable[[], bytes]] = {
    "长数.yaml": lambda: b"a: " + b"9" * 900_000 + b"x",
    "巨数.yaml": lambda: b"horizon: 1e25\nlevers: {operating_rate: " + b"9" * 30 + b"}\n",
    "别名.yaml": lambda: b"a: &a [x]\nb: &b [*a,*a]\nc: [*b,*b]\n",
    "深.yaml": lambda: b"[" * 900_000,
    "多键.yaml": lambda: "\n".join(f"k{n}: 1" for n in range(90_000)).encode(),
    "种类.yaml": lambda: b"a: !!python/object/apply:os.system [ls]\n",
    "控制.yaml": lambda: b"name: \"\x07\"\n",
    "制表.yaml": lambda: b"a:\n\t- b: [\n",
    "冒号.yaml": lambda: b"a: b: c: d\n",
    "乱码.yaml": lambda: garbage(10_000_000),
    "小乱码.yaml": lambda: garbage(900),
    "空.yaml": lambda: b"\n",
}  # fmt: skip

JSON: Mapping[str, Callable[[], bytes]] = {
    "深.json": lambda: b"[" * 10_000_000,
    "巨数.json": lambda: b"[" + b"9" * 9_000_000 + b"]",
    "多键.json": lambda: b"{" + b",".join(b'"%d":1' % n for n in range(90_000)) + b"}",
    "乱码.json": lambda: garbage(10_000_000),
    "半句.json": lambda: b'{"format": "junheng.scenarios", "schema',
    "无穷.json": lambda: b'{"format": "junheng.scenarios", "schema": Infinity}',
    "别种.json": lambda: b'{"format": "other"}',
}
