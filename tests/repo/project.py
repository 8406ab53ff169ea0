"""The project's own files as the tests of its habits see them."""

from __future__ import annotations

import ast
import fnmatch
import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
Function = ast.FunctionDef | ast.AsyncFunctionDef


def ignored() -> tuple[str, ...]:
    """The names that .gitignore keeps out, and git's own folder."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    return (".git", *(line.strip("/") for line in lines if not line.startswith("#")))


def files() -> list[Path]:
    """Every file of the project, as a path from its top; works without git."""
    return sorted(path.relative_to(ROOT) for path in _walk(ROOT, ignored()))


def _walk(folder: Path, out: tuple[str, ...]) -> Iterator[Path]:
    for entry in os.scandir(folder):
        if any(fnmatch.fnmatch(entry.name, pattern) for pattern in out):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), out)
        else:
            yield Path(entry.path)


def python_files(room: str) -> list[Path]:
    """The Python files under a folder of the project."""
    return [path for path in files() if path.suffix == ".py" and path.is_relative_to(room)]


def text(path: Path | str) -> str:
    """The text of a file, by its path from the project's top."""
    return (ROOT / path).read_text(encoding="utf-8")


def functions(source: str) -> list[Function]:
    """Every function and method of a source text, nested ones too."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)]


def lines_of(function: Function) -> int:
    """The lines of a function from its ``def`` to its end, docstring and all."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def imports(source: str) -> set[str]:
    """The top-level packages that a source imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    return names
