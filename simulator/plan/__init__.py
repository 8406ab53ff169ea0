"""The plan: the cheapest path of several years that meets every rule, with proof."""
