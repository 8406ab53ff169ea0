from __future__ import annotations

import pytest

from simulator import glossary
from simulator.district.columns import KEYS, TABLES, Table, choice_aliases, column, columns
from simulator.district.reading.headings import key_of, known_headings, match
from simulator.stages import STAGES_OF_TYPE

#: MODEL §2, word for word.
_FIELDS = """
school_id school_name school_type ownership area weak small_class primary_pupils junior_pupils
senior_pupils primary_pupils_prior junior_pupils_prior special_pupils special_pupils_prior
grade_1 grade_2 grade_3 grade_4 grade_5 grade_6 grade_7 grade_8 grade_9 primary_boarders
junior_boarders mainstreamed_primary mainstreamed_junior aided_primary_boarder aided_primary_day
aided_junior_boarder aided_junior_day primary_classes junior_classes special_classes
largest_class_primary largest_class_junior authorised_posts staff primary_teachers
junior_teachers primary_higher_degree junior_higher_degree primary_backbone junior_backbone
primary_pe_art junior_pe_art primary_senior_title junior_senior_title payroll operating_funds
training_spend repair_spend operating_funds_final training_spend_final training_tagged floor_area
teaching_area sports_area equipment_value multimedia_rooms computers books music_rooms art_rooms
"""
SCHOOL_FIELDS = _FIELDS.split()


def test_the_schools_table_has_every_field_of_the_model() -> None:
    assert set(SCHOOL_FIELDS) <= set(columns("schools"))


@pytest.mark.parametrize("table", TABLES)
def test_every_column_has_words_in_both_languages(table: Table) -> None:
    for known in columns(table).values():
        term = glossary.term(f"column.{known.field}")
        assert term.zh and term.en and term.zh_definition and term.en_definition
        assert term.unit == known.unit
        assert f"unit.{known.unit}" in glossary.terms()


@pytest.mark.parametrize("table", TABLES)
def test_no_heading_means_two_columns(table: Table) -> None:
    owners: dict[str, set[str]] = {}
    for known in columns(table).values():
        for heading in known.headings():
            owners.setdefault(key_of(heading), set()).add(known.field)
    assert {key: fields for key, fields in owners.items() if len(fields) > 1} == {}


@pytest.mark.parametrize("table", TABLES)
def test_every_heading_is_understood(table: Table) -> None:
    for known in columns(table).values():
        for heading in known.headings():
            assert match(heading, table).column == known


def test_parts_and_keys_name_columns_that_exist() -> None:
    for table in TABLES:
        for known in columns(table).values():
            assert set(known.within) <= set(columns(table))
    assert all(column(table, key).required for table, key in KEYS.items())


def test_types_of_schools_are_those_of_the_stages() -> None:
    assert set(choice_aliases("school_type")) == set(STAGES_OF_TYPE)
    assert columns("schools")["school_type"].choices == tuple(STAGES_OF_TYPE)


def test_no_way_to_write_a_choice_means_two() -> None:
    for field in ("school_type", "ownership", "area"):
        written = [{word.lower() for word in words} for words in choice_aliases(field).values()]
        assert sum(map(len, written)) == len(set().union(*written))


def test_known_headings_are_many() -> None:
    assert len(known_headings("schools")) > 3 * len(SCHOOL_FIELDS)
