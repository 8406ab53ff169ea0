"""Formulas of schools that close, merge or open: they see last year's figures of those here now."""

from __future__ import annotations

from simulator.machine.language import known_or, previous, ratio, where


def last_year(value):
    """Last year's figure."""
    return previous(value)


def grade(observed, last, pupils, pupils_last_year):
    """Pupils of one year of study; where none are given, last year's change as all pupils do.

    In a school without pupils nobody is in any.
    """
    return known_or(observed, where(pupils, last * ratio(pupils, pupils_last_year), 0))


def stock(planned, last, arrived, opened, counted):
    """A school's quantity: last year's, moved along, what came into use, what it opens with."""
    return where(planned, last + arrived + opened, counted)


def teachers(planned, last, moved, counted):
    """Teachers of one kind: last year's of those here now, and those who rotated in or out."""
    return where(planned, last + moved, counted)


def per_head(funds, heads):
    """Last year's operating funds per head, of those who are here now."""
    return ratio(funds, heads)
