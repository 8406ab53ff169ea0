"""Checks of a district's data."""
