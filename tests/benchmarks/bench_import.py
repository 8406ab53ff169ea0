"""``import simulator`` against an interpreter that does nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.benchmarks import Row, printed, side_by_side

ROOT = Path(__file__).resolve().parent.parent.parent
MOST_SECONDS = 0.3


def _python(statement: str) -> None:
    subprocess.run([sys.executable, "-c", statement], check=True, cwd=ROOT)


def run() -> list[Row]:
    pair = side_by_side(lambda: _python("import simulator"), lambda: _python("pass"), times=15)
    return [
        Row(
            "`import simulator` (held against a bare interpreter)",
            "`import simulator`（对照：空解释器）",
            printed(pair.ours_median),
            printed(pair.theirs_median),
            pair.slower,
            f"< {MOST_SECONDS:g} s",
            pair.ours_median < MOST_SECONDS,
        )
    ]
