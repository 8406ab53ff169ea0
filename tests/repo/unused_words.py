"""``python -m tests.repo.unused_words``: glossary ids that no source or data file names.

A help for tidying up, not a test: ids put together while running are listed too.
"""

from __future__ import annotations

import sys

from simulator import glossary
from tests.repo import project

SUFFIXES = {".py", ".yaml"}


def unused() -> list[str]:
    """The ids whose last part stands nowhere outside the glossary."""
    sources = [
        project.text(path)
        for path in project.files()
        if path.suffix in SUFFIXES and "glossary" not in path.parts and path.parts[0] != "tests"
    ]
    everything = "\n".join(sources)
    ids = (name for name in glossary.terms() if not name.endswith(".mend"))
    return sorted(name for name in ids if name.split(".")[-1] not in everything)


if __name__ == "__main__":
    sys.stdout.write("\n".join(unused()) + "\n")
