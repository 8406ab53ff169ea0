"""Money: what is needed, what is given, and the gap."""
