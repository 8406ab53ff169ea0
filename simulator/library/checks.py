"""Checks what people write into the library: names, notes, tags, searches, drafts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from simulator.errors import JunhengError
from simulator.library.store import Work
from simulator.outside_text import one_form, stray_sign
from simulator.strict_yaml import LARGEST_FILE

#: The most characters of each kind of text.
LONGEST: Mapping[str, int] = {
    "name": 120, "author": 60, "district_name": 120, "note": 10_000, "tag": 40, "owner": 200,
}  # fmt: skip
MOST_TAGS = 20
#: Words of one search.
MOST_WORDS = 50
LARGEST_DRAFT = 4_000_000
FINGERPRINT = re.compile(r"[0-9a-f]{64}")
SHOWN = 30
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]{1,6})?[+-][0-9]{2}:[0-9]{2}")
#: Nothing is saved before or after; beyond them lie times that some zones cannot show.
YEARS = range(1970, 2200)


def checked_work(work: Work) -> Work:
    """A work as it is kept: texts in one form, every part allowed; JunhengError else."""
    if any(not isinstance(getattr(work, each.name), str) for each in fields(work)[:-1]):
        raise JunhengError("store_kind")
    for each in (work.scenario, work.district, work.policy):
        if not FINGERPRINT.fullmatch(each):
            raise JunhengError("store_fingerprint", value=start(each))
    for each in (work.text, work.whole, work.base):
        if len(each) > LARGEST_FILE:
            raise JunhengError("store_long", start=start(each), count=len(each), most=LARGEST_FILE)
        _refuse_signs(each, lines=True)
    return replace(
        work,
        name=checked_name(work.name),
        author=checked("author", work.author),
        district_name=checked("district_name", work.district_name),
        note=checked("note", work.note),
        tags=checked_tags(work.tags),
    )


def checked_name(text: str) -> str:
    """A name as it is kept; it may hold any sign of any script, but must not be empty."""
    name = checked("name", text)
    if not name:
        raise JunhengError("store_unnamed")
    return name


def checked_tags(tags: Sequence[str]) -> tuple[str, ...]:
    """Tags as they are kept: each once, in the order given, none empty."""
    kept = dict.fromkeys(tag for tag in (checked("tag", each) for each in tags) if tag)
    if len(kept) > MOST_TAGS:
        raise JunhengError("store_tags", count=len(kept), most=MOST_TAGS)
    return tuple(kept)


def checked(kind: str, text: str) -> str:
    """A text in one form of writing, without space around it; JunhengError where not allowed."""
    if not isinstance(text, str):
        raise JunhengError("store_kind")
    if len(text) > LONGEST[kind]:
        raise JunhengError("store_long", start=start(text), count=len(text), most=LONGEST[kind])
    _refuse_signs(text, lines=kind == "note")
    return one_form(text, "NFC").strip()


def _refuse_signs(text: str, *, lines: bool) -> None:
    """Refuse signs that no text holds: controls, halves of characters, turned directions."""
    sign = stray_sign(text, "\n\r\t" if lines else "")
    if sign is not None:
        raise JunhengError("store_sign", start=start(text), sign=f"U+{ord(sign):04X}")


def start(text: str) -> str:
    """The beginning of a text, fit to be shown."""
    shown = "".join(sign if sign.isprintable() else "·" for sign in text[:SHOWN])
    return shown + "…" * (len(text) > SHOWN)


def checked_time(time: datetime) -> datetime:
    """A time that every place on earth can show: with its zone, in an office's years."""
    if time.tzinfo is None or not YEARS.start <= time.year < YEARS.stop:
        raise JunhengError("store_time", value=f"{time}"[:40])
    return time


def read_time(text: object) -> datetime:
    """A time as it is kept; JunhengError where it is none that can be shown."""
    if not isinstance(text, str) or not TIME.fullmatch(text):
        raise JunhengError("store_time", value=start(f"{text}"))
    try:
        return checked_time(datetime.fromisoformat(text))
    except ValueError as error:
        raise JunhengError("store_time", value=text) from error


def folded(text: str) -> str:
    """A text as it is searched for: one form, no difference between large and small letters."""
    return one_form(text).casefold()


def search_words(text: str) -> tuple[str, ...] | None:
    """The words of a search, each once; None where it holds a sign that no saved text holds."""
    if stray_sign(text, "\n\r\t") is not None:
        return None
    found = tuple(dict.fromkeys(folded(text).split()))
    if len(found) > MOST_WORDS:
        raise JunhengError("store_search", count=len(found), most=MOST_WORDS)
    return found


def searched(work: Work) -> str:
    """Everything of a work that a search looks at."""
    return folded("\n".join((work.name, work.author, work.note, *work.tags)))


def draft_text(state: Mapping[str, Any]) -> str:
    """A draft as JSON; JunhengError where it is none or too large."""
    try:
        text = json.dumps(dict(state), ensure_ascii=True, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise JunhengError("store_draft") from error
    if len(text) > LARGEST_DRAFT:
        raise JunhengError("store_draft_large", count=len(text), most=LARGEST_DRAFT)
    return text
