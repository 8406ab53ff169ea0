"""Saved scenarios as one file that another installation opens; everything in it is checked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from simulator.errors import JunhengError
from simulator.library.checks import checked_work, read_time
from simulator.library.store import Entry, Work, now

FORMAT = "junheng.scenarios"
SCHEMA = 1
LARGEST = 20_000_000
MOST = 1_000
KEYS = frozenset({"format", "schema", "exported", "scenarios", "sha256"})
FIELDS = tuple(each.name for each in fields(Work))


def export_entries(entries: Sequence[Entry], time: datetime | None = None) -> bytes:
    """Entries as one file: texts, fingerprints, times, and a checksum over all of it.

    Links stay with this installation.
    """
    content = {
        "format": FORMAT,
        "schema": SCHEMA,
        "exported": (time or now()).isoformat(),
        "scenarios": [_record(entry) for entry in entries],
    }
    whole = {**content, "sha256": _checksum(content)}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode("utf-8")


def _record(entry: Entry) -> dict[str, Any]:
    work = {name: getattr(entry.work, name) for name in FIELDS}
    return {**work, "tags": list(entry.work.tags), "saved": entry.saved.isoformat()}


def _checksum(content: Mapping[str, Any]) -> str:
    plain = {key: value for key, value in content.items() if key != "sha256"}
    text = json.dumps(plain, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def read_file(content: bytes) -> tuple[tuple[Work, datetime], ...]:
    """What a file holds: each work with the time it was saved.

    JunhengError where the file is not one of ours, was changed, or holds a scenario that is
    not what its fingerprint says.
    """
    data = _parsed(content)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise JunhengError("store_file_kind")
    if data.get("schema") != SCHEMA or type(data["schema"]) is not int:
        found = str(data.get("schema"))[:20]
        raise JunhengError("store_file_schema", found=found, known=SCHEMA)
    records = data.get("scenarios")
    if set(data) != KEYS or not isinstance(records, list) or not 0 < len(records) <= MOST:
        raise JunhengError("store_file_content")
    if data["sha256"] != _checksum(data):  # read at this depth, so it can be written at it
        raise JunhengError("store_file_changed")
    return tuple(_work(number, record) for number, record in enumerate(records, start=1))


def _parsed(content: bytes) -> Any:
    """The JSON of a file; every key once, no infinite numbers, no depth without end."""
    if len(content) > LARGEST:
        raise JunhengError("store_file_large", size=len(content), most=LARGEST)
    try:
        return json.loads(
            content.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant
        )
    except (ValueError, RecursionError) as error:
        raise JunhengError("store_file_kind") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _work(number: int, record: Any) -> tuple[Work, datetime]:
    """One scenario of a file, read whole to see that it is what its fingerprint says."""
    if not isinstance(record, dict) or set(record) != {*FIELDS, "saved"}:
        raise JunhengError("store_file_record", number=number)
    tags = record["tags"]
    if not isinstance(tags, list):
        raise JunhengError("store_file_record", number=number)
    try:
        time = read_time(record["saved"])
    except JunhengError as error:
        raise JunhengError("store_file_record", number=number) from error
    work = checked_work(Work(**{**{name: record[name] for name in FIELDS}, "tags": tuple(tags)}))
    Entry("", 0, time, work).scenario()
    return work, time
