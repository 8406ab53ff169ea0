"""Runs the model for one district and one scenario."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import replace

from simulator.district.model import District
from simulator.law import FORMULAS, INPUTS
from simulator.law.reorganisation.carrying import regrouped_columns
from simulator.law.reorganisation.graph import regrouped_graph
from simulator.machine.graph import Graph, build_graph
from simulator.machine.language import BASE
from simulator.machine.run import run_graph
from simulator.own_formula.own_columns import following
from simulator.policy.load import load_policy
from simulator.policy.model import Policy
from simulator.policy.own import OwnPack
from simulator.results.binding import bind
from simulator.results.own_lines import line_arrays, own_formula
from simulator.results.result import Result
from simulator.scenario.model import Scenario


@functools.cache
def model_graph() -> Graph:
    """The graph of all formulas, ordered once."""
    return build_graph(FORMULAS, INPUTS)


@functools.lru_cache(maxsize=16)
def policy_of(names: tuple[str, ...], own: tuple[OwnPack, ...] = ()) -> Policy:
    """The packs of some names, and a district's own layered after them."""
    return load_policy(names, own=own)


def simulate(
    district: District,
    scenario: Scenario,
    *,
    policy: Policy | None = None,
    wanted: Iterable[str] | None = None,
    packs: Sequence[OwnPack] = (),
) -> Result:
    """Everything computed from a district and a scenario over the packs it names.

    ``packs`` of the district's own are layered after those the scenario names; ``policy``
    replaces all of them; ``wanted`` limits the run to some
    figures and what they need. A scenario with formula lines of its own, or on packs with
    some, pays operating funds by them. Raises JunhengError for packs that cannot be loaded.
    """
    in_force = policy if policy is not None else policy_of(tuple(scenario.policy), tuple(packs))
    binding = bind(district, in_force, scenario)
    graph, arrays = model_graph(), binding.arrays
    own = own_formula(scenario, in_force)
    if own is not None:
        graph = own.graph
        arrays = {**arrays, **line_arrays(own.compiled, binding.index, binding.district)}
    if binding.moves is not None:
        graph = regrouped_graph(graph, binding.moves)
        levels = {name: leaf.level for name, leaf in graph.inputs.items()}
        arrays = {**arrays, "base_pupils": arrays["observed_pupils"][BASE : BASE + 1]}
        followers = following(own.compiled.lines.columns) if own is not None else {}
        arrays |= regrouped_columns(arrays, binding.moves, binding.index, levels, followers)
    if arrays is not binding.arrays:
        binding = replace(binding, arrays=arrays)
    return Result(binding, graph, run_graph(graph, binding.index, arrays, wanted))
