"""Renews what stands between two markers in both READMEs; the rest of them stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = {"en": "README.md", "zh": "README.zh-CN.md"}
#: A first marker and a last one.
Marks = tuple[str, str]


def renewed(text: str, content: str, marks: Marks) -> str:
    """A README with what stands between the markers replaced; ValueError without markers."""
    start, end = marks
    before, _, rest = text.partition(start)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"no {start} … {end} to write between")
    return f"{before}{start}\n{content}\n{end}{after}"


def renew(marks: Marks, section: Callable[[str], str]) -> None:
    """Renew both READMEs, each by the section in its language; each at once or not at all."""
    for language, name in README.items():
        path = ROOT / name
        text = renewed(path.read_text(encoding="utf-8"), section(language), marks)
        draft = path.with_suffix(".tmp")
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
