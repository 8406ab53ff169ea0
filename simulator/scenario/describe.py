"""A scenario in sentences against another: the same words on screen, in a terminal, in a brief."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator import glossary
from simulator.glossary import Language
from simulator.scenario.formula import LinesInForce, lines_told
from simulator.scenario.levers import Lever, levers
from simulator.scenario.model import Scenario
from simulator.scenario.naming import pack_label
from simulator.scenario.values import Values, is_list, plain

Said = Mapping[str, Any]


def describe(scenario: Scenario, language: Language, base_year: int) -> list[str]:
    """The scenario in clauses against its base; all that it says where it has none.

    Empty where it says nothing new. ``as_sentence`` joins the clauses.
    """
    if scenario.base is None:
        teller = Teller(language, base_year, scenario.horizon, fresh=True)
        lines = lines_told(scenario)
        own = [teller.say("own_lines", new=_formula_name(lines, language))] if lines else []
        return [*own, *teller.clauses({}, scenario.flat())]
    return difference(scenario.base, scenario, language, base_year)


def speaking(scenario: Scenario) -> Scenario:
    """The scenario that has something to say: a draft that changes nothing is what it stands on."""
    base = scenario.base
    while base is not None and not scenario.changed() and dict(base.name) == dict(scenario.name):
        scenario, base = base, base.base
    return scenario


def difference(a: Scenario, b: Scenario, language: Language, base_year: int) -> list[str]:
    """What scenario ``b`` does otherwise than ``a``, in clauses; empty where they agree."""
    teller = Teller(language, base_year, b.horizon)
    return [*teller.head(a, b), *teller.clauses(a.flat(), b.flat())]


def as_sentence(clauses: Sequence[str], language: Language) -> str:
    """Clauses as one sentence; says so where there is no difference."""
    said = list(clauses) or [glossary.label("describe.nothing", language)]
    joined = glossary.label("describe.join", language).join(said)
    return joined[:1].upper() + joined[1:] + glossary.label("describe.stop", language)


def _formula_name(lines: LinesInForce | None, language: Language) -> str:
    """The name of the formula that operating funds are paid by."""
    return lines.name(language) if lines else glossary.label("describe.national_lines", language)


@dataclass(frozen=True)
class Teller:
    """Tells a change of levers in one language; ``fresh`` where there is nothing before."""

    language: Language
    base_year: int
    horizon: int
    fresh: bool = False

    @property
    def values(self) -> Values:
        """How values are written."""
        return Values(self.language, self.base_year)

    def was(self, path: str, value: Any) -> str:
        """A value of before, in brackets: by year without naming the years."""
        return Values(self.language, self.base_year, dated=False).text(path, value)

    def say(self, identifier: str, **params: object) -> str:
        """A sentence of the glossary, spaced as Chinese with figures is."""
        return self.values.spaced(glossary.text(f"describe.{identifier}", self.language, **params))

    def head(self, a: Scenario, b: Scenario) -> Iterator[str]:
        """Other packs, another horizon."""
        if a.policy != b.policy:
            comma, none = self.say("comma"), self.say("no_packs")
            told = [[pack_label(pack, self.language) for pack in each.policy] for each in (a, b)]
            names = [comma.join(each) or none for each in told]
            yield self.say("policy", was=names[0], new=names[1])
        if a.horizon != b.horizon:
            yield self.say("horizon", was=a.horizon, new=b.horizon)
        lines = [lines_told(each) for each in (a, b)]
        contents = [each.content if each else None for each in lines]
        if contents[0] != contents[1]:
            names = [_formula_name(each, self.language) for each in lines]
            yield self.say("lines", was=names[0], new=names[1])

    def clauses(self, before: Said, after: Said) -> list[str]:
        """One clause a changed lever, in the order of the table of levers."""
        return [
            clause
            for lever in levers().values()
            for clause in self._lever(lever, before, after)
            if clause
        ]

    def _lever(self, lever: Lever, before: Said, after: Said) -> Iterator[str]:
        if lever.kind == "investment":
            for key in lever.keys:
                yield self._investment(f"{lever.path}.{key}", key, before, after)
        elif lever.adds_up is not None:
            yield self._sharing(lever, before, after)
        else:
            for path in lever.paths:
                yield self._clause(lever, path, before.get(path), after.get(path))

    def _clause(self, lever: Lever, path: str, old: Any, new: Any) -> str:
        """One value's change; empty where there is none."""
        if not self.fresh:
            old = lever.neutral if old is None else old
            new = lever.neutral if new is None else new
        old, new = plain(old), plain(new)
        if old == new:
            return ""
        if lever.kind == "flag":
            return self.say(f"{path}.{'on' if new else 'off'}")
        if lever.kind == "rows":
            return self.say(f"{path}.rows", count=len(new)) if new else self.say(f"{path}.none")
        if lever.kind in ("choice", "path"):
            if is_list(new):
                return self.say(f"{path}.list", new=self.values.text(path, new))
            return self.say(f"{path}.{'none' if new is None else new}")
        if path == MARGIN:
            return self._margin(old, new)
        return self._number(lever, path, old, new)

    def _number(self, lever: Lever, path: str, old: Any, new: Any) -> str:
        key = path.removeprefix(lever.path).removeprefix(".")
        word = self.say(f"key.{key}") if key else ""
        verb = self._verb(lever, old, new)
        own = f"{lever.path}.{verb}"
        if f"describe.{own}" not in glossary.terms():
            own = ASSUMED.get(verb, "assume") if lever.group == "assumptions" else verb
        return self.say(
            own,
            what=self.say(lever.path, key=word),
            old=self._old(path, old, new),
            was=self.was(path, old),
            new=self.values.text(path, new),
            year=self.base_year + self.horizon,
        )

    def _old(self, path: str, old: Any, new: Any) -> str:
        """The old value; in English without its unit where the new one bears it."""
        bare = self.language == "en" and not is_list(old) and not is_list(new)
        return self.values.text(path, old, bare=bare)

    def _verb(self, lever: Lever, old: Any, new: Any) -> str:
        if new is None:
            return "to_law" if lever.law else "unset"
        if lever.kind == "bands" and is_list(new):
            return "bands"
        if old is None:
            return "over_law" if lever.law and not self.fresh else "set"
        if any(isinstance(each, Mapping) for each in (old, new)):
            return "change"
        if lever.kind == "bands" and is_list(old):
            return "change"
        pairs = _aligned(old, new)
        if all(b >= a for a, b in pairs):
            return "raise"
        return "lower" if all(b <= a for a, b in pairs) else "change"

    def _margin(self, old: Any, new: Any) -> str:
        """How much faster than revenue appropriation grows, and how much it did before."""
        way, points = self._points(new)
        before, was = self._points(0 if old is None else old, dated=False)
        said = "" if before == "equal" else self.say(f"instead.{before}", points=was)
        return self.say(f"{MARGIN}.{way}", points=points, instead=said)

    def _points(self, margin: Any, *, dated: bool = True) -> tuple[str, str]:
        values = list(margin) if is_list(margin) else [margin or 0]
        if not any(values):
            return "equal", ""
        slower = all(value <= 0 for value in values)
        shown = [-value for value in values] if slower else values
        writer = Values(self.language, self.base_year, dated)
        return ("slower" if slower else "faster"), writer.points(shown)

    def _sharing(self, lever: Lever, before: Said, after: Said) -> str:
        """Shares that add up to one are told together."""
        if all(before.get(path) == after.get(path) for path in lever.paths):
            return ""
        if all(after.get(path) is None for path in lever.paths):
            return self.say(f"{lever.path}.none")
        shares = [
            f"{self.say(f'key.{key}')} {self.values.text(path, after.get(path))}"
            for key, path in zip(lever.keys, lever.paths, strict=True)
        ]
        return self.say(lever.path, shares=self.say("comma").join(shares))

    def _investment(self, path: str, key: str, before: Said, after: Said) -> str:
        """Money for one kind of facility, and how it is given out."""
        old, new = (_invested(said, path) for said in (before, after))
        if old == new or not (old[0] or new[0]):
            return ""
        facility = self.say(f"key.{key}")
        was = self.was(f"{path}.amount", old[0]) if old[0] else ""
        if not new[0]:
            return self.say("levers.investment.none", facility=facility, was=was)
        rules = [self._rule(each[1]) for each in (old, new)]
        if old[0] == new[0] and rules[0] != rules[1]:
            name = "levers.investment.rule"
            return self.say(name, facility=facility, was=rules[0], rule=rules[1])
        way = "by_year" if is_list(new[0]) or new[1] == "list" else "each"
        clause = self.say(
            f"levers.investment.{way}",
            facility=facility,
            rule=rules[1],
            new=self.values.text(f"{path}.amount", new[0]),
        )
        return self.say("levers.investment.instead", clause=clause, was=was) if was else clause

    def _rule(self, rule: str) -> str:
        return self.say(f"levers.investment.{rule}")


MARGIN = "levers.appropriation.margin"
ASSUMED: Mapping[str, str] = {"set": "assume_set", "unset": "assume_unset"}
#: Without a word on it, money is given to the lowest schools first.
FIRST_RULE = "lowest_first"


def _invested(said: Said, path: str) -> tuple[Any, str, Any]:
    """(amount a year or by year, rule, list) of one kind of facility; of a list, its total."""
    rule = str(said.get(f"{path}.rule") or FIRST_RULE)
    if rule == "list":
        plan = said.get(f"{path}.plan") or ()
        return sum(float(row["amount"]) for row in plan), rule, list(plan)
    return plain(said.get(f"{path}.amount")), rule, None


def _aligned(old: Any, new: Any) -> list[tuple[float, float]]:
    """Values by year side by side; one value stands for every year."""
    length = max(len(each) if is_list(each) else 1 for each in (old, new))
    rows = [list(each) if is_list(each) else [each] * length for each in (old, new)]
    return list(zip(rows[0], rows[1], strict=False))
