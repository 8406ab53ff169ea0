"""The line of visitors: a few read at once, one of each, in the order in which they came."""

from __future__ import annotations

import random
import threading

from simulator.incoming.line import MOST, Line


def test_two_read_and_the_third_sees_who_is_before_it() -> None:
    line = Line(2)
    first, second, third, fourth = (line.join(name) for name in "abcd")
    assert [line.ahead(each) for each in (first, second, third, fourth)] == [0, 0, 1, 2]
    line.leave(second)
    assert [line.ahead(each) for each in (first, third, fourth)] == [0, 0, 1]


def test_one_visitor_does_not_take_both_places() -> None:
    line = Line(2)
    first, again, other = line.join("a"), line.join("a"), line.join("b")
    assert [line.ahead(each) for each in (first, again, other)] == [0, 1, 0]
    line.leave(first)
    assert line.ahead(again) == 0 == line.ahead(other)


def test_who_waits_may_go_away() -> None:
    line = Line(1)
    first, second, third = (line.join(name) for name in "abc")
    line.leave(second)
    assert line.ahead(third) == 1
    line.leave(first)
    assert line.ahead(third) == 0


def test_who_reads_goes_on_reading_and_no_more_than_that_read() -> None:
    draw = random.Random(5)
    line = Line(MOST)
    held = []
    for _ in range(2_000):
        reading = set(line.reading())
        if held and draw.random() < 0.5:
            gone = held.pop(draw.randrange(len(held)))
            line.leave(gone)
            reading.discard(gone)
        else:
            held.append(line.join(draw.choice("abcde")))
        now = line.reading()
        assert reading <= set(now) and len(now) <= MOST
        assert len({each.visitor for each in now}) == len(now)
        waiting = [each for each in held if each not in now]
        assert all(line.ahead(each) > 0 for each in waiting)
        # nobody waits while there is room for him
        assert len(now) == MOST or {each.visitor for each in waiting} <= {t.visitor for t in now}


def test_a_place_that_comes_free_wakes_who_waits() -> None:
    line = Line(1)
    first, second = line.join("a"), line.join("b")
    woken = threading.Event()

    def wait() -> None:
        while line.ahead(second):
            line.wait(60)
        woken.set()

    waiting = threading.Thread(target=wait)
    waiting.start()
    line.leave(first)
    assert woken.wait(30)
    waiting.join()
