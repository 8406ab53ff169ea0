"""Confirmed meanings of headings: checked, kept in a file, remembered for files of one shape."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from simulator.district.columns import TABLES, columns
from simulator.district.recognise import Mapped, Recognised
from simulator.district.write import write_text
from simulator.errors import JunhengError

#: A mapping is a page of text at most.
LARGEST = 1_000_000


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
                raise JunhengError(
                    "map_field", file=source, sheet=sheet, heading=heading, field=field
                )
    return mapped


def load_map(path: str | Path) -> Mapped:
    """A mapping file (YAML or JSON): sheet → heading → field, or nothing to ignore a column.

    Raises JunhengError where it is missing, no mapping, or names a field that does not exist.
    """
    place = Path(path)
    try:
        if place.stat().st_size > LARGEST:
            raise JunhengError("map_shape", file=place.name)
        content = yaml.safe_load(place.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise JunhengError("data_file_missing", file=str(place)) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise JunhengError("map_shape", file=place.name) from error
    return checked(_as_texts(content, place.name), place.name)


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
    write_text(Path(path), yaml.safe_dump(plain, allow_unicode=True, sort_keys=False))


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
