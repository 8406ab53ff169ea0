"""A district's own formula lines: count × amount, with what stands around it; pots at the end."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from tests.independent.book import (
    STAGES,
    Array,
    div,
    first_known,
    nearest,
    over,
    pick,
    raised,
    reaches,
)
from tests.independent.town import Town

#: What a line counts if it is for one kind of pupils; a general line pays no boarder as such.
COUNTED = {"boarding": ("boarders",), "special": ("special_heads",), "small_school": ()}


class Lines:
    """The lines of a scenario over a district."""

    def __init__(self, town: Town, said: dict[str, Any]) -> None:
        self.town, self.said = town, said
        self.names = {row["id"] for row in said["lines"]}

    def write(self, t: int) -> Array:
        """What all lines pay in a year, or the last pot gives out."""
        book = self.town.book
        found = np.zeros(len(self.town.parts))
        for row in self.said["lines"]:
            found = found + self._line(row, t)
        found = book.put("line_total", t, found)
        for pot in self.said.get("pots", ()):
            found = book.put(f"line_{pot['id']}", t, self._pot(pot, found, t))
        self._write_kinds(found, t)
        return found

    def _write_kinds(self, paid: Array, t: int) -> None:
        """Whom the lines pay: those they count; lump sums and pots spread over them."""
        book = self.town.book
        money = {kind: np.zeros(len(paid)) for kind in ("ordinary", *COUNTED, "weak_school")}
        whole = np.zeros(len(paid))
        for row in self.said["lines"]:
            if "counted" not in row:
                continue
            amount = book.at(f"line_{row['id']}", t)
            whole = whole + amount
            kind = next((k for k, names in COUNTED.items() if row["counted"] in names), "")
            if kind:
                # where the line counts nobody, what it pays at least is for pupils in general
                theirs = pick(over(book.at(row["counted"], t), 0), amount, 0.0)
                money[kind] = money[kind] + theirs
                amount = amount - theirs
            if row["counted"] == "headcount":
                heads, funded = book.at("headcount", t), book.at("funded_pupils", t)
                amount = pick(over(heads, 0), amount * div(funded, heads), 0.0)
            money["ordinary"] = money["ordinary"] + amount
            if any("weak" in str(row.get(key, "")) for key in ("counted", "when", "factor")):
                money["weak_school"] = money["weak_school"] + book.at(f"line_{row['id']}", t)
        for kind, amount in money.items():
            rest = paid if kind == "ordinary" else 0.0 * paid
            book.put(f"{kind}_asked", t, pick(over(whole, 0), amount * div(paid, whole), rest))

    def _line(self, row: dict[str, Any], t: int) -> Array:
        town, book, name = self.town, self.town.book, f"line_{row['id']}"
        due: Any = 0.0
        if "counted" in row:
            count = book.put(f"{name}_count", t, self._count(row, t))
            rate = book.put(f"{name}_rate", t, self._rate(row, t))
            due = count * rate
            if "ramp" in row or "factor" in row:
                due = pick(count, due, 0.0)
        if "lump_sum" in row:
            due = due + self._figures(row["lump_sum"], row, t) * self._share_of_school(t)
        due = self._bounded(due, row.get("bounds", {}), t)
        applies = self._applies(row, t)
        if "when" in row:
            applies = applies * self._formula(row["when"], t)
        unit = row.get("paid_in")
        paid = due if unit is None else nearest(due / unit) * unit
        found = pick(applies, paid, 0.0)
        if "when" in row:
            found = first_known(found, pick(paid, np.nan, 0.0))
        if "protection" in row:
            found = self._protected(row, found, t)
        return book.put(name, t, found + np.zeros(len(town.parts)))

    def _applies(self, row: dict[str, Any], t: int) -> Array:
        town, year = self.town, self.town.base + t
        here = [
            (not row.get("stages") or STAGES[k] in row["stages"])
            and (not row.get("school_types") or town.kinds[s] in row["school_types"])
            and row.get("since", year) <= year <= row.get("until", year)
            for k, s in zip(town.stage, town.school, strict=True)
        ]
        return np.array(here, dtype=float)

    def _count(self, row: dict[str, Any], t: int) -> Array:
        count = self._formula(row["counted"], t)
        if not row.get("bands"):
            return count
        found = count
        for band in reversed(row["bands"]):
            found = pick(over(band["below"], count), band["as"], found)
        return pick(over(count, 0), found, 0.0)

    def _rate(self, row: dict[str, Any], t: int) -> Array:
        town, amount = self.town, row["amount"]
        if isinstance(amount, dict) and "of" in amount:
            other = town.book.at(f"line_{amount['of']}_rate", t)
            rate = self._figures(amount["share"], row, t) * other
        else:
            rate = self._figures(amount, row, t)
        if "ramp" in row:
            xs, ys = np.array(row["ramp"]["points"], float).T
            at = self._formula(row["ramp"]["measure"], t)
            rate = rate * np.where(np.isnan(at), np.nan, np.interp(at, xs, ys))
        if "factor" in row:
            rate = rate * self._formula(row["factor"], t)
        if "areas" in row:
            given = town.table["area"]
            factors = np.array([row["areas"].get(area, np.nan) for area in given], float)
            rate = rate * town.of_school(factors)
        return rate

    def _figures(self, said: Any, row: dict[str, Any], t: int) -> Array:
        """An amount by part: one number, one a stage, or by the year it begins."""
        town = self.town
        if isinstance(said, dict) and set(said) <= set(STAGES):
            return town.of_stage([self._figure(said.get(k, 0.0), row, t) for k in STAGES])
        return np.full(len(town.parts), self._figure(said, row, t))

    def _figure(self, said: Any, row: dict[str, Any], t: int) -> float:
        year = self.town.base + t
        if not isinstance(said, dict):
            return float(said)
        years = sorted(said)
        if year < years[0]:
            return float("nan")
        if row.get("path") == "straight":
            return float(np.interp(year, years, [said[each] for each in years]))
        return float(said[max(each for each in years if each <= year)])

    def _share_of_school(self, t: int) -> Array:
        """A part's share of its school's heads; nothing where nobody is."""
        heads = self.town.book.at("headcount", t)
        whole = self.town.of_school(self.town.to_schools(heads))
        return pick(over(whole, 0), div(heads, whole), 0.0)

    def _bounded(self, due: Any, bounds: dict[str, float], t: int) -> Any:
        heads = self.town.book.at("headcount", t)
        if "least_per_pupil" in bounds:
            due = np.maximum(due, bounds["least_per_pupil"] * heads)
        if "most_per_pupil" in bounds:
            due = np.minimum(due, bounds["most_per_pupil"] * heads)
        return due

    def _protected(self, row: dict[str, Any], plain: Array, t: int) -> Array:
        """No less than last year's payment, per pupil or in all; a new line is held to nothing."""
        town, book = self.town, self.town.book
        name = f"line_{row['id']}"
        before = np.full(len(plain), np.nan)
        if t > 0:
            before = town.carry_parts(book.at(name, t - 1), t, "pupils")
        before = np.where(before > 0, before, np.nan)
        if row["protection"].get("per_pupil", True):
            heads = book.at("headcount", t)
            then = town.carry_parts(book.at("headcount", t - 1), t, "pupils") if t > 0 else heads
            before = div(before, then) * heads
        least = first_known(before * row["protection"]["least"], plain)
        return np.where(self._applies(row, t) == 1, np.maximum(plain, least), 0.0)

    def _pot(self, pot: dict[str, Any], shared: Array, t: int) -> Array:
        money = self._figure(pot["amount"], {}, t)
        heads = self.town.book.at("headcount", t)
        if np.isnan([money, shared.sum(), heads.sum()]).any():
            return np.full(len(shared), np.nan)
        if pot["rule"] == "level_up" and money >= shared.sum():
            return shared + raised(shared, heads, money - shared.sum())
        return div(shared * money, shared.sum())

    def _formula(self, text: Any, t: int) -> Array:
        """A formula of figures, numbers, + - * /, min, max and comparisons."""
        ready = str(text).replace(" = ", " == ")
        return self._value(ast.parse(ready, mode="eval").body, t)

    def _value(self, node: ast.AST, t: int) -> Array:
        size = len(self.town.parts)
        if isinstance(node, ast.Constant):
            return np.full(size, float(str(node.value)))
        if isinstance(node, ast.Name):
            return self._named(node.id, t)
        if isinstance(node, ast.Call):
            both = [self._value(each, t) for each in node.args]
            return {"max": np.maximum, "min": np.minimum}[node.func.id](*both)
        if isinstance(node, ast.Compare):
            left, right = self._value(node.left, t), self._value(node.comparators[0], t)
            return {
                ast.Lt: lambda: over(right, left),
                ast.GtE: lambda: reaches(left, right),
                ast.Eq: lambda: np.where(np.isnan(left + right), np.nan, left == right),
            }[type(node.ops[0])]()
        assert isinstance(node, ast.BinOp)
        left, right = self._value(node.left, t), self._value(node.right, t)
        return {ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: div}[
            type(node.op)
        ](left, right)

    def _named(self, name: str, t: int) -> Array:
        if name in ("weak", "small_class"):
            return self.town.of_school(self.town.column(name))
        return self.town.book.at(name, t)
