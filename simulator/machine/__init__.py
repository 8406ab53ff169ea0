"""Formulas as such: words, order, runs, the trace, and how they are written down."""
