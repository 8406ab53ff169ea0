"""Files from outside, read in a bounded process of their own; what comes back is plain data."""
