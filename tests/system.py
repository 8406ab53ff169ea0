"""The programs that the tests drive: Chromium, LibreOffice and a font that writes Chinese.

``python -m tests.system`` says what is missing and exits 1; ``--packages`` prints the Debian
packages that bring it. Uses the standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OFFICE_NAMES = ("soffice", "libreoffice")
OFFICE_PARTS = {"libreoffice-calc": "libsclo.so", "libreoffice-writer": "libswlo.so"}


def chromium() -> Path | None:
    """The browser: JUNHENG_CHROMIUM, or the first of the usual names on the path."""
    return _found("JUNHENG_CHROMIUM", CHROMIUM_NAMES)


def soffice() -> Path | None:
    """LibreOffice: JUNHENG_SOFFICE, or the first of the usual names on the path."""
    return _found("JUNHENG_SOFFICE", OFFICE_NAMES)


def writes_chinese() -> bool:
    """Whether a font with Chinese glyphs is installed."""
    lister = shutil.which("fc-list")
    if lister is None:
        return False
    answer = subprocess.run([lister, ":lang=zh-cn"], capture_output=True, text=True, check=False)
    return bool(answer.stdout.strip())


def drives_browser() -> bool:
    """Whether the library is here that Playwright's driver needs to start on Linux."""
    if sys.platform != "linux":
        return True
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return True


def missing() -> dict[str, str]:
    """What is missing, by the Debian package that brings it."""
    gaps = {}
    if chromium() is None:
        gaps["chromium"] = "Chromium (or set JUNHENG_CHROMIUM to its path)"
    for package, library in OFFICE_PARTS.items():
        if not _has_part(library):
            gaps[package] = f"{package} (or set JUNHENG_SOFFICE to soffice's path)"
    if not drives_browser():
        gaps["libatomic1"] = "libatomic, which Playwright's driver loads"
    if not writes_chinese():
        gaps["fontconfig"] = "fc-list, which lists fonts"
        gaps["fonts-noto-cjk"] = "a font that writes Chinese"
    return gaps


def _found(variable: str, names: tuple[str, ...]) -> Path | None:
    chosen = os.environ.get(variable)
    if chosen is not None:
        return Path(chosen) if os.access(chosen, os.X_OK) else None
    paths = (shutil.which(name) for name in names)
    return next((Path(path) for path in paths if path), None)


def _has_part(library: str) -> bool:
    program = soffice()
    if program is None:
        return False
    folder = program.resolve().parent
    # Builds not by Debian may link every part into one library.
    return (folder / library).exists() or (folder / "libmergedlo.so").exists()


def main(arguments: list[str]) -> int:
    gaps = missing()
    if "--packages" in arguments:
        print(" ".join(gaps))
        return 0
    for package, what in gaps.items():
        print(f"The tests need {what}: install {package}.", file=sys.stderr)
    return 1 if gaps else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
