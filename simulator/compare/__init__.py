"""Scenarios side by side: what differs, what it does, and where the difference comes from."""
