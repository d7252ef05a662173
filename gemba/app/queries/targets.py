"""Targets: where each stands, how it came to be, and how many ask for a person's attention."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from gemba.app.analytics import is_available
from gemba.app.queries.current import Current, current
from gemba.app.queries.kpi_course import COUNT, Measures, Span, is_cost, span
from gemba.app.queries.kpis import Filters
from gemba.app.security.permission import may
from gemba.app.security.scope import inside, places_of
from gemba.app.store.clock import now
from gemba.app.store.operations import NotFoundError
from gemba.app.store.quick import ask
from gemba.app.store.records import read, stored
from gemba.measure.kpi import Figure, evaluate
from gemba.measure.kpi.tree import Call, Name, Node, Number, names
from gemba.measure.targets import Branch, Status, branches, forecast, standing_targets, status
from gemba.measure.targets.current import key_of
from gemba.operation import Target

#: States that ask for the attention of whoever must know.
ALARMING = ("off track", "missed")
_SHIFT_DAYS = 8


class Past(NamedTuple):
    """The figures of the periods before, the oldest first, the one now, and the share of it that has passed."""

    former: list[Figure | None]
    last: Figure | None
    share: float


def standing(operation: str, at: datetime) -> list[Target]:
    """The targets that hold at a moment, each part of the one that stands now for the one it was made part of."""
    known = read(operation, "targets")
    found = standing_targets(known, at)
    key, stands = {t.uid: key_of(t) for t in known}, {key_of(t): t.uid for t in found}
    return [replace(t, parent=stands.get(key.get(t.parent, ("", "", "", "")), t.parent)) for t in found]


def cascade(operation: str, user: Any) -> tuple[list[Branch], Measures]:
    """The targets a person may see as trees, the worst first: those at their places and every one above these."""
    measures = Measures(current(operation).operation)
    found = seen(operation, user, standing(operation, measures.now), measures)
    return branches(statuses(measures, found)), measures


def seen(operation: str, user: Any, targets: Sequence[Target], measures: Measures) -> list[Target]:
    """Those within a person's places or of no place, and the chain above them; of costs only for who may see these."""
    scope, costs, by_uid = places_of(user, operation), may(user, "see_cost"), {t.uid: t for t in targets}
    shown: set[str] = set()
    for t in targets:
        at: Target | None = t if inside(scope, t.place) or not t.place else None
        while at is not None and at.uid not in shown:
            shown.add(at.uid)
            at = by_uid.get(at.parent)
    kpis = measures.known.kpis
    return [t for t in targets if t.uid in shown and (costs or t.kpi not in kpis or not is_cost(measures.known, t.kpi))]


def statuses(measures: Measures, targets: Iterable[Target]) -> list[Status]:
    """Where each stands now. Targets of the same place, item and period are answered together."""
    groups: dict[tuple[str, str, str], list[Target]] = {}
    for t in targets:
        groups.setdefault((t.place, t.item, t.period), []).append(t)
    places = {p.name for p in measures.operation.places}
    found = []
    for (place, item, period), of in groups.items():
        known = [t for t in of if t.kpi in measures.known.kpis and (not place or place in places)]
        pasts = _pasts(measures, {t.kpi for t in known}, period, Filters(place, item)) if known else {}
        found += [_status(measures, t, pasts.get(t.kpi, Past([], None, 1.0))) for t in of]
    return found


def _pasts(measures: Measures, kpis: Iterable[str], period: str, filters: Filters) -> dict[str, Past]:
    if period == "shift":
        return _of_shifts(measures, kpis, filters)
    over = span(period, measures.today, COUNT + 1)
    share = _share(measures, over)
    return {kpi: Past(of[:-1], of[-1], share) for kpi, of in measures.courses(kpis, over, filters).items()}


