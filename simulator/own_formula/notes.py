"""Reading values of a set of lines: each mistake noted at its key, reading goes on."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from simulator import glossary
from simulator.errors import JunhengError
from simulator.findings import Finding
from simulator.own_formula.dimension import Dimension, InWords
from simulator.own_formula.grammar import Written, read_formula
from simulator.own_formula.line import Points, Title

_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
#: The longest name in words, and the most rows that one list holds.
LONGEST_NAME: Final = 120
MOST_ROWS: Final = 400
#: Wrong keys of one mapping that are told one by one; of the others the first are named.
MOST_TOLD: Final = 20
#: No figure of a district is as large.
BEYOND: Final = 1e18


@dataclass(frozen=True, slots=True)
class Told:
    """An error within a sentence: ``{detail:zh}`` and ``{detail:en}`` print it."""

    error: JunhengError

    def __format__(self, language: str) -> str:
        return self.error.text(glossary.as_language(language))


class Notes:
    """What is wrong with a file so far; ``names`` are what its formulas may use.

    ``rates`` are what the lines read so far pay for one of what they count.
    """

    def __init__(self, source: str, names: Mapping[str, Dimension]) -> None:
        self.source = source
        self.sources = frozenset(names)
        self.names = dict(names)
        self.rates: dict[str, Dimension] = {}
        self.broken: set[str] = set()
        self.found: list[Finding] = []

    def knows(self, name: str, dimension: Dimension) -> None:
        """Let formulas use one more source."""
        self.sources |= {name}
        self.names[name] = dimension

    def wrong(self, code: str, path: str, value: Any = None, **params: Any) -> None:
        """Note a mistake at a key."""
        shown = value if isinstance(value, float) else _short(value)
        self.found.append(
            Finding("error", f"lines_{code}", self.source, column=path, value=shown, params=params)
        )

    def mapping(
        self, data: Any, path: str, allowed: Collection[str], needed: Collection[str] = ()
    ) -> Mapping[str, Any]:
        """A mapping with the keys allowed; empty where it is none."""
        if not isinstance(data, Mapping):
            self.wrong("not_mapping", path, data)
            return {}
        strange = [key for key in data if key not in allowed]
        for key in strange[:MOST_TOLD]:
            self.wrong("unknown_key", _under(path, key), key, allowed=", ".join(allowed))
        if len(strange) > MOST_TOLD:
            others = ", ".join(_short(key) for key in strange[MOST_TOLD : 2 * MOST_TOLD])
            self.wrong("unknown_key", path, others, allowed=", ".join(allowed))
        for key in needed:
            if key not in data:
                self.wrong("missing", _under(path, key), key=key)
        return {str(key): value for key, value in data.items() if key in allowed}

    def rows(self, data: Any, path: str) -> Sequence[Any]:
        """A list of bounded length; empty where it is none."""
        if data is None:
            return ()
        if not isinstance(data, list | tuple):
            self.wrong("not_list", path, data)
            return ()
        if len(data) > MOST_ROWS:
            self.wrong("long_list", path, len(data), most=MOST_ROWS)
        return data[:MOST_ROWS]

    def title(self, row: Mapping[str, Any], path: str) -> Title:
        """The id and the names of a row."""
        given = row.get("id", "")
        if "id" in row and not (isinstance(given, str) and _ID.fullmatch(given)):
            self.wrong("id", _under(path, "id"), given)
            given = ""
        words = [self.words(row, key, path) for key in ("zh", "en")]
        return Title(str(given), *words)

    def words(self, row: Mapping[str, Any], key: str, path: str) -> str:
        """A text in one line, neither empty nor too long; what is missing is noted elsewhere."""
        value = row.get(key, "")
        fine = isinstance(value, str) and len(value) <= LONGEST_NAME and "\n" not in value
        if key in row and not (fine and value.strip()):
            self.wrong("words", _under(path, key), value, most=LONGEST_NAME)
            return ""
        return str(value).strip()

    def number(
        self, value: Any, path: str, least: float = -math.inf, most: float = BEYOND
    ) -> float:
        """A finite number within limits; nan where it is none."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong("not_number", path, value)
            return math.nan
        if not (abs(value) < BEYOND and least <= value <= most):  # so nan is refused as well
            self.wrong("number", path, value, least=f"{least:g}", most=f"{most:g}")
            return math.nan
        return float(value)

    def maybe(self, row: Mapping[str, Any], key: str, path: str, least: float) -> float | None:
        """A number that need not be there."""
        return self.number(row[key], f"{path}.{key}", least) if key in row else None

    def year(self, row: Mapping[str, Any], key: str, path: str) -> int | None:
        """A year that need not be there."""
        value = row.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 1900 <= value <= 2200:
            self.wrong("year", f"{path}.{key}", value)
            return None
        return value

    def unit_named(self, row: Mapping[str, Any], path: str) -> str | None:
        """The unit of the glossary that a row names; None where it names none."""
        given = row.get("unit")
        if given is None:
            return None
        if not isinstance(given, str) or glossary.find(f"unit.{given}") is None:
            self.wrong("no_unit", f"{path}.unit", given)
            return None
        return given

    def choices(self, value: Any, path: str, allowed: Collection[str]) -> tuple[str, ...]:
        """Some of the words allowed, each once."""
        rows = self.rows(value, path)
        strange = [each for each in rows if each not in tuple(allowed)]
        for each in strange:
            self.wrong("choice", path, each, allowed=", ".join(allowed))
        return tuple(dict.fromkeys(str(each) for each in rows if each not in strange))

    def points(self, data: Any, path: str) -> Points:
        """Two or more points, from left to right."""
        rows = self.rows(data, path)
        pairs = [row for row in rows if isinstance(row, list | tuple) and len(row) == 2]
        found = tuple(
            (self.number(x, f"{path}.{place}"), self.number(y, f"{path}.{place}"))
            for place, (x, y) in enumerate(pairs)
        )
        xs = [x for x, _ in found]
        if len(pairs) < max(2, len(rows)) or any(b <= a for a, b in itertools.pairwise(xs)):
            self.wrong("points", path, data, example="[[0.2, 0.47], [0.6, 0.57]]")
            return ()
        return found

    def formula(self, value: Any, path: str) -> Written | None:
        """A written formula; a bare number will do. None where it is wrong."""
        text = _short(value) if isinstance(value, int | float) else value
        try:
            return read_formula(text, self.names)
        except JunhengError as error:
            # a name that is broken itself has been told already
            if error.code != "line_text_name" or error.params["what"] not in self.broken:
                self.wrong("formula", path, value, detail=Told(error))
            return None

    def formula_of(self, value: Any, path: str, wanted: Dimension) -> Written | None:
        """A written formula that must measure something; a bare number takes any unit."""
        written = self.formula(value, path)
        if written is not None and written.dimension not in (None, wanted):
            self.unit(path, value, written.dimension or (), wanted)
            return None
        return written

    def paid_in(self, row: Mapping[str, Any], path: str) -> float | None:
        """The smallest amount paid, where it is said: a yuan or a fen."""
        value = row.get("paid_in")
        if value is not None and (isinstance(value, bool) or value not in (0.01, 1)):
            self.wrong("paid_in", f"{path}.paid_in", value)
            return None
        return value

    def unit(self, path: str, value: Any, found: Dimension, wanted: Dimension) -> None:
        """Note a formula that measures something else than it must."""
        self.wrong("unit", path, value, found=InWords(found), wanted=InWords(wanted))


def _short(value: Any) -> str:
    """A value as it is shown beside a mistake."""
    try:
        text = str(value)
    except ValueError:  # a number of thousands of digits
        return "…"
    return text if len(text) <= 80 else f"{text[:77]}…"


def _under(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)
