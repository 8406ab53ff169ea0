"""``python -m tests.fuzz [seconds] [seed]``: fuzz every target; what breaks is kept in a folder."""

from __future__ import annotations

import hashlib
import sys
import tempfile
from pathlib import Path

from tests.fuzz.guided import fuzz
from tests.fuzz.targets import targets


def main(arguments: list[str]) -> int:
    """Fuzz for so many seconds a target; 1 where anything but a refusal came out."""
    seconds = float(arguments[0]) if arguments else 60.0
    seed = int(arguments[1]) if len(arguments) > 1 else 0
    broken = 0
    for name, (target, seeds) in targets().items():
        found = fuzz(target, seeds, seconds, seed)
        print(f"{name}: {found.tried} inputs, {found.first} → {len(found.reached)} lines, "
              f"{len(found.broken)} broken")  # fmt: skip
        for content, error in found.broken:
            folder = Path(tempfile.gettempdir()) / "junheng-fuzz"
            folder.mkdir(exist_ok=True)
            place = folder / f"{name}-{hashlib.sha256(content).hexdigest()[:12]}"
            place.write_bytes(content)
            print(f"  {place}: {error}")
        broken += len(found.broken)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
