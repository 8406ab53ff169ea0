"""Conditions of schools that the evaluation asks of the government."""
