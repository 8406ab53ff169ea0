"""The parts of a packed file (.xlsx, .ods), unpacked in pieces up to a limit.

What an archive says about its sizes is not believed: what comes out is counted, and unpacking
stops at the limit. Only the two ways of packing that spreadsheet programs use are unpacked; the
others can make a gigabyte of a few bytes in one piece.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Final

from simulator.errors import JunhengError

#: A table of 10,000 schools unpacks to about 20 MB.
MOST_UNPACKED: Final = 250_000_000
MOST_PARTS: Final = 2_000
#: What is unpacked at once.
PIECE: Final = 1 << 18
METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
#: Ends an archive; one that holds it twice may be two archives, one for each reader.
_END: Final = b"PK\x05\x06"


def unpacked(content: bytes, name: str) -> Mapping[str, bytes]:
    """The XML parts of an archive by their names; every part is unpacked and counted.

    Raises JunhengError where it is too large, protected, packed in another way, damaged, or
    says of a part what it is not; what the libraries raise where they cannot read it.
    """
    with zipfile.ZipFile(BytesIO(content)) as archive:
        entries = archive.infolist()
        _refuse(entries, name)
        parts = {}
        for entry in entries:
            pieces = list(_pieces(archive, entry, name))
            if entry.filename.lower().endswith((".xml", ".rels")):
                parts[entry.filename] = b"".join(pieces)
        return parts


def _refuse(entries: list[zipfile.ZipInfo], name: str) -> None:
    """Refuse what the directory tells already, so that nothing is unpacked in vain."""
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise _too_much(name)
    if any(entry.flag_bits & 1 for entry in entries):
        raise JunhengError("data_file_encrypted", file=name)
    if any(entry.compress_type not in METHODS for entry in entries):
        raise JunhengError("data_file_packing", file=name)
    if len({entry.filename.lower() for entry in entries}) != len(entries):
        raise JunhengError("data_file_broken", file=name)


def _too_much(name: str) -> JunhengError:
    return JunhengError("data_file_bomb", file=name, limit=MOST_UNPACKED // 1_000_000)


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    """A part in pieces; it ends in a refusal as soon as it is not of the size that is said."""
    said, size = entry.file_size, 0
    entry.file_size = MOST_UNPACKED + 1  # else the library stops, content, at the size said
    with archive.open(entry) as part:
        while piece := part.read(PIECE):
            size += len(piece)
            if size > said:
                break
            yield piece
    if size != said:
        raise JunhengError("data_file_broken", file=name)


def is_one(content: bytes) -> bool:
    """Whether two readers cannot see two archives in one file: it ends once, at its end."""
    return content.count(_END) == 1 and content[-22:-18] == _END
