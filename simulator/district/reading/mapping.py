"""Confirmed meanings of headings: checked, kept in a file, remembered for files of one shape."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from simulator.district.columns import TABLES, columns
from simulator.district.reading.recognise import Mapped, Recognised
from simulator.errors import JunhengError
from simulator.strict_yaml import read_yaml, write_yaml
from simulator.whole_files import write_text


def checked(mapped: Mapped, source: str) -> Mapped:
    """A mapping whose every field exists. Raises JunhengError naming what does not."""
    known = {field for table in TABLES for field in columns(table)}
    if not isinstance(mapped, Mapping):
        raise JunhengError("map_shape", file=source)
    for sheet, headings in mapped.items():
        if not isinstance(headings, Mapping):
            raise JunhengError("map_shape", file=source)
        for heading, field in headings.items():
            if field is not None and field not in known:
                shown = {"sheet": sheet, "heading": heading, "field": field}
                raise JunhengError(
                    "map_field", file=source, **{key: _short(each) for key, each in shown.items()}
                )
    return mapped


def load_map(path: str | Path) -> Mapped:
    """A mapping file (YAML or JSON): sheet → heading → field, or nothing to ignore a column.

    Raises JunhengError where it is missing, cannot be read (as every YAML of the product is
    read: no aliases, no kinds of values), is no mapping, or names a field that does not exist.
    """
    place = Path(path)
    return checked(_as_texts(read_yaml(place).data, place.name), place.name)


def _short(text: object) -> str:
    return f"{text}"[:80]


def _as_texts(content: Any, source: str) -> Mapped:
    if not isinstance(content, dict) or not all(
        isinstance(each, dict) for each in content.values()
    ):
        raise JunhengError("map_shape", file=source)
    return {
        str(sheet): {
            str(heading): None if field is None else str(field)
            for heading, field in headings.items()
        }
        for sheet, headings in content.items()
    }


def save_map(path: str | Path, mapped: Mapped) -> None:
    """Writes a mapping file that ``load_map`` reads."""
    plain = {sheet: dict(headings) for sheet, headings in mapped.items()}
    write_text(Path(path), write_yaml(plain))


def shape_of(recognised: Sequence[Recognised]) -> str:
    """The SHA-256 of a file's sheets and headings: equal for files of the same shape."""
    content = sorted(
        (each.sheet.name, each.table, [heading.text for heading in each.layout.headings])
        for each in recognised
    )
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def remember(folder: Path, shape: str, mapped: Mapped) -> None:
    """Keeps a confirmed mapping for files of this shape."""
    folder.mkdir(parents=True, exist_ok=True)
    save_map(folder / f"{shape}.yaml", mapped)


def recall(folder: Path, shape: str) -> Mapped | None:
    """The mapping confirmed for files of this shape; None where there is none that fits."""
    kept = folder / f"{shape}.yaml"
    return load_map(kept) if kept.is_file() else None
