"""Results in a terminal: tables, the tree behind a figure, and the progress of long work."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from simulator import glossary
from simulator.escaping import written
from simulator.glossary import Language
from simulator.present.sentences.causes import cause_lines
from simulator.present.sentences.explained import Line, lines_of, value_text
from simulator.present.table import Table

if TYPE_CHECKING:
    from simulator.machine.trace import Trace
    from simulator.results.result import Result

#: Tables that answer the question at a glance.
SHOWN = ("verdict", "money", "rules")
#: Width of what goes to a file or to another program.
UNSEEN_WIDTH = 240

Step = Callable[..., None]


def console(stderr: bool = False) -> Any:
    """The terminal; as wide as it needs to be where nobody watches."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    asked = os.environ.get("COLUMNS", "")
    width = int(asked) if asked.isdigit() else None if stream.isatty() else UNSEEN_WIDTH
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False)


def show(tables: Sequence[Table], result: Result, language: Language) -> None:
    """Print tables under a line that says of what district, scenario and year they are."""
    district, scenario = result.binding.district, result.binding.scenario
    parts = {"district": district.name, "scenario": scenario.title(language)}
    line = glossary.text("cli.head", language, **parts, year=result.index.base_year)
    console().print(_text(line), f"[{result.identity[:12]}]", style="bold")
    for table in tables:
        show_table(table)


def show_table(table: Table) -> None:
    """Print one table; one too wide for the screen is turned, so that no figure is cut."""
    screen = console()
    widths = _widths(table, screen.width)
    screen.print(_turned(table) if widths is None else _drawn(table, widths))


#: Columns that a border and its spaces take beside each column of a table.
BORDER: Final = 3
#: Least columns of a column of words: longer words go on in the next line.
WORDS: Final = 10


#: What may not go on in the next line: anything with a digit in it.
FIGURE: Final = re.compile(r"\S*\d\S*")


def _widths(table: Table, width: int) -> list[int] | None:
    """How wide each column is drawn in lines of this width; None where figures would be cut."""
    from rich.cells import cell_len

    least, wanted = [], []
    for place, column in enumerate(table.columns):
        cells = [row[place] for row in table.texts()]
        head = cell_len(table.heading(column))
        most = max(map(cell_len, cells), default=0)
        figures = (cell_len(each) for cell in cells for each in FIGURE.findall(cell))
        held = most if column.numeric else max([min(most, WORDS), *figures])
        least.append(max(held, min(head, WORDS)))
        wanted.append(max(most, head))
    room = width - 1 - BORDER * len(least) - sum(least)
    if room < 0:
        return None
    for place, more in enumerate(want - has for want, has in zip(wanted, least, strict=True)):
        given = min(more, room)
        least[place] += given
        room -= given
    return least


def _empty(table: Table) -> Any:
    from rich.table import Table as Drawn

    note = _text(table.note) if table.note else None
    return Drawn(title=_text(table.title), caption=note, show_lines=False)


def _drawn(table: Table, widths: Sequence[int]) -> Any:
    """A table as it is; words may go on in the next line, figures do not."""
    drawn = _empty(table)
    for column, width in zip(table.columns, widths, strict=True):
        justify: Any = "right" if column.numeric else "left"
        heading = _text(table.heading(column))
        drawn.add_column(heading, justify=justify, width=width, overflow="fold")
    for row in table.texts():
        drawn.add_row(*(_text(cell) for cell in row))
    return drawn


def _turned(table: Table) -> Any:
    """A table line by line: each row as a list of headings and what stands under them."""
    drawn = _empty(table)
    drawn.show_header = False
    drawn.add_column(overflow="fold", ratio=2)
    drawn.add_column(overflow="fold", ratio=3)
    for row in table.texts():
        for column, cell in zip(table.columns, row, strict=True):
            if cell:
                drawn.add_row(_text(table.heading(column)), _text(cell))
        drawn.add_section()
    return drawn


def _text(words: str) -> Any:
    """Words in which a terminal finds no order."""
    from rich.text import Text

    return Text(written(words, "terminal"))


def show_line(line: str) -> None:
    """Print one sentence."""
    console().print(_text(line))


def show_trace(trace: Trace, language: Language, depth: int) -> None:
    """Print why one figure is not known, then the tree behind it; what stands twice opens once."""
    from rich.tree import Tree

    for cause in cause_lines(trace, language):
        show_line(cause)
    branches: list[Any] = []
    for line in lines_of(trace, language, depth):
        words = _text(_line_text(line, language))
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
