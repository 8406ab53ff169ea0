"""What came of a run: the score by room, the survivors with their places, the READMEs' table."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests import readmes
from tests.mutants.making import Mutant

REPORT = Path(__file__).resolve().parent / "report.md"
START, END = "<!-- mutants:start -->", "<!-- mutants:end -->"
#: The rooms of the sample in the words of the READMEs; those the goal is for come first.
ROOMS = {
    "law": ("Law: `simulator/law`", "法规公式：`simulator/law`"),
    "results": (
        "Results: `simulator/results`, `simulator/machine`",
        "测算结果：`simulator/results`、`simulator/machine`",
    ),
    "plan": ("Plan: `simulator/plan`", "方案：`simulator/plan`"),
    "present": ("Tables and sentences: `simulator/present`", "表格与文字：`simulator/present`"),
}
SCORED = ("law", "results", "plan")
GOAL = 0.9
HEADINGS = {
    "en": ("Where", "Changes tried", "Noticed", "Share"),
    "zh": ("范围", "试改处数", "被测试发现", "比例"),
}
ALL = {"en": "Law, results and plan (goal: ≥ 90%)", "zh": "公式、结果与方案合计（目标：不低于90%）"}
WHERE = {
    "en": "{ran} of {drawn} changes drawn with seed {seed} were tried on {day}; {still} with which "
    "the program cannot be loaded, {same} that change nothing and {late} that a busy machine cut "
    "short are not counted.",
    "zh": "以种子 {seed} 抽取 {drawn} 处改动，于 {day} 试了 {ran} 处；其中 {still} 处"
    "改后程序无法载入、{same} 处改了等于没改、{late} 处因机器繁忙未试完，均不计入。",
}


@dataclass(frozen=True, slots=True)
class Tried:
    """One mutant of a room and what came of it: killed, hung or survived.

    Not counted are stillborn, late (ended by the clock alone) and equivalent ones.
    """

    mutant: Mutant
    room: str
    outcome: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A sample: its seed, how many were drawn, and what came of those that were tried."""

    seed: int
    drawn: int
    tried: tuple[Tried, ...]


def score(tried: Sequence[Tried], rooms: Sequence[str]) -> tuple[int, int]:
    """How many were noticed, of how many that count, in these rooms."""
    here = [each for each in tried if each.room in rooms]
    noticed = sum(each.outcome in {"killed", "hung"} for each in here)
    return noticed, noticed + sum(each.outcome == "survived" for each in here)


def _row(name: str, noticed: int, counted: int) -> str:
    share = f"{noticed / counted:.1%}" if counted else "–"
    return f"| {name} | {counted} | {noticed} | {share} |"


def table(run: Run, language: str) -> str:
    """The score of each room, and of those the goal is for, as a Markdown table."""
    heads = HEADINGS[language]
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    for room, words in ROOMS.items():
        lines.append(_row(words[0 if language == "en" else 1], *score(run.tried, [room])))
    lines.append(_row(ALL[language], *score(run.tried, SCORED)))
    return "\n".join(lines)


def section(run: Run, language: str) -> str:
    """The table and, under it, what was drawn and when."""
    said = WHERE[language].format(
        ran=len(run.tried),
        drawn=run.drawn,
        seed=run.seed,
        day=datetime.datetime.now(datetime.UTC).date().isoformat(),
        still=sum(each.outcome == "stillborn" for each in run.tried),
        same=sum(each.outcome == "equivalent" for each in run.tried),
        late=sum(each.outcome == "late" for each in run.tried),
    )
    return f"{table(run, language)}\n\n{said}"


def report(run: Run) -> str:
    """The page: the table, each survivor with its place and change, and what hung."""
    parts = ["# Changes that the tests must notice", section(run, "en")]
    parts.append("## Not noticed")
    parts += [_listed(run, room, "survived") for room in ROOMS]
    parts.append("## Noticed because a test no longer ended")
    parts += [_listed(run, room, "hung") for room in ROOMS]
    return "\n\n".join(part for part in parts if part) + "\n"


def _listed(run: Run, room: str, outcome: str) -> str:
    found = [each.mutant for each in run.tried if (each.room, each.outcome) == (room, outcome)]
    ordered = sorted(found, key=lambda mutant: (mutant.file, mutant.line, mutant.after))
    return "\n".join(f"- {said(mutant)}" for mutant in ordered)


def said(mutant: Mutant) -> str:
    """A change in words: place, what stood there, what stands there."""
    before, after = (" ".join(each.split()) for each in (mutant.before, mutant.after))
    return f"{mutant.file}:{mutant.line}: `{before}` → `{after}` in `{mutant.text}`"


def renewed(text: str, content: str) -> str:
    """A README with what stands between the markers replaced; ValueError without markers."""
    return readmes.renewed(text, content, (START, END))


def write(run: Run) -> None:
    """Renew the report and both READMEs."""
    REPORT.write_text(report(run), encoding="utf-8")
    readmes.renew((START, END), lambda language: section(run, language))
