"""Run every benchmark, print the table, and renew it in both READMEs.

``python -m tests.benchmarks [name …]`` runs those only and leaves the READMEs alone.
"""

from __future__ import annotations

import datetime
import importlib
import os
import pkgutil
import platform
import sys
from collections.abc import Sequence

from tests import benchmarks, readmes
from tests.benchmarks import Row

START, END = "<!-- bench:start -->", "<!-- bench:end -->"
HEADINGS = {
    "en": ("What", "Junheng", "Held against", "Ratio", "Goal", "Met"),
    "zh": ("项目", "均衡", "对照", "比值", "目标", "达标"),
}
MET = {"en": ("yes", "no"), "zh": ("是", "否")}
WHERE = {
    "en": "Measured on {day} with Python {python} on {cores} cores; medians, both sides in turn.",
    "zh": "测于 {day}，Python {python}，{cores} 核；两边交替运行，取中位数。",
}


def names() -> list[str]:
    """The benchmarks there are, without their ``bench_``."""
    modules = (module.name for module in pkgutil.iter_modules(benchmarks.__path__))
    return sorted(name.removeprefix("bench_") for name in modules if name.startswith("bench_"))


def measure(chosen: Sequence[str]) -> list[Row]:
    rows: list[Row] = []
    for name in chosen:
        print(f"… {name}", file=sys.stderr, flush=True)
        module = importlib.import_module(f"tests.benchmarks.bench_{name}")
        rows.extend(module.run())
    return rows


def table(rows: Sequence[Row], language: str) -> str:
    """The rows as a Markdown table."""
    heads = HEADINGS[language]
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    return "\n".join([*lines, *(_line(row, language) for row in rows)])


def _line(row: Row, language: str) -> str:
    name = row.name if language == "en" else row.name_zh
    ratio = "–" if row.ratio is None else f"{row.ratio:.3g}"
    met = MET[language][0 if row.met else 1]
    return f"| {name} | {row.ours} | {row.theirs} | {ratio} | {row.goal} | {met} |"


def section(rows: Sequence[Row], language: str) -> str:
    """The table and, under it, where and when it was measured."""
    where = WHERE[language].format(
        day=datetime.datetime.now(datetime.UTC).date().isoformat(),
        python=platform.python_version(),
        cores=os.cpu_count(),
    )
    return f"{table(rows, language)}\n\n{where}"


def renewed(text: str, content: str) -> str:
    """A README with what stands between the markers replaced; ValueError without markers."""
    return readmes.renewed(text, content, (START, END))


def write(rows: Sequence[Row]) -> None:
    readmes.renew((START, END), lambda language: section(rows, language))


def main(arguments: Sequence[str]) -> int:
    unknown = sorted(set(arguments) - set(names()))
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(names())}", file=sys.stderr)
        return 2
    rows = measure(arguments or names())
    print(table(rows, "en"))
    if not arguments:
        write(rows)
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
