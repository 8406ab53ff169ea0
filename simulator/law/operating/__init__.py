"""Operating funds: heads, rates, small schools, what reaches whom, and the floors under it."""
