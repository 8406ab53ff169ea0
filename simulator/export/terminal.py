"""Results in a terminal: tables, the tree behind a figure, and the progress of long work."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from simulator import glossary
from simulator.export.causes import cause_lines
from simulator.export.explained import Line, lines_of, value_text
from simulator.export.table import Table
from simulator.glossary import Language

if TYPE_CHECKING:
    from simulator.engine.result import Result
    from simulator.engine.trace import Trace

#: Tables that answer the question at a glance.
SHOWN = ("verdict", "money", "rules")
#: Width of what goes to a file or to another program.
UNSEEN_WIDTH = 240

Step = Callable[..., None]


def console(stderr: bool = False) -> Any:
    """The terminal; as wide as it needs to be where nobody watches."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else UNSEEN_WIDTH
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False)


def show(tables: Sequence[Table], result: Result, language: Language) -> None:
    """Print tables under a line that says of what district, scenario and year they are."""
    district, scenario = result.binding.district, result.binding.scenario
    parts = {"district": district.name, "scenario": scenario.title(language)}
    line = glossary.text("cli.head", language, **parts, year=result.index.base_year)
    console().print(line, f"[{result.identity[:12]}]", style="bold")
    for table in tables:
        show_table(table)


def show_table(table: Table) -> None:
    """Print one table."""
    from rich.table import Table as Drawn
    from rich.text import Text

    drawn = Drawn(title=Text(table.title), caption=Text(table.note) if table.note else None)
    for column in table.columns:
        justify: Any = "right" if column.numeric else "left"
        drawn.add_column(Text(table.heading(column)), justify=justify)
    for row in table.texts():
        drawn.add_row(*(Text(cell) for cell in row))
    console().print(drawn)


def show_trace(trace: Trace, language: Language, depth: int) -> None:
    """Print why one figure is not known, then the tree behind it; what stands twice opens once."""
    from rich.text import Text
    from rich.tree import Tree

    for cause in cause_lines(trace, language):
        console().print(Text(cause))
    branches: list[Any] = []
    for line in lines_of(trace, language, depth):
        words = Text(_line_text(line, language))
        if not branches:
            branches = [Tree(words)]
            continue
        del branches[line.depth :]
        branches.append(branches[-1].add(words))
    console().print(branches[0])


def _line_text(line: Line, language: Language) -> str:
    value = value_text(line, language)
    where = " · ".join(part for part in (line.place, line.when) if part)
    about = f"{line.label} [{where}] = {value}" if where else f"{line.label} = {value}"
    return "  ".join(part for part in (about, line.formula, line.source) if part)


@contextmanager
def working(language: Language) -> Iterator[Step]:
    """Says on the error stream what is being done, while somebody watches."""
    screen = console(stderr=True)
    if not screen.is_terminal:
        yield lambda *_: None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True) as progress:
        task = progress.add_task("", total=None)

        def step(name: str, share: float | None = None) -> None:
            words = glossary.label(name if "." in name else f"cli.step.{name}", language)
            total = None if share is None else 1.0
            progress.update(task, description=words, total=total, completed=share or 0.0)

        yield step
