"""What is free of the renewable resources over time, as a linked list of the moments at which that changes.

Long durations cost no more than short ones. Free capacities of several resources share a word with a spare bit above each: one
subtraction tells whether all of them suffice.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gemba.solvers.compiled import kernel
from gemba.solvers.project.problem import LATEST, Longs


class Profile(NamedTuple):
    """Moments from 0 on; the first two are 0 and ``LATEST``, an activity adds two at most."""

    moment: Longs  # (2 n + 2)
    following: Longs  # (2 n + 2) the next moment in time
    free: Longs  # (2 n + 2, w) from this moment until the next
    moments: Longs  # (1) how many are in use
    at_end: Longs  # (n) of each activity placed, the last moment not after its end


def empty(n: int, words: int) -> Profile:
    """Room for n activities."""
    size = 2 * n + 2
    return Profile(
        np.zeros(size, np.int64), np.zeros(size, np.int64), np.zeros((size, words), np.int64), np.zeros(1, np.int64),
        np.zeros(n, np.int64),
    )  # fmt: skip


@kernel
def clear(profile, room):  # type: ignore[no-untyped-def]
    """Nothing is taken."""
    profile.moment[0], profile.moment[1] = 0, LATEST
    profile.following[0], profile.following[1] = 1, 1
    for w in range(len(room)):
        profile.free[0, w] = room[w]
        profile.free[1, w] = room[w]
    profile.moments[0] = 2


@kernel
def fits(free, at, packed, mode, guard):  # type: ignore[no-untyped-def]
    """Whether a mode's demands are free from a moment until the next."""
    short = 0
    for w in range(len(guard)):
        short |= ~((free[at, w] | guard[w]) - packed[mode, w]) & guard[w]
    return short == 0


@kernel
def earliest(profile, packed, guard, at, start, duration, mode):  # type: ignore[no-untyped-def]
    """(last moment not after it, start): the soonest start from ``start`` on, which is not before the moment ``at``."""
    moment, following, free = profile.moment, profile.following, profile.free
    place = at
    while duration > 0 and moment[place] < start + duration:
        enough = fits(free, place, packed, mode, guard)
        place = following[place]
        if not enough:
            at, start = place, moment[place]
    return at, start


@kernel
def add_moment(profile, after, moment):  # type: ignore[no-untyped-def]
    """A new moment behind another one, with the same capacity free."""
    place = profile.moments[0]
    profile.moments[0] = place + 1
    profile.moment[place] = moment
    profile.following[place] = profile.following[after]
    profile.following[after] = place
    for w in range(profile.free.shape[1]):
        profile.free[place, w] = profile.free[after, w]
    return place


@kernel
def take(profile, packed, at, start, duration, mode, activity):  # type: ignore[no-untyped-def]
    """Place an activity where ``earliest`` found room."""
    moment, following, free = profile.moment, profile.following, profile.free
    if duration > 0:
        if moment[at] < start:
            at = add_moment(profile, at, start)
        end = start + duration
        last = at
        while moment[following[last]] < end:
            last = following[last]
        if moment[following[last]] > end:
            add_moment(profile, last, end)
        place = at
        stop = following[last]
        while place != stop:
            for w in range(free.shape[1]):
                free[place, w] -= packed[mode, w]
            place = following[place]
        at = stop
    profile.at_end[activity] = at


@kernel
def ready(profile, network, finish, activity):  # type: ignore[no-untyped-def]
    """(last moment not after it, earliest start) of an activity whose predecessors are placed."""
    at, latest, start = 0, 0, network.release[activity]
    for arc in range(network.ptr[activity], network.ptr[activity + 1]):
        other = network.other[arc]
        start = max(start, finish[other] + network.lag[arc])
        if finish[other] > latest:
            at, latest = profile.at_end[other], finish[other]
    while profile.moment[profile.following[at]] <= start:
        at = profile.following[at]
    return at, start
