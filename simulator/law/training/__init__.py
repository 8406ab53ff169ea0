"""Training: each school's share of operating funds, the bureau's share of pay."""
