"""Balance as the inspectors measure it."""
