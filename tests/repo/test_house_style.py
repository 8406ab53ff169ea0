"""The house style: short functions, short modules, no number of the law inside a formula."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repo import project

LONGEST_FUNCTION = 50
MEDIAN_FUNCTION = 10
LONGEST_MODULE = 300
LONGEST_APP = 60

# Nothing and one; a mean of two and a square; "per 100 pupils". A number that picks a place of a
# list is no figure, nor is one so small that it only guards against rounding.
PLAIN_NUMBERS = {0, 1, 2, 100}
ROUNDING = 1e-6
# The list of the data's columns counts grades and size bands in their names; printing orders
# brackets and writes an article's number in words.
COUNTING = {"inputs.py", "printing.py"}
FORMULA_FILES = [
    path for path in project.python_files("simulator/formulas") if path.name not in COUNTING
]


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{path}:{function.name}": project.lines_of(function)
        for path in project.python_files("simulator")
        for function in project.functions(project.text(path))
        if project.lines_of(function) > LONGEST_FUNCTION
    }
    assert long == {}


def test_half_of_the_functions_fit_into_ten_lines() -> None:
    sizes = [
        project.lines_of(function)
        for path in project.python_files("simulator")
        for function in project.functions(project.text(path))
    ]
    assert statistics.median(sizes) <= MEDIAN_FUNCTION


def test_no_module_is_longer_than_300_lines() -> None:
    sizes = {str(path): _lines(path) for path in project.python_files("simulator")}
    assert {name: size for name, size in sizes.items() if size > LONGEST_MODULE} == {}


def _lines(path: Path) -> int:
    return len(project.text(path).splitlines())


def test_the_app_only_sets_up_the_page() -> None:
    assert _lines(Path("app.py")) < LONGEST_APP
    imported = _imported(project.text("app.py"))
    assert imported <= {"__future__", "streamlit", "simulator.ui"}


def _imported(source: str) -> set[str]:
    """What a source imports, cut to the room (``simulator.ui.views`` is ``simulator.ui``)."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "simulator":
            names |= {f"simulator.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return {".".join(name.split(".")[:2]) for name in names}


@pytest.mark.parametrize("path", FORMULA_FILES, ids=lambda path: path.stem)
def test_no_number_of_the_law_stands_in_a_formula(path: Path) -> None:
    assert law_numbers(project.text(path)) == []


def law_numbers(source: str) -> list[str]:
    """Each number in a source that is no plain one, with its line."""
    tree = ast.parse(source)
    places = {id(part) for node in ast.walk(tree) for part in _place(node)}
    return [
        f"line {node.lineno}: {node.value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and id(node) not in places and _is_figure(node.value)
    ]


def _place(node: ast.AST) -> Iterator[ast.AST]:
    return ast.walk(node.slice) if isinstance(node, ast.Subscript) else iter(())


def _is_figure(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return value not in PLAIN_NUMBERS and abs(value) >= ROUNDING


def test_a_number_of_the_law_would_be_found() -> None:
    assert law_numbers("def floor(pay):\n    return 0.05 * pay + 1") == ["line 2: 0.05"]
    assert law_numbers("share = wide[3] + 1e-9") == []


def test_the_other_measures_would_find_a_breach_too() -> None:
    source = "def long():\n" + "    pass\n" * LONGEST_FUNCTION
    assert project.lines_of(project.functions(source)[0]) == LONGEST_FUNCTION + 1
    source = "import simulator.machine.run\nfrom simulator import compare, ui"
    assert _imported(source) == {"simulator.results", "simulator.compare", "simulator.ui"}
