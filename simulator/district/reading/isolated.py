"""Reading a workbook in a process of its own, so that a damaged file cannot take the app down.

The reading library trusts the sizes that old formats state; a damaged or malicious file can
make it ask for more memory than there is, which ends the whole process. Run as a script this
file reads a workbook from its standard input and writes the cells to its standard output;
it imports nothing of the product, so it starts fast and needs no path.
"""

from __future__ import annotations

import datetime
import io
import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any, Final

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum

MEMORY: Final = 1 << 30
SECONDS: Final = 5
#: For the clock on the wall, on a busy machine.
PATIENCE: Final = 30


def cells_apart(content: bytes) -> Mapping[str, Any]:
    """What the other process found: ``sheets`` (title, rows, merged) or ``error``.

    The error is one word: broken, encrypted or memory.
    """
    try:
        ran = subprocess.run(  # noqa: S603 (this very file, by this very interpreter)
            [sys.executable, "-I", __file__],
            input=content,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        if ran.returncode:
            memory = b"memory allocation" in ran.stderr or b"MemoryError" in ran.stderr
            return {"error": "memory" if memory else "broken"}
        found: Mapping[str, Any] = json.loads(ran.stdout, object_hook=_decoded)
    except (subprocess.TimeoutExpired, ValueError):
        return {"error": "broken"}
    return found


def _decoded(value: dict[str, Any]) -> Any:
    return datetime.datetime.fromisoformat(value["date"]) if set(value) == {"date"} else value


def _encoded(value: object) -> object:
    if isinstance(value, datetime.date):
        return {"date": value.isoformat()}
    return str(value)


def limit() -> None:
    """Caps memory and time of this process, where the system can."""
    try:
        import resource
    except ImportError:  # Windows: the process still ends alone
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def read(content: bytes, most: int) -> dict[str, Any]:
    """The sheets of a workbook; ``error`` where it is protected or too large."""
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            sheets, left = [], most
            for meta in book.sheets_metadata:
                if meta.typ == SheetTypeEnum.WorkSheet:
                    sheet = book.get_sheet_by_name(meta.name)
                    left -= sheet.total_height * sheet.total_width
                    if left < 0:
                        return {"error": "memory"}
                    rows = sheet.to_python(skip_empty_area=False)
                    sheets.append([meta.name, rows, sheet.merged_cell_ranges or []])
    except PasswordError:
        return {"error": "encrypted"}
    return {"sheets": sheets}


if __name__ == "__main__":
    limit()
    written = json.dumps(read(sys.stdin.buffer.read(), 6_000_000), default=_encoded)
    sys.stdout.write(written)
