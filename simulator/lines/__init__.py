"""Formula lines: the district's own per-pupil formula, written as data, turned into formulas."""
