"""Sharing: which level of government bears what."""
