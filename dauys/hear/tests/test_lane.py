"""The lane writes everything it was given, and can be closed and opened again."""

import os
import threading

import pytest

from dauys.hear.lane import Lane


@pytest.fixture
def lane():
    made = Lane(lambda items: [item * 2 for item in items])
    yield made
    made.close()


def test_each_gets_its_own_result(lane):
    assert [lane.submit(number) for number in range(5)] == [0, 2, 4, 6, 8]


def test_closing_ends_the_thread_and_the_next_opens_it_again(lane):
    lane.submit(1)
    thread = lane._thread
    lane.close()
    assert not thread.is_alive()
    lane.close()
    assert lane.submit(2) == 4


def test_nothing_given_before_or_while_closing_is_left_waiting(lane):
    results = []

    def knock(number):
        results.append(lane.submit(number))

    people = [threading.Thread(target=knock, args=(number,)) for number in range(60)]
    for number, person in enumerate(people):
        person.start()
        if number % 7 == 0:
            lane.close()
    for person in people:
        person.join(10)
    assert sorted(results) == [number * 2 for number in range(60)]


def test_one_bad_item_does_not_refuse_its_neighbours():
    def write(items):
        if "bad" in items:
            raise ValueError("bad")
        return items

    lane = Lane(write)
    with pytest.raises(ValueError, match="bad"):
        lane.submit("bad")
    assert lane.submit("good") == "good"
    lane.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only POSIX forks")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_process_has_a_lane_of_its_own(lane):
    lane.submit(1)
    child = os.fork()
    if not child:
        os._exit(0 if lane.submit(21) == 42 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
