"""A damaged row of the library: it is set aside with a sentence, and everything else works."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import simulator as sim
from simulator.errors import JunhengError
from simulator.glossary import LANGUAGES
from simulator.library.checks import search_words
from simulator.library.exchange import export_entries
from simulator.library.store import Library, Work, open_library, work_of
from simulator.library.tables import DRAFTS, ENTRIES
from simulator.scenario.load import SHIPPED

#: Values that a damaged disk, another program or ill will may leave in any field.
HOSTILE: tuple[Any, ...] = (
    b"\xff\xfe\x00", b"", 0, -1, 2**63 - 1, 3.5, float("inf"), "", "x" * 2_000_000, "a\x00b",
    "\u202e", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2027-03-01T08:30:00",
    "2027-02-30T08:30:00+00:00", "2027-03-01", "二〇二七-03-01T08:30:00+00:00", "[" * 5_000, "nan",
    "{}", "'; DROP TABLE entries; --", "a: &a [*a]", "-" * 65, "\n\n", "12",
)  # fmt: skip
#: Nothing reads these as they are: one orders the rows, one is searched, one says what is gone.
ORDER = {"number", "searched", "deleted"}
FIELDS = [each.name for each in ENTRIES.columns if each.name not in ORDER]
MORNING = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)


def work(name: str) -> Work:
    scenario = sim.load_scenario(SHIPPED / "steady.yaml")
    return work_of(scenario, name, district="a" * 64, policy="b" * 64, tags=("汇报",), note="注")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.db"


@pytest.fixture
def library(path: Path) -> Library:
    return open_library(path)


def spoil(path: Path, field: str, value: Any, name: str, table: str = "entries") -> None:
    """Write a value over a field of a row, past every check."""
    with closing(sqlite3.connect(path)) as connection:
        key = "owner" if table == "drafts" else "name"
        query = f"UPDATE {table} SET {field} = ? WHERE {key} = ?"
        if isinstance(value, str) and not value.isprintable() and "\x00" not in value:
            value = value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        connection.execute(query, (value, name))
        connection.commit()


def is_told_as_text(error: JunhengError) -> bool:
    told = [error.text(language) for language in LANGUAGES]
    filled = all(len(each) < 500 and not re.search(r"\{[a-z_:]+\}", each) for each in told)
    return filled and told[0] != told[1]


def refusal(way: Callable[[], object]) -> JunhengError | None:
    """The error in which something is refused; None where it is done."""
    try:
        way()
    except JunhengError as error:
        return error
    return None


def uses(library: Library) -> None:
    """Everything that is done with the library, on the page and by name."""
    for entry in library.entries():
        for language in LANGUAGES:
            assert entry.title(language)
        for hours in (-12, 0, 14):
            assert entry.saved.astimezone(timezone(timedelta(hours=hours))).year
        assert entry.identity
        refused = refusal(entry.scenario)
        assert refused is None or is_told_as_text(refused)
    assert export_entries(library.entries())
    library.entries("注", library.tags()[:1])


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_one_damaged_row_is_set_aside_and_harms_no_other(
    library: Library, path: Path, field: str, value: Any
) -> None:
    kept = library.save(work("好"), MORNING).entry
    bad = library.save(work("坏"), MORNING).entry
    spoil(path, field, value, "坏")
    uses(library)
    found = library.damaged()
    assert kept in library.entries()
    assert len(library.entries()) + len(found) == 2
    assert all(is_told_as_text(each.error) for each in found)
    # the name can be used again, and the row can go
    assert library.save(work("坏"), MORNING).entry.version >= 1
    for each in found:
        library.discard(each.number)
    assert library.damaged() == ()
    assert kept in library.entries()
    if field not in ("id", "link"):
        _closed(lambda: library.open(bad.id), gone=bool(found))


def _closed(open_it: Callable[[], object], gone: bool) -> None:
    if gone:
        with pytest.raises(JunhengError, match="no such scenario"):
            open_it()
    else:
        open_it()


def test_of_the_fields_most_hostile_values_are_found_out(library: Library, path: Path) -> None:
    """A guard of the test above: the checks see each field, not only some."""
    for field in FIELDS:
        library.save(work(str(field)), MORNING)
        spoil(path, field, b"\xff\xfe\x00", field)
    assert len(library.damaged(most=100)) == len(FIELDS)
    assert library.entries() == ()
    assert len(library.damaged()) == min(20, len(FIELDS))


@pytest.mark.parametrize("year", [1, 1969, 2200, 9999])
def test_a_time_that_some_places_cannot_show_is_not_saved(library: Library, year: int) -> None:
    with pytest.raises(JunhengError) as caught:
        library.save(work("甲"), datetime(year, 12, 31, 23, 59, tzinfo=UTC))
    assert caught.value.code == "store_time" and is_told_as_text(caught.value)
    with pytest.raises(JunhengError):
        library.save_all([(work("甲"), datetime(2027, 3, 1, 8, 30))])  # noqa: DTZ001 (no zone)
    assert library.entries() == ()


@pytest.mark.parametrize("year", [1970, 2199])
def test_the_first_and_the_last_year_are_saved(library: Library, year: int) -> None:
    saved = library.save(work("甲"), datetime(year, 12, 31, 23, 59, tzinfo=UTC))
    assert library.entries() == (saved.entry,)


def test_damaged_rows_do_not_push_the_others_out(library: Library, path: Path) -> None:
    first = library.save(work("好"), MORNING).entry
    for _ in range(5):
        library.save(work("坏"), MORNING)
    spoil(path, "saved", "9999-12-31T23:59:59-12:00", "坏")
    assert library.entries(most=2) == (first,)
    assert len(library.damaged(most=3)) == 3


def test_only_a_damaged_row_is_discarded(library: Library, path: Path) -> None:
    library.save(work("好"), MORNING)
    library.save(work("坏"), MORNING)
    spoil(path, "saved", "?", "坏")
    bad = library.damaged()[0].number
    for number in (bad - 1, bad + 1, -1):
        with pytest.raises(JunhengError, match="no such scenario"):
            library.discard(number)
    library.discard(bad)
    assert [each.name for each in library.entries()] == ["好"]


def test_a_link_to_a_damaged_row_is_told(library: Library, path: Path) -> None:
    entry = library.save(work("坏"), MORNING).entry
    token = library.share(entry.id)
    spoil(path, "saved", "9999-12-31T23:59:59-12:00", "坏")
    for way in (lambda: library.linked(token), lambda: library.open(entry.id)):
        with pytest.raises(JunhengError, match="set aside") as caught:
            way()
        assert is_told_as_text(caught.value)
    library.unshare(entry.id)
    library.delete(entry.id)
    assert library.damaged() == ()


@pytest.mark.parametrize("field", [each.name for each in DRAFTS.columns if each.name != "owner"])
@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_a_damaged_draft_is_told_and_can_be_dropped(
    library: Library, path: Path, field: str, value: Any
) -> None:
    library.keep_draft("甲", {"a": 1})
    library.keep_draft("乙", {"b": 2})
    spoil(path, field, value, "甲", "drafts")
    refused = refusal(lambda: library.draft("甲"))
    if refused is None:
        found = library.draft("甲")
        assert found is not None and dict(found.state) in ({"a": 1}, {})
    else:
        assert refused.code == "store_draft_damaged" and is_told_as_text(refused)
    other = library.draft("乙")
    assert other is not None and other.state == {"b": 2}
    library.drop_draft("甲")
    assert library.draft("甲") is None


@given(st.text(max_size=300))
def test_any_text_can_be_searched_for(text: str) -> None:
    refused = refusal(lambda: search_words(text))
    if refused is None:
        assert all(word.split() == [word] for word in search_words(text) or ())
    else:
        assert is_told_as_text(refused)


def test_a_search_of_too_many_words_is_refused_in_a_sentence(library: Library) -> None:
    library.save(work("好"), MORNING)
    assert library.entries("好 " * 5_000)  # one word, however often
    assert library.entries(" ".join(map(str, range(50)))) == ()
    refused = refusal(lambda: library.entries(" ".join(map(str, range(51)))))
    assert refused is not None and is_told_as_text(refused)
    assert library.entries("\ud800") == library.entries("好\x00") == ()
