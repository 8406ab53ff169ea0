"""Reads a live workbook as people do, and has LibreOffice calculate it anew."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from simulator.machine.graph import Graph
from simulator.results.result import Result
from simulator.results.simulate import model_graph
from tests import system

#: A figure's place: name, year (None: all years), school and stage.
Place = tuple[str, int | None, str | None, str | None]
_CACHED = re.compile(r'<c r="([A-Z]+\d+)"((?: s="\d+")?)(?: t="\w+")?>(<f>.*?</f>)<v>.*?</v></c>')
_UNKNOWN = ("#N/A", "#DIV/0!", "#NUM!", "#VALUE!")


def rewritten(source: Path, target: Path, change: Callable[[str, str], str]) -> None:
    """Copy a workbook, each sheet's XML through ``change(path, text)``."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
        for entry in old.namelist():
            content = old.read(entry)
            if entry.startswith("xl/worksheets/sheet"):
                content = change(entry, content.decode()).encode()
            new.writestr(entry, content)


def without_cache(source: Path, target: Path) -> int:
    """Copy a workbook without any cached value; the number of formulas."""
    found = 0

    def drop(path: str, text: str) -> str:
        nonlocal found
        text, count = _CACHED.subn(r'<c r="\1"\2>\3</c>', text)
        found += count
        assert "</f><v>" not in text and count == text.count("<f>")
        return text

    rewritten(source, target, drop)
    return found


def recalculated(source: Path, folder: Path) -> Path:
    """The workbook as LibreOffice calculates it, all cached values dropped before."""
    bare, profile = bare_and_profile(source, folder)
    found = calculated(bare, profile)
    shutil.rmtree(profile)
    return found


def bare_and_profile(source: Path, folder: Path) -> tuple[Path, Path]:
    """A copy without cached values, and a place for LibreOffice's own settings, in a new folder."""
    folder.mkdir(parents=True)
    bare = folder / "bare.xlsx"
    assert without_cache(source, bare)
    return bare, folder / "profile"


def calculated(source: Path, profile: Path) -> Path:
    """A workbook opened, calculated and saved by LibreOffice."""
    command = [str(system.soffice()), "--headless", f"-env:UserInstallation={profile.as_uri()}"]
    out = source.parent / "out"
    kind = ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out)]
    subprocess.run([*command, *kind, str(source)], check=True, timeout=120, capture_output=True)
    return out / source.name


def figures(path: Path) -> dict[Place, float]:
    """Every figure of a workbook by its headings; unknown is NaN."""
    book = CalamineWorkbook.from_path(path)
    found: dict[Place, float] = {}
    for title in book.sheet_names:
        rows = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
        for place, value in _of_sheet(rows):
            assert place not in found, place
            found[place] = value
    return found


def _of_sheet(rows: list[list[Any]]) -> Iterator[tuple[Place, float]]:
    if len(rows) > 4 and rows[1][:1] == ["School code"]:
        yield from _by_column(rows)
    elif len(rows) > 2 and rows[2][:2] == ["Figure", "Stage"]:
        yield from _by_line(rows)


def _by_column(rows: list[list[Any]]) -> Iterator[tuple[Place, float]]:
    by_stage = rows[1][2] == "Stage"
    words = {"Primary": "primary", "Junior secondary": "junior", "Special education": "special"}
    for row in rows[5:]:
        stage = words[row[2]] if by_stage else None
        for name, year, value in zip(rows[3][4:], rows[4][4:], row[4:], strict=True):
            if name:
                yield (name, _year(year), str(row[0]), stage), _number(value)


def _by_line(rows: list[list[Any]]) -> Iterator[tuple[Place, float]]:
    words = {"": None, "Primary": "primary", "Junior secondary": "junior"}
    words["Special education"] = "special"
    last = rows[2].index("Source or key")
    for row in (each for each in rows[3:] if each[3]):  # the others are headings
        for year, value in zip(rows[2][4:last], row[4:last], strict=True):
            yield (row[3], _year(year), None, words[row[1]]), _number(value)


def _year(text: Any) -> int | None:
    return None if text == "All years" else int(text)


def _number(value: Any) -> float:
    if isinstance(value, str):
        assert value == "" or value in _UNKNOWN, value
        return math.nan
    return float(value)


def engine(result: Result) -> dict[Place, float]:
    """Every figure as the engine has it: of formulas and of what is given, in all years."""
    found: dict[Place, float] = {}
    for name, values in result.values.items():
        places = result.index.entities(result.graph.level(name))
        static = values.shape[-2] == 1
        for position, row in enumerate(values):
            year = None if static else result.index.years[position]
            found |= {
                (name, year, school, stage): float(value)
                for (school, stage), value in zip(places, row, strict=True)
            }
    return found


def computed(result: Result) -> dict[Place, float]:
    """Every formula's figures from the base year on: each must have its cell."""
    first = result.index.base_year
    return {
        place: value
        for place, value in engine(result).items()
        if place[0] in result.graph.formulas and (place[1] is None or place[1] >= first)
    }


def differences(
    found: Mapping[Place, float], expected: Mapping[Place, float], graph: Graph | None = None
) -> list[str]:
    """Figures that are not the expected ones: to 0.005 yuan, or 1e-9 of their size."""
    graph = graph or model_graph()
    return [
        f"{place}: {found.get(place)} is not {value}"
        for place, value in expected.items()
        if place not in found or not same(found[place], value, graph.unit(place[0]))
    ]


def same(one: float, other: float, unit: str) -> bool:
    """Whether two figures agree; unknown agrees with unknown alone."""
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) and math.isnan(other)
    close = 0.005 if unit.startswith("yuan") else 1e-9
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=close)


def with_levers(
    source: Path, target: Path, changed: Mapping[tuple[str, int | None, str | None], float | None]
) -> None:
    """Copy a workbook with some lever cells, found by their headings, set to other values."""
    rows = CalamineWorkbook.from_path(source).get_sheet_by_name("Assumptions and levers")
    cells = {
        _cell_of(rows.to_python(skip_empty_area=False), place): value
        for place, value in changed.items()
    }

    def change(path: str, text: str) -> str:
        if path != "xl/worksheets/sheet2.xml":
            return text
        for address, value in cells.items():
            pattern = rf'<c r="{address}"( s="\d+")(?:/>|><v>[^<]*</v></c>)'
            content = "" if value is None else f"<v>{value}</v>"
            text, count = re.subn(pattern, rf'<c r="{address}"\1>{content}</c>', text)
            assert count == 1, address
        return text

    rewritten(source, target, change)


def _cell_of(rows: list[list[Any]], place: tuple[str, int | None, str | None]) -> str:
    name, year, stage = place
    words = {"primary": "Primary", "junior": "Junior secondary", None: ""}
    row = next(n for n, each in enumerate(rows) if (each[3], each[1]) == (name, words[stage]))
    column = rows[2].index("All years" if year is None else str(year))
    return f"{chr(ord('A') + column)}{row + 1}"
