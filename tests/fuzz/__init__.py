"""Fuzzing by coverage: inputs that reach new lines of the product are kept and changed further."""
