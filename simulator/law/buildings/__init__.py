"""Buildings: repair; and living-cost aid to pupils."""
