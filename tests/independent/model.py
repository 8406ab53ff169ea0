"""The independent model: every figure of a district and a scenario, computed a second time.

Written from the page that says what is computed, in plain numpy, without a line of the product:
the law's values are read from the packs' files as data, all else stands in these modules.
"""

from __future__ import annotations

from typing import Any

from tests.independent import balance, floors, growth, money, operating, staff, things
from tests.independent.book import Array, Book
from tests.independent.judge import Judge
from tests.independent.lines import Lines
from tests.independent.people import People, write_people
from tests.independent.town import Town


class Model:
    """All figures of one district and scenario."""

    def __init__(self, made: Any) -> None:
        self.book = Book()
        self.town = Town(made, self.book)
        self.people = People(self.town)
        self.lines = Lines(self.town, self.town.lines) if self.town.lines else None
        self.years = range(self.town.years + 1)
        for year in self.years:
            self._year(year)
        self.judge = Judge(self.town)

    def _year(self, t: int) -> None:
        town = self.town
        write_people(town, self.people, t)
        balance.write_scope(town, t)
        operating.write_rates(town, t)
        operating.write_heads(town, t)
        operating.write_funds(town, self.lines, t)
        operating.write_paid(town, t)
        floors.write_due(town, t)
        floors.write_floors(town, t)
        operating.write_sharing(town, t)
        staff.write_staff(town, t)
        staff.write_training(town, t)
        money.write_buildings(town, t)
        things.write_things(town, t)
        things.write_teachers(town, t)
        balance.write_balance(town, t)
        money.write_money(town, t)
        growth.write_growth(town, t)
        growth.write_conditions(town, t)

    def figure(self, name: str) -> Array:
        """A figure as computed here: (year, entity) from the base year on."""
        return self.book.figure(name, self.years)

    @property
    def names(self) -> set[str]:
        """Every figure that is written down."""
        return set(self.book.own)
