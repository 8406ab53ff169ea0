"""Scenarios side by side as files."""
