"""Texts from outside: what no text may hold, and one form of writing for comparing."""

from __future__ import annotations

import functools
import unicodedata
from typing import Final, Literal

#: Marks that turn the direction of what stands around them, so that it reads as something else.
TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: No word, name or figure that is looked up is longer.
LONGEST_COMPARED: Final = 300
#: Marks heaped on one letter; no script has as many.
MOST_MARKS: Final = 30


def stray_sign(text: str, allowed: str = "") -> str | None:
    """The first sign that no text holds: a control, half a character, a turned direction."""
    for sign in dict.fromkeys(text):
        bad = sign in TURNING or unicodedata.category(sign) in ("Cc", "Cs")
        if bad and sign not in allowed:
            return sign
    return None


def one_form(text: str, form: Literal["NFKC", "NFC"] = "NFKC") -> str:
    """A text in one form of writing, with half-width letters and digits where it is NFKC.

    A text with marks heaped on a letter stays as it is: to put them in order takes a time that
    grows with the square of their number.
    """
    heaped = len(text) > LONGEST_COMPARED and _is_heaped(text)
    return text if heaped else unicodedata.normalize(form, text)


def _is_heaped(text: str) -> bool:
    run = 0
    for sign in text:
        run = run + 1 if _is_mark(sign) else 0
        if run > MOST_MARKS:
            return True
    return False


@functools.lru_cache(maxsize=4096)
def _is_mark(sign: str) -> bool:
    """Whether a sign is, or begins with, a mark on the letter before it."""
    return unicodedata.combining(unicodedata.normalize("NFKD", sign)[0]) > 0
