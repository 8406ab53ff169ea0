"""Small changes to the product that its tests must notice: ``python -m tests.mutants``.

A mutant is a copy of the program with one operator, constant, comparison or extreme changed.
``making`` makes them, ``nursery`` tries one after the other in a copy of the project,
``reporting`` writes down which survived. ``tests.yaml`` says which tests see which file,
``equivalents.yaml`` which changes change nothing and why.
"""
