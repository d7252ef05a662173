"""Small assembly problems, given and drawn."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from gemba.solvers.assembly import Assembly, assembly

DAY = 86400


def shop(
    jobs: list[dict[str, Any]], *, stock: Any = (), supplied: Any = (), machines: int = 2, hours: Any = ()
) -> Assembly:
    """A problem of jobs: ``tasks`` are rows of (machine, fixed, unit, follower in the job, {material: need})."""
    tasks, machine, fixed, unit, follower, needs, material, need = [0], [], [], [], [], [0], [], []
    for job in jobs:
        first = len(machine)
        for m, f, u, after, wants in job["tasks"]:
            machine.append(m)
            fixed.append(f)
            unit.append(u)
            follower.append(-1 if after < 0 else first + after)
            material += list(wants)
            need += list(wants.values())
            needs.append(len(material))
        tasks.append(len(machine))
    calendar = [0 if len(hours) else -1] * machines
    return assembly(
        due=[j["due"] for j in jobs], weight=[j.get("weight", 1.0) for j in jobs], release=[j.get("release", 0) for j in jobs],
        pieces=[j.get("pieces", 1) for j in jobs], tasks=tasks, machine=machine, fixed=fixed, unit=unit, follower=follower,
        needs=needs, material=material, need=need, calendar=calendar, stock=stock, supplied=supplied, hours=hours,
    )  # fmt: skip


def two_stages(*jobs: tuple[int, int, int], **more: Any) -> Assembly:
    """Jobs of (seconds on machine 0, then on machine 1, due)."""
    return shop([{"due": due, "tasks": [(0, a, 0, 1, {}), (1, b, 0, -1, {})]} for a, b, due in jobs], **more)


@st.composite
def shops(draw: Any, most: int = 4) -> Assembly:
    """Up to so many jobs of two parts and their assembly, one material, perhaps with closed hours."""
    jobs = []
    for _ in range(draw(st.integers(1, most))):
        wants = [draw(st.sampled_from([{}, {0: 1.0}, {0: 2.5}])) for _ in range(2)]
        seconds = st.integers(0, 9)
        tasks = [
            (0, draw(seconds), draw(seconds), 2, wants[0]),
            (draw(st.integers(0, 1)), 0, draw(seconds), 2, wants[1]),
            (2, draw(seconds), draw(st.integers(1, 9)), -1, {}),
        ]
        jobs.append({"tasks": tasks, "due": draw(st.integers(0, 60)), "weight": float(draw(st.integers(1, 3))),
                     "release": draw(st.sampled_from([0, 0, 5])), "pieces": draw(st.integers(1, 3))})  # fmt: skip
    hours = draw(st.sampled_from([(), ([(0, 11), (17, 30), (31, 5000)],)]))
    return shop(jobs, stock=[draw(st.integers(0, 6))], supplied=[draw(st.integers(0, 40))], machines=3, hours=hours)
