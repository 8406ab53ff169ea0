"""Who moves where in which year: pairs, their order and the years' caps, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulator.plan.problem import Problem
from simulator.plan.rotation import Move, _room, caps_kept, net_by_year, pair_moves
from tests.plan.guarding import over_years
from tests.plan.making import simple

DEGREE, BACKBONE, ARTS = 0, 1, 2


def _schools(count: int = 4, years: int = 4, **changes: Any) -> Problem:
    """Schools of one stage; the rotation is looked at from the third year on."""
    given = {
        "target": years - 2,
        "start": np.full(count, years - 2),
        "whole": True,
        "rotation_cap": np.full(years, 99.0),
        "backbone_cap": np.full(years, 99.0),
    }
    return over_years(simple([100.0] * count, {}), years).with_(**{**given, **changes})


def _net(problem: Problem, kind: int, *steps: list[float]) -> np.ndarray:
    found = np.zeros((3, len(problem.part_school), 2))
    for step, values in enumerate(steps):
        found[kind, :, step] = values
    return found


def _told(moves: list[Move]) -> list[tuple[int, int, int, float]]:
    """(year, giver, taker, teachers)."""
    return [(m.year, m.giver, m.taker, m.teachers) for m in moves]


def test_a_step_uses_its_own_years_earliest_first() -> None:
    """Step one covers years 0 to 2 with room for 1, 2 and 9; step two the last year alone."""
    problem = _schools(2, rotation_cap=np.array([1.0, 2.0, 9.0, 4.0]))
    moves = pair_moves(problem, _net(problem, DEGREE, [5.0, -5.0], [-3.0, 3.0]))
    assert _told(moves) == [(0, 1, 0, 1.0), (1, 1, 0, 2.0), (2, 1, 0, 2.0), (3, 0, 1, 3.0)]
    assert {m.kind for m in moves} == {DEGREE}


def test_the_last_year_of_a_step_takes_what_is_left_over() -> None:
    """It is then too much for its cap, and the check says so."""
    problem = _schools(2, rotation_cap=np.array([1.0, 1.0, 1.0, 0.0]))
    moves = pair_moves(problem, _net(problem, DEGREE, [5.0, -5.0]))
    assert _told(moves) == [(0, 1, 0, 1.0), (1, 1, 0, 1.0), (2, 1, 0, 3.0)]
    assert not caps_kept(problem, moves)
    assert caps_kept(problem.with_(rotation_cap=np.array([1.0, 1.0, 3.0, 0.0])), moves)


def test_backbone_teachers_go_first_and_count_in_both_caps() -> None:
    """Room for 3 a year, 1 of them backbone: 2 backbone teachers take two years, others follow."""
    problem = _schools(2, rotation_cap=np.full(4, 3.0), backbone_cap=np.array([1.0, 1.0, 1.0, 1.0]))
    net = _net(problem, DEGREE, [4.0, -4.0]) + _net(problem, BACKBONE, [2.0, -2.0])
    found = {(m.kind, m.year): m.teachers for m in pair_moves(problem, net)}
    assert found == {(1, 0): 1.0, (1, 1): 1.0, (0, 0): 2.0, (0, 1): 2.0}
    wide = problem.with_(backbone_cap=np.array([9.0, 1.0, 1.0, 1.0]))
    found = {(m.kind, m.year): m.teachers for m in pair_moves(wide, net)}
    assert found == {(1, 0): 2.0, (0, 0): 1.0, (0, 1): 3.0}


def test_others_use_no_room_of_the_backbone_teachers() -> None:
    """Two stages: the first one's backbone teachers leave room of a year for the second."""
    stage = np.array([0, 0, 1, 1])
    problem = _schools(part_stage=stage, rotation_cap=np.full(4, 9.0),
                       backbone_cap=np.array([3.0, 1.0, 9.0, 9.0]))  # fmt: skip
    net = _net(problem, BACKBONE, [2.0, -2.0, -2.0, 2.0])
    moves = pair_moves(problem, net)
    assert _told(moves) == [(0, 1, 0, 2.0), (0, 2, 3, 1.0), (1, 2, 3, 1.0)]
    others = pair_moves(problem, _net(problem, ARTS, [2.0, -2.0, -8.0, 8.0]))
    assert _told(others) == [(0, 1, 0, 2.0), (0, 2, 3, 7.0), (1, 2, 3, 1.0)]


