"""Reads one line: what is counted, the amount, and everything around it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from simulator.own_formula.dimension import SHARE, YUAN, Dimension, times
from simulator.own_formula.grammar import Written
from simulator.own_formula.line import (
    BOUNDS,
    Amount,
    Band,
    Bounds,
    Figures,
    Line,
    Points,
    Protection,
    Ramp,
)
from simulator.own_formula.notes import Notes
from simulator.stages import STAGES, STAGES_OF_TYPE

KEYS: Final = (
    "id", "zh", "en", "counted", "amount", "path", "stages", "school_types", "ramp", "bands",
    "lump_sum", "factor", "areas", "when", "bounds", "protection", "since", "until", "cites",
    "into", "paid_in", "sharing",
)  # fmt: skip
#: Levels of government that may bear a share of a line.
HIGHER: Final = ("central", "province", "city")
AREAS: Final = ("urban", "town", "rural")
PATHS: Final = ("steps", "straight")


def read_line(data: Any, path: str, notes: Notes) -> Line:
    """A line; what is wrong with it is noted."""
    row = notes.mapping(data, path, KEYS, ("id", "zh", "en"))
    title = notes.title(row, path)
    counted = _formula(row, "counted", path, notes)
    dimension = (counted.dimension if counted else None) or SHARE
    straight = _straight(row, path, notes)
    broken = "counted" in row and counted is None
    wanted = None if broken else times(YUAN, dimension, -1)
    amount = _amount(row, path, wanted, straight, notes)
    _check_whole(row, path, notes)
    line = Line(
        title=title,
        counted=counted,
        amount=amount,
        stages=notes.choices(row.get("stages"), f"{path}.stages", STAGES),
        school_types=notes.choices(row.get("school_types"), f"{path}.school_types", STAGES_OF_TYPE),
        ramp=_ramp(row, path, notes),
        bands=_bands(row, path, notes),
        lump_sum=_figures(row, "lump_sum", path, straight, notes),
        factor=_formula_of(row, "factor", path, SHARE, notes),
        areas=_areas(row, path, notes),
        when=_formula_of(row, "when", path, SHARE, notes),
        bounds=_bounds(row, path, notes),
        protection=read_protection(row.get("protection"), f"{path}.protection", notes),
        since=notes.year(row, "since", path),
        until=notes.year(row, "until", path),
        paid_in=notes.paid_in(row, path),
        cites=notes.words(row, "cites", path),
        into=notes.words(row, "into", path),
        sharing=_sharing(row, path, notes),
    )
    if line.since and line.until and line.since > line.until:
        notes.wrong("years", f"{path}.until", line.until, since=line.since)
    if line.sharing and line.into:
        notes.wrong("shared_inside", f"{path}.sharing", line.into)
    if broken or ("amount" in row and amount is None):
        notes.broken.update({title.id, f"{title.id}_count", f"{title.id}_rate"})
    elif title.id and counted is not None and amount is not None:
        notes.rates[title.id] = times(YUAN, dimension, -1)
        # a column that is called so keeps its name
        notes.names.setdefault(f"{title.id}_count", dimension)
        notes.names.setdefault(f"{title.id}_rate", notes.rates[title.id])
    return line


def _check_whole(row: Mapping[str, Any], path: str, notes: Notes) -> None:
    """A line counts something and pays for it, or pays a lump sum, or both."""
    for one, other in (("counted", "amount"), ("amount", "counted")):
        if one in row and other not in row:
            notes.wrong("missing", f"{path}.{other}", key=other)
    if not {"counted", "amount", "lump_sum"} & row.keys():
        notes.wrong("pays_nothing", path)
    if "bands" in row and "counted" not in row:
        notes.wrong("bands_of_nothing", f"{path}.bands")
    if row.get("path") == "straight" and not _by_years(row):
        notes.wrong("straight_without_years", f"{path}.path")


def _by_years(row: Mapping[str, Any]) -> bool:
    """Whether an amount or a lump sum is given by year, so that a path leads on."""
    for given in (row.get("amount"), row.get("lump_sum")):
        figures = given.get("share") if isinstance(given, Mapping) and "share" in given else given
        stages = figures.values() if isinstance(figures, Mapping) else ()
        if any(isinstance(key, int) for key in (figures if isinstance(figures, Mapping) else ())):
            return True
        if any(isinstance(each, Mapping) for each in stages):
            return True
    return False


def _formula(row: Mapping[str, Any], key: str, path: str, notes: Notes) -> Written | None:
    return notes.formula(row[key], f"{path}.{key}") if key in row else None


def _formula_of(
    row: Mapping[str, Any], key: str, path: str, wanted: Dimension, notes: Notes
) -> Written | None:
    return notes.formula_of(row[key], f"{path}.{key}", wanted) if key in row else None


def _straight(row: Mapping[str, Any], path: str, notes: Notes) -> bool:
    given = row.get("path", "steps")
    if given not in PATHS:
        notes.wrong("choice", f"{path}.path", given, allowed=", ".join(PATHS))
    return bool(given == "straight")


def _amount(
    row: Mapping[str, Any], path: str, wanted: Dimension | None, straight: bool, notes: Notes
) -> Amount | None:
    """Figures, a formula in words, or ``{share: …, of: another line}``.

    Without a ``wanted`` unit, because what is counted is wrong itself, none is asked for.
    """
    given, here = row.get("amount"), f"{path}.amount"
    if given is None:
        return None
    if isinstance(given, str):
        return _written_amount(given, here, wanted, notes)
    if isinstance(given, Mapping) and {"share", "of"} & given.keys():
        parts = notes.mapping(given, here, ("share", "of"), ("share", "of"))
        of = notes.words(parts, "of", here)
        rate = notes.rates.get(of)
        if of and rate is None and of not in notes.broken:
            notes.wrong("no_line", f"{here}.of", of)
        elif rate is not None and wanted is not None and rate != wanted:
            notes.unit(f"{here}.of", of, rate, wanted)
        share = read_figures(parts.get("share", 0), f"{here}.share", straight, notes)
        return Amount(figures=share, of=of)
    return Amount(figures=read_figures(given, here, straight, notes))


def _written_amount(given: str, here: str, wanted: Dimension | None, notes: Notes) -> Amount | None:
    written = notes.formula(given, here)
    if written is None:
        return None
    if None not in (wanted, written.dimension) and written.dimension != wanted:
        notes.unit(here, given, written.dimension or SHARE, wanted or SHARE)
    return Amount(written=written)


def _figures(
    row: Mapping[str, Any], key: str, path: str, straight: bool, notes: Notes
) -> Figures | None:
    return read_figures(row[key], f"{path}.{key}", straight, notes) if key in row else None


def read_figures(data: Any, path: str, straight: bool, notes: Notes) -> Figures:
    """A number, numbers by year, by stage, or by stage and year."""
    if isinstance(data, Mapping) and data and all(key in STAGES for key in data):
        by_stage = {
            str(stage): _by_year(value, f"{path}.{stage}", notes) for stage, value in data.items()
        }
        return Figures(MappingProxyType(by_stage), straight)
    return Figures(MappingProxyType({"": _by_year(data, path, notes)}), straight)


def _by_year(data: Any, path: str, notes: Notes) -> Points:
    if not isinstance(data, Mapping):
        return ((0, notes.number(data, path)),)
    years = [key for key in data if isinstance(key, int) and not isinstance(key, bool)]
    if not data or len(years) < len(data) or not all(1900 <= year <= 2200 for year in years):
        notes.wrong("figures", path, data, example="{2026: 650, 2028: 800}")
        return ()
    return tuple((year, notes.number(data[year], f"{path}.{year}")) for year in sorted(years))


def _ramp(row: Mapping[str, Any], path: str, notes: Notes) -> Ramp | None:
    if "ramp" not in row:
        return None
    here = f"{path}.ramp"
    parts = notes.mapping(row["ramp"], here, ("measure", "points"), ("measure", "points"))
    measure = _formula(parts, "measure", here, notes)
    points = notes.points(parts["points"], f"{here}.points") if "points" in parts else ()
    return Ramp(measure, points) if measure and points else None


def _bands(row: Mapping[str, Any], path: str, notes: Notes) -> tuple[Band, ...]:
    found: list[Band] = []
    for place, data in enumerate(notes.rows(row.get("bands"), f"{path}.bands")):
        here = f"{path}.bands.{place}"
        parts = notes.mapping(data, here, ("below", "as"), ("below", "as"))
        below = notes.number(parts.get("below", 0), f"{here}.below", 0)
        counts = notes.number(parts.get("as", 0), f"{here}.as", 0)
        if found and below <= found[-1].below:
            notes.wrong("bands", f"{here}.below", below)
        found.append(Band(below, counts))
    return tuple(found)


def _areas(row: Mapping[str, Any], path: str, notes: Notes) -> Mapping[str, float]:
    here = f"{path}.areas"
    given = notes.mapping(row["areas"], here, AREAS, AREAS) if "areas" in row else {}
    found = {area: notes.number(value, f"{here}.{area}", 0) for area, value in given.items()}
    return MappingProxyType(found)


def _sharing(row: Mapping[str, Any], path: str, notes: Notes) -> Mapping[str, float]:
    here = f"{path}.sharing"
    given = notes.mapping(row["sharing"], here, HIGHER) if "sharing" in row else {}
    found = {key: notes.number(value, f"{here}.{key}", 0, 1) for key, value in given.items()}
    if sum(found.values()) > 1 + 1e-9:
        notes.wrong("shares", here, sum(found.values()))
    return MappingProxyType(found)


def _bounds(row: Mapping[str, Any], path: str, notes: Notes) -> Bounds:
    here = f"{path}.bounds"
    given = notes.mapping(row["bounds"], here, BOUNDS) if "bounds" in row else {}
    found = Bounds(**{key: notes.maybe(given, key, here, 0) for key in BOUNDS})
    for least, most in ((0, 1), (2, 3)):
        low, high = given.get(BOUNDS[least]), given.get(BOUNDS[most])
        if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
            notes.wrong("crossed", f"{here}.{BOUNDS[most]}", high, least=low)
    return found


def read_protection(data: Any, path: str, notes: Notes) -> Protection | None:
    """What is protected of last year's amount; None where nothing is."""
    if data is None:
        return None
    row = notes.mapping(data, path, ("least", "most", "per_pupil", "against"))
    per_pupil = row.get("per_pupil", True)
    if not isinstance(per_pupil, bool):
        notes.wrong("not_flag", f"{path}.per_pupil", per_pupil)
    least, most = notes.maybe(row, "least", path, 0), notes.maybe(row, "most", path, 0)
    if least is None and most is None:
        notes.wrong("protects_nothing", path)
    if least is not None and most is not None and least > most:
        notes.wrong("crossed", f"{path}.most", most, least=least)
    against = _formula_of(row, "against", path, YUAN, notes)
    return Protection(least, most, bool(per_pupil), against)
