"""DuckDB's statements that turn pulled records into sums by day, shift, place, resource, item and reason.

They say in columns what ``gemba.measure.kpi.rows`` and ``facts`` say in Python; a test holds one against the other.
"""

from __future__ import annotations

from typing import Any

from gemba.app.analytics.pull import seconds
from gemba.measure.kpi.catalogue import Element
from gemba.measure.kpi.facts import rules
from gemba.measure.kpi.rows import INSTANT, WORK_TIMES
from gemba.operation.records import EVENT_KINDS

EVENTS = (
    "kind", "order", "step", "resource", "person", "place", "item", "reason", "corrects", "at", "start", "queued",
    "seconds", "good", "scrap", "rework",
)  # fmt: skip
MOVEMENTS = (
    "item", "quantity", "value", "from_kind", "from_name", "to_kind", "to_name", "cause", "order", "step", "reason",
    "corrects", "at",
)  # fmt: skip
ORDERS = ("order", "kind", "process", "maintenance_plan", "at", "due")
TASKS = ("order", "step", "sequence", "place", "run", "quantity")
DIMENSIONS = ("place", "resource", "item", "reason", "shift", "day")


def orders() -> str:
    """Pulled orders as what counting needs of them."""
    return f"""SELECT row, "order", {seconds('"at"')} AS released, {seconds('"due"')} AS due, process,
        CASE WHEN kind IN ('buy', 'move') THEN 'transport' WHEN kind <> 'maintenance' THEN ''
            WHEN maintenance_plan <> '' THEN 'preventive' ELSE 'corrective' END
        AS maintenance FROM raw"""


def tasks() -> str:
    return """SELECT row, "order", step, sequence, place,
        CASE WHEN quantity = 0 THEN 0.0 ELSE run / (quantity / 1e6) END AS rate FROM raw"""


#: The latest of each order and task of a batch. ``first`` looks at all tasks of the order.
LATEST_ORDERS = """CREATE OR REPLACE TEMP TABLE o AS SELECT "order", arg_max(released, row) AS released,
    arg_max(due, row) FILTER (due IS NOT NULL) AS due, arg_max(process, row) AS process,
    arg_max(maintenance, row) AS maintenance
    FROM {orders} WHERE "order" IN (SELECT "order" FROM raw) GROUP BY "order" """
LATEST_TASKS = """CREATE OR REPLACE TEMP TABLE t AS SELECT *, sequence = min(sequence) OVER (PARTITION BY "order") AS first
    FROM (SELECT "order", step, arg_max(rate, row) AS rate, arg_max(place, row) AS place,
    arg_max(sequence, row) AS sequence
    FROM {tasks} WHERE "order" IN (SELECT "order" FROM raw) GROUP BY "order", step)"""


def _time() -> str:
    cases = " ".join(f"WHEN '{kind}' THEN '{time}'" for kind, time in EVENT_KINDS.items() if time and kind != "started")
    return f"CASE kind WHEN 'started' THEN 'queue' {cases} ELSE '' END"


def events() -> str:
    """The batch's events with the columns of the source ``events``."""
    at = seconds('r."at"')
    sign = "CASE WHEN corrects <> '' THEN -1 ELSE 1 END"
    return f"""CREATE OR REPLACE TEMP TABLE base AS
    SELECT r.row, r.place, r.resource AS equipment_name, r.person, r.item, r.reason, r.kind, r."order", r.corrects <> '' AS void,
        {_time()} AS "time", coalesce(o.maintenance, '') AS maintenance, r.resource <> '' AS equipment,
        coalesce(t.first, false) AS "first", r.seconds, r.good / 1e6 AS good, r.scrap / 1e6 AS scrap,
        r.rework / 1e6 AS rework, (r.good + r.scrap + r.rework) / 1e6 AS produced,
        (r.good + r.scrap + r.rework) / 1e6 * coalesce(t.rate, 0) AS planned_run,
        (r.good + r.scrap + r.rework) / 1e6 * coalesce(y.share, 0) AS planned_scrap,
        {sign} AS one, coalesce({sign} * ({at} - o.released), 0) AS lead,
        CASE WHEN o.due IS NULL THEN 0 ELSE {sign} END AS has_due,
        CASE WHEN o.due IS NULL OR {at} > o.due THEN 0 ELSE {sign} END AS on_time,
        least({at}, coalesce({seconds("r.start")}, {seconds("r.queued")}, {at} - abs(r.seconds))) AS t0,
        {at} AS t1, coalesce(g.grp, '') AS grp
    FROM raw r LEFT JOIN o ON o."order" = r."order" LEFT JOIN t ON t."order" = r."order" AND t.step = r.step
        LEFT JOIN yields y ON y.process = o.process AND y.step = r.step LEFT JOIN groups g ON g.place = r.place"""