def test_the_largest_need_is_served_first_by_who_has_most_to_give() -> None:
    """Takers 1 and 3, givers 2 and 4: the larger with the larger; among equals the first."""
    problem = _schools()
    moves = pair_moves(problem, _net(problem, DEGREE, [1.0, 3.0, -2.0, -2.0]))
    assert _told(moves) == [(0, 2, 1, 2.0), (0, 3, 0, 1.0), (0, 3, 1, 1.0)]
    moves = pair_moves(problem, _net(problem, DEGREE, [3.0, 1.0, -1.0, -3.0]))
    assert _told(moves) == [(0, 2, 1, 1.0), (0, 3, 0, 3.0)]
    moves = pair_moves(problem, _net(problem, DEGREE, [2.0, 2.0, -3.0, -1.0]))
    assert _told(moves) == [(0, 2, 0, 2.0), (0, 2, 1, 1.0), (0, 3, 1, 1.0)]
    moves = pair_moves(problem, _net(problem, DEGREE, [-2.0, -2.0, 3.0, 1.0]))
    assert _told(moves) == [(0, 0, 2, 2.0), (0, 1, 2, 1.0), (0, 1, 3, 1.0)]


def test_a_weak_school_is_served_before_a_larger_need() -> None:
    problem = _schools(weak=np.array([True, False, False, False]),
                       rotation_cap=np.array([1.0, 9.0, 9.0, 9.0]))  # fmt: skip
    moves = pair_moves(problem, _net(problem, DEGREE, [1.0, 3.0, -2.0, -2.0]))
    assert _told(moves)[0] == (0, 2, 0, 1.0)
    assert (1, 3, 1, 2.0) in _told(moves)


def test_less_than_a_millionth_of_a_teacher_is_noise() -> None:
    problem = _schools(2, whole=False)
    for teachers, found in ((0.8e-6, 0), (1.5e-6, 1)):
        moves = pair_moves(problem, _net(problem, DEGREE, [teachers, -teachers]))
        assert len(moves) == found
    # nor does what is left of a pair, or of a year's room, make a move of its own
    three = _schools(3, whole=False)
    moves = pair_moves(three, _net(three, DEGREE, [1.0, -1.0 + 9e-7, -0.8e-6 - 1e-7]))
    assert [m.giver for m in moves] == [1]
    for room, years in ((0.8e-6, [1]), (1.5e-6, [0, 1])):
        narrow = problem.with_(rotation_cap=np.array([room, 9.0, 9.0, 9.0]))
        moves = pair_moves(narrow, _net(narrow, DEGREE, [1.0, -1.0]))
        assert [m.year for m in moves] == years


def test_a_weak_school_that_gives_takes_nobody() -> None:
    problem = _schools(2, whole=False, weak=np.array([False, True]))
    moves = pair_moves(problem, _net(problem, DEGREE, [0.5, -0.5]))
    assert _told(moves) == [(0, 1, 0, 0.5)]
    back = pair_moves(
        problem.with_(weak=np.array([True, False])), _net(problem, DEGREE, [-0.5, 0.5])
    )
    assert _told(back) == [(0, 0, 1, 0.5)]


def test_a_teacher_left_over_from_the_first_giver_comes_from_the_second() -> None:
    problem = _schools(3, whole=False)
    for rest, givers in ((0.8e-6, [2]), (1.5e-6, [1, 2])):
        moves = pair_moves(problem, _net(problem, DEGREE, [1.0 + rest, -rest - 1e-8, -1.0]))
        assert sorted(m.giver for m in moves) == givers


