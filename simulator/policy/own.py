"""A district's own packs, read from a file, a folder or an upload: held as text, bounded in size.

An own pack is checked as strictly as those that come with the product, and stricter in one
thing: a parameter that no formula knows is refused, for it would count for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from simulator.errors import JunhengError
from simulator.strict_yaml import LARGEST_FILE, decoded, read_text

ENDINGS = (".yaml", ".yml")
#: An own pack is called as its file: letters of any script, digits, space, hyphen, underscore.
OWN_NAME = re.compile(r"\w[\w\- ]{0,63}")
MOST_FILES = 30
MOST_OWN = 10
#: Targets of the district's own indicators may have any name behind this.
TARGET = "target_"


@dataclass(frozen=True, slots=True)
class OwnPack:
    """A pack of the district's own: its name and the text of each of its files, by name."""

    name: str
    files: tuple[tuple[str, str], ...]


def load_pack(path: Path | str) -> OwnPack:
    """An own pack from one YAML file, called as the file, or from a folder of them.

    Raises JunhengError where there is none, where a file is too large or not UTF-8, or where
    a folder has no or too many files.
    """
    place = Path(path)
    if not place.is_dir():
        return own_pack(place.stem, {place.name: read_text(place)})
    found = sorted(each for each in place.iterdir() if each.suffix.lower() in ENDINGS)
    if len(found) > MOST_FILES:
        raise JunhengError("pack_files", path=place.name, most=MOST_FILES)
    return own_pack(place.resolve().name, {each.name: read_text(each) for each in found})


def own_pack(name: str, files: Mapping[str, str]) -> OwnPack:
    """An own pack of texts that are read already."""
    if not files:
        raise JunhengError("pack_no_files", path=name[:80])
    if any(Path(each).suffix.lower() not in ENDINGS for each in files):
        raise JunhengError("pack_ending", path=", ".join(files)[:80])
    size = sum(len(text.encode("utf-8")) for text in files.values())
    if size > LARGEST_FILE:
        raise JunhengError("yaml_large", path=name[:80], limit=LARGEST_FILE // 1_000_000)
    return OwnPack(name, tuple(sorted(files.items())))


def uploaded_pack(name: str, content: bytes) -> OwnPack:
    """An own pack from one uploaded file, called as the file."""
    text = decoded(content, name)
    return own_pack(Path(name).stem, {Path(name).name: text})