def movements() -> str:
    """The batch's movements with the columns of the source ``movements``; those that reverse others turned back."""
    return f"""CREATE OR REPLACE TEMP TABLE base AS
    WITH turned AS (SELECT r.*, {seconds('r."at"')} AS t1, CASE WHEN corrects <> '' THEN -1 ELSE 1 END AS sign,
        coalesce(c.cause, r.cause) AS flow, CASE WHEN corrects <> '' THEN to_kind ELSE from_kind END AS fk,
        CASE WHEN corrects <> '' THEN to_name ELSE from_name END AS fn,
        CASE WHEN corrects <> '' THEN from_kind ELSE to_kind END AS tk,
        CASE WHEN corrects <> '' THEN from_name ELSE to_name END AS tn
        FROM raw r LEFT JOIN causes c ON c.uid = r.corrects AND r.corrects <> ''),
    placed AS (SELECT w.*, CASE WHEN coalesce(t.place, '') <> '' AND (fk = 'wip' OR tk = 'wip') THEN t.place
        WHEN fk = 'store' THEN fn WHEN tk = 'store' THEN tn ELSE '' END AS place
        FROM turned w LEFT JOIN t ON t."order" = w."order" AND t.step = w.step)
    SELECT p.row, p.place, '' AS resource, p.item, p.reason, flow, fk AS from_kind, sign * quantity / 1e6 AS quantity,
        sign * value / 1e6 AS value, sign * quantity / 1e6 * CASE WHEN flow = 'count' THEN
            CASE WHEN fk = 'store' THEN 1 ELSE -1 END WHEN flow = 'scrap' AND fk = 'store' THEN 1 ELSE 0 END
        AS storage_loss, t1 AS t0, t1, coalesce(g.grp, '') AS grp
    FROM placed p LEFT JOIN groups g ON g.place = p.place"""


STOCK = """CREATE OR REPLACE TEMP TABLE stocked AS
    WITH ends AS (SELECT {at} AS t1, item, quantity / 1e6 AS quantity, value / 1e6 AS value,
            unnest([{{'s': -1, 'k': from_kind, 'n': from_name}}, {{'s': 1, 'k': to_kind, 'n': to_name}}]) AS e FROM raw),
    dated AS (SELECT ends.*, p."start" AS ps, p."end" AS pe, p.day FROM (SELECT *, '*' AS grp FROM ends WHERE e.k = 'store')
        AS ends ASOF JOIN pieces p ON ends.grp = p.grp AND ends.t1 >= p."start")
    SELECT e.n AS place, item, day, sum(e.s * value) AS stock_value_days, sum(e.s * quantity) AS stock_days,
        sum(e.s * value * (pe - t1) / (pe - ps)) AS stock_value_days_part,
        sum(e.s * quantity * (pe - t1) / (pe - ps)) AS stock_days_part
    FROM dated GROUP BY ALL"""

#: Each row with its slice; those that began before that slice once for every slice they touch.
SPLIT = f"""CREATE OR REPLACE TEMP TABLE split AS
    WITH timed AS (SELECT *, CASE WHEN t1 > t0 THEN t1 - {INSTANT} ELSE t1 END AS instant FROM base),
    placed AS (SELECT timed.*, p."start" AS ps, p.day, p.shift
        FROM timed ASOF JOIN pieces p ON timed.grp = p.grp AND timed.instant >= p."start")
    SELECT * EXCLUDE (day, shift), day, shift, 1.0 AS share, 1 AS here FROM placed WHERE t0 >= ps OR t0 >= t1
    UNION ALL BY NAME
    SELECT placed.* EXCLUDE (day, shift), q.day, q.shift,
        (least(t1, q."end") - greatest(t0, q."start")) / (t1 - t0) AS share, CASE WHEN q."start" = ps THEN 1 ELSE 0 END AS here
    FROM placed JOIN pieces q ON q.grp = placed.grp AND q."start" < t1 AND q."end" > t0 WHERE t0 < ps AND t0 < t1"""

SPANS = f"""SELECT "order", place, item, min(t0) AS t0, max(t1) AS t1 FROM base
    WHERE "order" <> '' AND maintenance = '' AND "time" IN {WORK_TIMES} GROUP BY ALL"""


SPAN_BASE = """CREATE OR REPLACE TEMP TABLE base AS SELECT s.sign, s.place, s.item, s.t0, s.t1,
    coalesce(g.grp, '') AS grp FROM ({spans}) AS s LEFT JOIN groups g ON g.place = s.place"""
SPAN_CELLS = """SELECT place, '' AS resource, item, '' AS reason, shift, day,
    sum(sign * (t1 - t0) * share) / 3600 AS "AOET" FROM split GROUP BY ALL"""


def cells(source: str) -> str:
    """Sums of every element of a source over ``split``."""
    resource = {"events": "CASE WHEN equipment_name <> '' THEN equipment_name ELSE person END", "people": "person"}
    wanted = "WHERE person <> ''" if source == "people" else ""
    sums = ", ".join(f'{_sum(e)} AS "{e.name}"' for e in rules(source))
    return f"""SELECT place, {resource.get(source, "''")} AS resource, item, reason, shift, day, {sums}
        FROM split {wanted} GROUP BY ALL"""


def _sum(e: Element) -> str:
    share = "share" if e.spread else "here"
    conditions = [f'"{name}" IN ({", ".join(map(_literal, allowed))})' for name, allowed in e.where.items()]
    if e.most is not None:
        conditions.append(f"abs(seconds) <= {e.most}")
    when = f" FILTER ({' AND '.join(conditions)})" if conditions else ""
    return f'coalesce(sum("{e.column}" * {share}){when}, 0) / {e.per}'


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "'" + str(value).replace("'", "''") + "'"


def columns_of(source: str) -> list[str]:
    """Columns of a source's parts that are added up."""
    if source == "stock":
        return ["stock_value_days", "stock_days", "stock_value_days_part", "stock_days_part"]
    return [e.name for e in rules("spans" if source == "span_cells" else source)]
