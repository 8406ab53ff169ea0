"""The growth rules."""
