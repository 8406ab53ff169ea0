"""Pupils: cohorts, intake, moves, splitting of mixed schools."""
