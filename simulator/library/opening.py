"""Where the library lies, and how it is opened."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from simulator.library.store import Library

#: The folder of the library may be named here; else it lies in the user's home.
HOME = "JUNHENG_HOME"
FILE = "library.db"


def library_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the library lies: in the folder ``JUNHENG_HOME``, else in the user's home."""
    named = environment.get(HOME, "").strip()
    return (Path(named) if named else Path.home() / ".junheng") / FILE


def open_library(path: str | os.PathLike[str]) -> Library:
    """The library in one file, made where there is none; JunhengError where it cannot be."""
    from simulator.library.database import SqlLibrary  # when a library is opened: slow to load

    return SqlLibrary.at(Path(path))
