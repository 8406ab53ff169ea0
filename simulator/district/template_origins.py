"""Where a district's values stand in the filled template: the file that everybody can download."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, cast

from simulator.district.columns import Table, columns
from simulator.district.model import Origin
from simulator.district.reading.grid import address

if TYPE_CHECKING:
    from simulator.district.model import District

#: Glossary ids of the file's name and, with the table's, of the sheet's: both go by language.
FILE: Final = "word.sample_file"
SHEET: Final = "sheet."


class TemplateOrigins(Mapping[tuple[str, str, str], Origin]):
    """The cell of every value in the filled template; file and sheet are glossary ids."""

    def __init__(self, district: District) -> None:
        self._known = district.origins
        frames = {"schools": district.schools, "fiscal": district.fiscal,
                  "indicators": district.indicators}  # fmt: skip
        self._rows = {
            name: {str(key): place for place, key in enumerate(frame.index, start=1)}
            for name, frame in frames.items()
        }
        self._fields = {name: _fields(name, district) for name in (*frames, "district")}

    def __getitem__(self, key: tuple[str, str, str]) -> Origin:
        name, row, field = key
        if key not in self._known or field not in self._fields[name]:
            raise KeyError(key)
        at = self._fields[name][field]
        cell = address(at + 1, 1) if name == "district" else address(
            self._rows[name][row], at
        )  # fmt: skip
        return Origin(FILE, f"{SHEET}{name}", cell)

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        # a column that the template does not have has no cell in it
        return (key for key in self._known if key[2] in self._fields[key[0]])

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _fields(name: str, district: District) -> dict[str, int]:
    """The place of each column of a sheet, planned years of indicators last."""
    found = {field: place for place, field in enumerate(columns(cast("Table", name)))}
    if name == "indicators":
        years = [each for each in district.indicators if isinstance(each, int)]
        found |= {str(year): place for place, year in enumerate(years, start=len(found))}
    return found
