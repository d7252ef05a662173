"""The states of orders and tasks, and what changes them: a table, so that nothing else decides what is possible.

A task is a step of an order. draft → released → started ⇄ paused → done → closed; an order may be cancelled until it is
closed. The order's own state follows from its tasks' until a person closes or cancels it.
"""

from __future__ import annotations

#: Event → (states of the task it may happen in, the state after it).
TASK_CHANGES: dict[str, tuple[frozenset[str], str]] = {
    "started": (frozenset({"waiting"}), "started"),
    "set_up": (frozenset({"started"}), "started"),
    "reported": (frozenset({"started"}), "started"),
    "paused": (frozenset({"started"}), "paused"),
    "resumed": (frozenset({"paused"}), "started"),
    "finished": (frozenset({"waiting", "started"}), "done"),
    "worked": (frozenset({"waiting", "started", "paused", "done"}), "done"),
    "skipped": (frozenset({"waiting", "paused"}), "skipped"),
    "checked": (frozenset({"waiting", "started", "paused", "done"}), ""),  # a check of the step: its state stays
}
#: The same for an order as a whole.
ORDER_CHANGES: dict[str, tuple[frozenset[str], str]] = {
    "released": (frozenset({"draft"}), "released"),
    "closed": (frozenset({"done"}), "closed"),
    "cancelled": (frozenset({"draft", "released", "started", "paused", "done"}), "cancelled"),
}
TASK_STATES = ("waiting", "started", "paused", "done", "skipped")
ORDER_STATES = ("draft", "released", "started", "paused", "done", "closed", "cancelled")
#: States of an order in which nothing is reported any more, and in which nothing of it is to be planned.
CLOSED_STATES = frozenset({"closed", "cancelled"})
FINAL_TASK_STATES = frozenset({"done", "skipped"})


class NotPossibleError(ValueError):
    """What was reported does not fit the state; the text says what the state is and what is possible."""


def after(table: dict[str, tuple[frozenset[str], str]], kind: str, state: str, what: str) -> str:
    """The state after an event.

    Raises:
        NotPossibleError: where the event is not possible in this state.
    """
    if kind not in table:
        raise NotPossibleError(f"{what}: {kind!r} is not reported here; possible are {', '.join(table)}.")
    allowed, then = table[kind]
    if state not in allowed:
        now = [k for k, (states, _) in table.items() if state in states]
        can = f"Possible now: {', '.join(now)}." if now else "Nothing more can be reported on it."
        raise NotPossibleError(f"{what} is {state}, so it cannot be {kind.replace('_', ' ')}. {can}")
    return then or state