def _share(measures: Measures, over: Span) -> float:
    """How much of the last period has passed, in time."""
    first, last = (measures.slices.midnight(d) for d in (over.starts[-1], over.end))
    return min(1.0, max(1.0, measures.now.timestamp() - first) / (last - first))


def _of_shifts(measures: Measures, kpis: Iterable[str], filters: Filters) -> dict[str, Past]:
    """The shift now and those before it in which something was recorded."""
    slices, moment = measures.slices, measures.now.timestamp()
    group = slices.group(filters.place)
    first = measures.today - timedelta(days=_SHIFT_DAYS)
    pieces = slices.between(group, slices.midnight(first), moment)
    order = {(s.day, s.shift): i for i, s in enumerate(pieces)}
    here = next((s for s in pieces if s.start <= moment < s.end), pieces[-1])
    share = min(1.0, max(1.0, moment - here.start) / (here.end - here.start))
    found = measures.figures(kpis, ("day", "shift"), first, measures.today + timedelta(days=1), filters)
    pasts = {}
    for kpi, of in found.items():
        keys = sorted((k for k in of if k in order and k != (here.day, here.shift)), key=lambda k: order[_pair(k)])
        former: list[Figure | None] = [of[k] for k in keys[-COUNT:]]
        pasts[kpi] = Past(former, of.get((here.day, here.shift)), share)
    return pasts


def _pair(key: tuple[Any, ...]) -> tuple[date, str]:
    return key[0], key[1]


def _status(measures: Measures, target: Target, past: Past) -> Status:
    kpi = measures.known.kpis.get(target.kpi)
    better, last = kpi.better if kpi else "higher", past.last
    value, foreseen = None if last is None else last.value, None
    if last is not None and value is not None:
        foreseen = forecast(last.elements, past.share, lambda sums: evaluate(measures.known, target.kpi, sums).value)
    return status(target, better, value, foreseen, [None if f is None else f.value for f in past.former])


def flat(trees: Iterable[Branch]) -> list[Branch]:
    """Every branch, each followed by those below it."""
    return [b for tree in trees for b in (tree, *flat(tree.below))]


def find(operation: str, user: Any, target_uid: str) -> tuple[Branch, list[Branch], Measures]:
    """A target that stands (also by the uid of one it has replaced), and all there are.

    Raises:
        NotFoundError: where there is none, or none that this person may see.
    """
    trees, measures = cascade(operation, user)
    every = flat(trees)
    known = next(iter(read(operation, "targets", uid=target_uid)), None)
    found = next((b for b in every if known is not None and key_of(b.target) == key_of(known)), None)
    if found is None:
        raise NotFoundError(f"there is no target {target_uid!r}")
    return found, every, measures


def history(operation: str, target: Target) -> list[dict[str, Any]]:
    """Every record of a KPI's target at a place, for an item and period: the latest first."""
    kpi, place, item, period = key_of(target)
    rows = stored(operation, "targets").filter(kpi=kpi, place=place, item=item, period=period).order_by("-row")
    shown = ("uid", "at", "goal", "alert", "owner", "start", "end", "withdrawn", "note", "recorded_by__username")
    return [{**row, "by": row.pop("recorded_by__username") or ""} for row in rows.values(*shown)]


def as_row(measures: Measures, branch: Branch) -> dict[str, Any]:
    """A target with where it stands, plain."""
    t, s, kpi = branch.target, branch.status, measures.known.kpis.get(branch.target.kpi)
    return {
        "uid": t.uid, "kpi": t.kpi, "place": t.place, "item": t.item, "period": t.period, "goal": t.goal,
        "alert": t.alert, "owner": t.owner, "parent": t.parent, "start": t.start, "end": t.end, "note": t.note,
        "unit": kpi.unit if kpi else "", "better": kpi.better if kpi else "higher", "value": s.value,
        "forecast": s.forecast, "state": s.state, "trend": s.trend, "misses": s.misses, "told": list(branch.told),
        "depth": branch.depth,
    }  # fmt: skip


