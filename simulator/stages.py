"""The stages of compulsory education and which of them each type of school has."""

from __future__ import annotations

from typing import Final

STAGES: Final = ("primary", "junior", "special")
STAGES_OF_TYPE: Final[dict[str, tuple[str, ...]]] = {
    "primary": ("primary",),
    "teaching_point": ("primary",),
    "junior": ("junior",),
    "nine_year": ("primary", "junior"),
    "complete_secondary": ("junior",),
    "twelve_year": ("primary", "junior"),
    "special": ("special",),
}
