"""The reference page of the KPIs, made from the catalogue: ``python -m gemba.measure.kpi.page docs/reference/kpis.md``."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from gemba.measure.kpi.catalogue import Definition, Element, built_in

TEST = "test_kpi_as_worked_out_by_hand"
_HEAD = f"""# KPIs

Every KPI is a formula over elements; every element is a sum over [records](records.md), or a formula over such sums.
Both are data: [a user adds a KPI](../howto/define-a-kpi.md) without code. The screen shows the formula and the value of
each element beside the figure. Names and formulas of ISO 22400-2 are the standard's; where it leaves a choice, the
element says how it is taken. Where something is divided by zero there is no value.

Figures can be told apart by place (rolled up the tree), period (shift, day, week, month, quarter, year in the
operation's zone), item, resource and reason. An interval that crosses midnight or a change of shift is shared out in
proportion to time; all else counts at the moment it was reported, and a report that ends an interval counts within it.
A shift that passes midnight counts to the day it starts on. Records that void others cancel them.

The worked example of each KPI is the test `{TEST}[name of the KPI]` in `tests/measure/kpi/test_kpi_figures.py`.
"""
_AFTER = """
## How elements are summed

`source` says which records: **events** at the resource (else the person) they name, **people** the same at the person,
**movements** of items, **stock** what lies in stores, **inspections** of characteristics of kind defectives,
**meters** differences of readings of counters, **lines** demands with a delivery, **spans** orders at places,
**calendar** open hours. `where` names what of them counts.

- Work units are equipment, rooms and vehicles; where a place has none of these, its people. Open hours count up to now.
- Open hours cannot be told apart by item or reason: a KPI that needs them has no value there.
- Mean times between failures and to repair divide by the number of failures FE itself (not FE + 1); a failure is a stop
  whose [reason](model.md) is not planned.
- AOET of several places together is from the first start to the last end in any of them, so places do not add up to it.
- Stock is averaged over time, a day counting in proportion to when something joined or left it. Days are whole, today too.
- An order line counts on the day it was complete; until then, on the day of its last delivery, as not in full.
- An inspected unit counts once for each characteristic it is inspected for.
- Orders that buy or move produce nothing: what is reported on them counts in no element of work or of produced units.
- Costs are hours at the cost per hour that the resource has now, and material at the standard cost it was issued at.
- Stock cannot be told apart by shift. Losses of storage cannot be told apart by resource; no movement can.
- An order is known by what was released before its events were counted: planned run times need released tasks.

## From the shell and from programs

`gemba.app.queries.kpis.series(operation, kpi, by, start, end, filters, level)` gives figures with their elements, and
`drill(operation, kpi, start, end, filters)` the records behind a figure. Both bring the columnar files up to date first
(extra `analytics`); without the extra the records themselves are read, with the same result, more slowly.
`python -m benchmarks.kpis` measures: with 10 million events of a year in 50 work centres on PostgreSQL, on two shared
cores, every KPI by day and work centre took at most 1.2 s, the first export 118 s, that of 1,000 more events 1.1 s.
"""


def page() -> str:
    """The page's text."""
    elements, kpis = built_in()
    elsewhere = tomllib.loads(Path(__file__).with_name("catalogue.toml").read_text(encoding="utf-8"))["elsewhere"]
    parts = [_HEAD, *_kpis(kpis), "\n## ISO 22400-2 elsewhere\n", "| KPI | formula | where |", "|---|---|---|"]
    parts += [f"| {name} | {row['formula']} | {row['where']} |" for name, row in elsewhere.items()]
    parts += ["\n## Elements\n", "| element | ISO symbol | meaning | unit | summed |", "|---|---|---|---|---|"]
    parts += [_element(e) for e in elements.values()]
    return "\n".join(parts) + "\n" + _AFTER


def _kpis(kpis: dict[str, Definition]) -> Iterator[str]:
    heads = {"ISO 22400-2": "ISO 22400-2", "SCOR": "SCOR: reliability and assets"}
    rest = "Inventory, productivity and service"
    for head in (*heads.values(), rest):
        yield f"\n## {head}\n"
        yield "| KPI | formula | unit | better | source |\n|---|---|---|---|---|"
        for k in kpis.values():
            if heads.get(k.source.split(" RL")[0].split(" AM")[0], rest) == head:
                yield f"| {k.name} | `{k.formula}` | {k.unit or '-'} | {k.better} | {k.source} |"


def _element(e: Element) -> str:
    if e.formula:
        summed = f"`{e.formula}`"
    else:
        where = [f"{k} {' or '.join(str(v) or 'none' for v in values)}" for k, values in e.where.items()]
        where += [] if e.most is None else [f"waited at most {e.most:g} s"]
        where += [] if e.planned is None else ["reason planned" if e.planned else "reason not planned"]
        where += ["shared out over time"] * e.spread + ["times cost per hour"] * e.rate
        summed = f"{e.source}: {e.column}" + (f"; {', '.join(where)}" if where else "")
    return f"| `{e.name}` | {e.symbol or '-'} | {e.meaning} | {e.unit or '-'} | {summed} |"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
