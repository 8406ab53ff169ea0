"""The library of saved scenarios."""
