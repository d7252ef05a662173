"""Setting targets: the level above sets, the level below owns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction

from gemba.app.actions.audit import record
from gemba.app.actions.refused import RefusedError
from gemba.app.actions.release import uid
from gemba.app.queries.current import current
from gemba.app.security.scope import require_place
from gemba.app.store.clock import now
from gemba.app.store.operations import NotFoundError
from gemba.app.store.records import append, read
from gemba.measure.kpi import catalogue_of
from gemba.measure.targets import cascade_faults, standing_targets
from gemba.measure.targets.current import key_of
from gemba.operation import Fault, OperationError, Target
from gemba.operation.references import nearest


def set_target(user: Any, operation: str, target: Target) -> Target:
    """Set a target, or replace the one for the same KPI, place, item and period. The same uid is taken once.

    Raises:
        OperationError: where the KPI, place or item is unknown, or it is no part of the target it names above it.
        PermissionDenied: where the user may not set targets at this place.
    """
    require_place(user, "set_target", operation, target.place)
    target = replace(target, at=now(operation))
    faults = _faults(operation, target)
    if faults:
        raise OperationError(faults)
    with transaction.atomic():
        append(operation, [target], user=user)
        goal = {"kpi": target.kpi, "place": target.place, "period": target.period, "goal": target.goal}
        record(user, "set target", operation, after={**goal, "owner": target.owner})
    return target


def break_down(user: Any, operation: str, targets: Sequence[Target]) -> list[Target]:
    """Set the targets that another one is broken down into: all of them or none.

    Raises:
        OperationError: with what is wrong with any of them.
        PermissionDenied: where the user may not set targets at one of the places.
    """
    faults: list[Fault] = []
    with transaction.atomic():
        made = []
        for target in targets:
            try:
                made.append(set_target(user, operation, target))
            except OperationError as wrong:
                faults += wrong.faults
        if faults:
            raise OperationError(faults)
    return made


def withdraw_target(user: Any, operation: str, target_uid: str, note: str = "") -> None:
    """Take a target back.

    Raises:
        NotFoundError: where there is none.
        RefusedError: where targets below still are part of it.
    """
    found = next(iter(read(operation, "targets", uid=target_uid)), None)
    if found is None:
        raise NotFoundError(f"there is no target {target_uid}")
    require_place(user, "set_target", operation, found.place)
    if _parts(operation, found):
        raise RefusedError("Other targets are part of this one. Take them back first, or make them part of another.")
    with transaction.atomic():
        append(operation, [replace(found, uid=uid(), at=now(operation), withdrawn=True, note=note)], user=user)
        record(user, "withdraw target", operation, before={"kpi": found.kpi, "place": found.place, "goal": found.goal})


def _parts(operation: str, target: Target) -> list[Target]:
    """The targets that stand and are part of this one, or of one that it has replaced."""
    known = read(operation, "targets")
    same = {t.uid for t in known if key_of(t) == key_of(target)}
    return [t for t in standing_targets(known, now(operation)) if t.parent in same]


def _faults(operation: str, target: Target) -> list[Fault]:
    here = current(operation).operation
    known = {
        "kpi": set(catalogue_of(here.kpis).kpis),
        "place": {p.name for p in here.places},
        "item": {i.name for i in here.items},
    }
    faults = [
        Fault("targets", target.kpi, field, value, f"one of the {field}s there are", nearest(value, names))
        for field, names in known.items()
        if (value := getattr(target, field)) and value not in names
    ]
    if target.parent and not faults:
        above = next(iter(read(operation, "targets", uid=target.parent)), None)
        if above is None:
            return [Fault("targets", target.kpi, "parent", target.parent, "the uid of a target")]
        faults = cascade_faults(target, above, {p.name: p.parent for p in here.places})
    return faults