def attention(operation: str, user: Any) -> int:
    """How many targets off track a person must know of, by account or role. Counted anew when something was recorded,
    and every five minutes; from the facts as they were last brought up to date."""
    top = ask("SELECT max(row) FROM targets WHERE operation = %s", operation)[0][0]
    if top is None:
        return 0
    here = current(operation)
    own = {user.get_username(), *user.groups.values_list("name", flat=True)}
    if not own & _owners(here, top):
        return 0
    told = _told(here, top, _facts(operation), int(now(operation).timestamp() // 300))
    return sum(1 for whom in told if own.intersection(whom))


@lru_cache(maxsize=16)
def _owners(here: Current, top: int) -> frozenset[str]:
    return frozenset(t.owner for t in read(here.operation.name, "targets") if t.owner and not t.withdrawn)


@lru_cache(maxsize=16)
def _told(here: Current, top: int, facts: str, moment: int) -> tuple[tuple[str, ...], ...]:
    """For each target off track, who must know."""
    measures = Measures(here.operation, fresh=False)
    trees = branches(statuses(measures, standing(here.operation.name, measures.now)))
    return tuple(b.told for b in flat(trees) if b.status.state in ALARMING)


def _facts(operation: str) -> str:
    """What tells one state of the facts from another."""
    if not is_available():
        return ""
    from gemba.app.analytics.files import Folder

    return repr(sorted(Folder(operation).manifest().rows.items()))


def owners() -> list[str]:
    """Who may answer for a target: the roles, and the accounts that are active."""
    people = get_user_model().objects.filter(is_active=True).order_by("username").values_list("username", flat=True)
    return [*Group.objects.order_by("name").values_list("name", flat=True), *people[:500]]


def adds_up(measures: Measures, kpi: str) -> bool:
    """Whether places' values add up to the value above: the KPI's formula divides nothing, wherever it leads."""
    trees, open_, done = measures.known.trees, [kpi], set[str]()
    while open_:
        name = open_.pop()
        if name in done or name not in trees:
            continue
        done.add(name)
        if not _is_sum(trees[name]):
            return False
        open_ += [n.name for n in names(trees[name])]
    return True


def _is_sum(node: Node) -> bool:
    """Whether a tree only adds, takes away, and multiplies by numbers."""
    if isinstance(node, Name | Number):
        return True
    if isinstance(node, Call) or node.sign == "/":
        return False
    plain = node.sign != "*" or isinstance(node.left, Number) or isinstance(node.right, Number)
    return plain and _is_sum(node.left) and _is_sum(node.right)


def proposed(measures: Measures, target: Target) -> list[tuple[str, float | None, float, float | None]]:
    """For each place directly below a target's: its value in the last whole period, and the goal and alert proposed.

    Of a KPI that adds up, goal and alert are shared out by those values (where all are known and above 0, else
    equally); else they are those of the target.
    """
    below = [p.name for p in measures.operation.places if p.parent == target.place and p.name != target.place]
    values: list[float | None] = [None] * len(below)
    if target.period != "shift" and below and target.kpi in measures.known.kpis:
        over = span(target.period, measures.today, 2)
        filters = Filters(target.place, target.item)
        found = measures.figures([target.kpi], ("place",), over.starts[0], over.starts[1], filters, inner=True)
        of = {key[0]: f.value for key, f in found[target.kpi].items()}
        values = [of.get(place) for place in below]
    if not adds_up(measures, target.kpi):
        return [(place, v, target.goal, target.alert) for place, v in zip(below, values, strict=True)]
    known = [v for v in values if v is not None and v > 0]
    shares = [(v or 0.0) / sum(known) if len(known) == len(values) else 1 / len(values) for v in values]
    return [
        (place, v, target.goal * share, None if target.alert is None else target.alert * share)
        for place, v, share in zip(below, values, shares, strict=True)
    ]