def test_whole_teachers_have_whole_room_and_the_years_of_a_step() -> None:
    caps = np.array([3 - 0.8e-9, 3 - 1.5e-9, 2.9, 4.0])
    problem = _schools(2, rotation_cap=caps, backbone_cap=caps / 2)
    assert _room(problem, 0, 2).tolist() == [[3.0, 2.0, 2.0], [1.0, 1.0, 1.0]]
    assert _room(problem, 3, 3).tolist() == [[4.0], [2.0]]
    assert _room(problem.with_(whole=False), 1, 2)[0].tolist() == [3 - 1.5e-9, 2.9]
    # the room is a copy: the problem's own caps stay
    room = _room(problem.with_(whole=False), 0, 3)
    room[0, 0] = -7.0
    assert problem.rotation_cap[0] == caps[0]


def test_a_year_without_room_is_passed_over_and_never_gives_back() -> None:
    """Room of the first year is overdrawn by backbone teachers of a cap that is not theirs."""
    problem = _schools(2, whole=False, rotation_cap=np.array([-1.0, 2.0, 9.0, 9.0]))
    moves = pair_moves(problem, _net(problem, DEGREE, [3.0, -3.0]))
    assert _told(moves) == [(1, 1, 0, 2.0), (2, 1, 0, 1.0)]


def test_nothing_looked_at_is_one_step_to_the_end() -> None:
    problem = _schools(2, years=2, target=2, start=np.full(2, 2),
                       rotation_cap=np.array([1.0, 9.0]))  # fmt: skip
    moves = pair_moves(
        problem, np.stack([np.array([[3.0], [-3.0]]), np.zeros((2, 1)), np.zeros((2, 1))])
    )
    assert _told(moves) == [(0, 1, 0, 1.0), (1, 1, 0, 2.0)]


def test_moves_are_told_by_year_kind_giver_and_taker() -> None:
    problem = _schools(3, rotation_cap=np.array([2.0, 9.0, 9.0, 9.0]))
    net = _net(problem, DEGREE, [1.0, 1.0, -2.0]) + _net(problem, ARTS, [-2.0, 1.0, 1.0])
    found = [(m.year, m.kind, m.giver, m.taker) for m in pair_moves(problem, net)]
    assert found == [(0, 0, 2, 0), (0, 0, 2, 1), (1, 2, 0, 1), (1, 2, 0, 2)]


MOVES = [Move(DEGREE, 0, 1, 0, 2.0), Move(BACKBONE, 1, 2, 0, 3.0), Move(DEGREE, 2, 1, 1, 4.0),
         Move(BACKBONE, 0, 2, 1, 1.0), Move(BACKBONE, 0, 2, 1, 1.0)]  # fmt: skip


def test_net_moves_of_a_year_are_who_came_less_who_went() -> None:
    found = net_by_year(_schools(3, years=2), MOVES)
    assert found[DEGREE].tolist() == [[-2.0, 0.0], [2.0, 4.0], [0.0, -4.0]]
    assert found[BACKBONE].tolist() == [[0.0, -2.0], [-3.0, 0.0], [3.0, 2.0]]
    assert not found[ARTS].any()


@pytest.mark.parametrize(
    ("everyone", "backbone", "kept"),
    [
        ([5.0, 6.0], [3.0, 2.0], True), ([4.9, 6.0], [3.0, 2.0], False),
        ([5.0, 5.9], [3.0, 2.0], False), ([5.0, 6.0], [2.9, 2.0], False),
        ([5.0, 6.0], [3.0, 1.9], False), ([5 - 0.8e-6, 6.0], [3.0, 2 - 0.8e-6], True),
        ([5 - 1.5e-6, 6.0], [3.0, 2.0], False), ([5.0, 6.0], [3.0, 2 - 1.5e-6], False),
    ],
)  # fmt: skip
def test_caps_are_kept_to_a_millionth_of_a_teacher(
    everyone: list[float], backbone: list[float], kept: bool
) -> None:
    """5 and 6 teachers move, 3 and 2 of them backbone."""
    problem = _schools(3, years=2, rotation_cap=np.array(everyone), backbone_cap=np.array(backbone))
    assert caps_kept(problem, MOVES) is kept
