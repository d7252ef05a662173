"""The chair factory: a small operation that uses every table, shown in the import template.

Two products in two colours share a saw, a paint booth with change-overs and two assemblers; legs are cut from bought
timber; a depot is supplied by truck; one order is under way. It is written as a person would type it.
"""

from __future__ import annotations

import csv
from functools import cache

from gemba.exchange.assemble import operation_from_rows
from gemba.operation import Operation

_TABLES = {
    "settings": """
        name|now|zone|horizon|frozen|currency|description
        Chair factory|2026-11-23 06:00|Europe/Berlin|180 d|0 d|EUR|Example: replace these rows with your own
    """,
    "calendars": """
        name|value|zone
        One shift|0|
        Two shifts|0|
        Working days|0|
    """,
    "calendar_rules": """
        calendar|rule|value|days|start_time|end_time|start|end|priority
        One shift|1|1|Mon-Fri|06:00|14:00|||10
        One shift|2|0||00:00|00:00|2026-12-24|2026-12-28|1
        Two shifts|1|1|Mon-Fri|06:00|14:00|||10
        Two shifts|2|1|Mon-Fri|14:00|22:00|||10
        Two shifts|3|0||00:00|00:00|2026-12-24|2026-12-28|1
        Working days|1|1|Mon-Fri|00:00|24:00|||10
    """,
    "places": """
        name|kind|parent|calendar|description
        Company|enterprise|||
        Plant North|site|Company||Cutting, painting and assembly
        Depot South|store|Company||Serves customers in the south
    """,
    "setup_matrices": """
        name
        Colours
    """,
    "setup_changes": """
        matrix|before|after|time|cost|priority
        Colours|white|black|30 min|15|0
        Colours|black|white|1 h|25|0
        Colours|*|*|15 min|10|9
    """,
    "resources": """
        name|kind|place|group|capacity|calendar|cost_per_hour|setup_matrix|setup
        Saw 1|equipment|Plant North||1|Two shifts|45||
        Paint booth|equipment|Plant North||1|Two shifts|60|Colours|white
        Assemblers|person|Plant North||1||0||
        Assembler 1|person|Plant North|Assemblers|1|One shift|32||
        Assembler 2|person|Plant North|Assemblers|1|One shift|32||
        Truck|vehicle|Plant North||40||25||
    """,
    "skills": """
        name
        Assembly
    """,
    "resource_skills": """
        resource|skill|level|priority|start|end
        Assembler 1|Assembly|2|1||
        Assembler 2|Assembly|1|2||2027-06-30
    """,
    "items": """
        name|kind|family|unit|cost|price|tracking
        White chair|product|Seating|pc|40|95|none
        Black chair|product|Seating|pc|42|99|none
        Leg|component|Parts|pc|4|0|none
        Seat|component|Parts|pc|12|0|none
        Timber|material|Parts|m|3|0|none
        Sawdust|waste||kg|0|0|none
        Saw service|service|Maintenance|pc|0|0|none
    """,
    "stocks": """
        item|place|lot|quantity|expires
        Leg|Plant North||120|
        Seat|Plant North||60|
        Timber|Plant North||80|
        White chair|Depot South||5|
    """,
    "stock_policies": """
        item|place|safety_stock|maximum|period|supply
        Leg|Plant North|20||1 d|planned
        Seat|Plant North|10||1 wk|planned
    """,
    "processes": """
        name|item|place|kind|version
        Make white chair|White chair|Plant North|make|1
        Make black chair|Black chair|Plant North|make|1
        Cut legs|Leg|Plant North|make|1
        Service saw|Saw service|Plant North|maintenance|1
    """,
    "steps": """
        process|name|sequence|setup_time|time|time_per_unit|move_time|setup_family|instructions
        Make white chair|Assemble|10|15 min|0 h|6 min|0 h||Glue the legs, check for square
        Make white chair|Paint|20|0 h|20 min|2 min|2 h|white|Two thin coats; dry for two hours
        Make black chair|Assemble|10|15 min|0 h|6 min|0 h||Glue the legs, check for square
        Make black chair|Paint|20|0 h|20 min|2 min|2 h|black|Two thin coats; dry for two hours
        Cut legs|Cut|10|10 min|0 h|1 min|0 h||
        Service saw|Service|10|0 h|1 h|0 h|0 h||Isolate; clean, grease, change the blade; test
    """,
    "step_links": """
        process|before|after|minimum_lag|maximum_lag
        Make white chair|Assemble|Paint|1 h|2 d
    """,
    "step_resources": """
        process|step|resource|skill|level|quantity
        Make white chair|Assemble|Assemblers|Assembly|1|1
        Make white chair|Paint|Paint booth||0|1
        Make black chair|Assemble|Assemblers|Assembly|1|1
        Make black chair|Paint|Paint booth||0|1
        Cut legs|Cut|Saw 1||0|1
        Service saw|Service|Saw 1||0|1
    """,
    "step_items": """
        process|step|item|place|direction|quantity
        Make white chair|Assemble|Leg||in|4
        Make white chair|Assemble|Seat||in|1
        Make black chair|Assemble|Leg||in|4
        Make black chair|Assemble|Seat||in|1
        Cut legs|Cut|Timber||in|0.5
        Cut legs|Cut|Sawdust||out|0.02
    """,
    "suppliers": """
        name|calendar
        Timber Ltd|Working days
        Seat Works|Working days
    """,
    "supply_options": """
        name|item|place|kind|process|supplier|origin|lead_time|minimum|multiple|cost|priority|resource|resource_quantity
        Make white chair|White chair|Plant North|make|Make white chair|||0 h|0|0|0|1||1
        Make black chair|Black chair|Plant North|make|Make black chair|||0 h|0|0|0|1||1
        Cut legs|Leg|Plant North|make|Cut legs|||0 h|40|20|0|1||1
        Buy legs|Leg|Plant North|buy||Timber Ltd||5 d|100|50|6|2||1
        Buy seats|Seat|Plant North|buy||Seat Works||3 d|20|10|12|1||1
        Buy timber|Timber|Plant North|buy||Timber Ltd||2 d|50|50|3|1||1
        White chairs to the depot|White chair|Depot South|move|||Plant North|4 h|0|0|0|1|Truck|1
    """,
    "customers": """
        name
        Office Outlet
        City School
    """,
    "demands": """
        name|item|place|quantity|due|priority|customer|whole
        SO-1001|White chair|Plant North|20|2026-11-27 17:00|1|Office Outlet|true
        SO-1002|Black chair|Plant North|15|2026-11-27 12:00|2|City School|false
        SO-1003|White chair|Depot South|12|2026-11-30 17:00|2|Office Outlet|true
        SO-1004|Black chair|Plant North|30|2026-12-04 17:00|3|Office Outlet|false
        SO-1005|White chair|Plant North|70|2026-11-25 12:00|2|City School|true
    """,
    "orders": """
        name|option|process|item|place|quantity|start|end|state|demand
        MO-17||Make white chair|White chair|Plant North|10|2026-11-23 06:00|2026-11-23 12:45|firm|
    """,
    "order_tasks": """
        order|step|resource|start|end|state
        MO-17|Assemble|Assembler 1|2026-11-23 06:00|2026-11-23 07:15|firm
        MO-17|Paint|Paint booth|2026-11-23 10:00|2026-11-23 10:40|firm
    """,
    "shifts": """
        name|place|start|end
        Early||06:00|14:00
        Late||14:00|22:00
    """,
    "overheads": """
        place|basis|rate|budget
        Plant North|machine hours|12|320
    """,
    "kpis": """
        name|formula|unit|better|description
        Chairs per labour hour|GQ / APWT|pc/h|higher|Good pieces for an hour of work
    """,
    "reason_codes": """
        name|kind|category|planned|place
        Paint run|scrap|Paint|false|
        Wobbles|rework|Assembly|false|
        Break|pause|Planned|true|
        Blade broken|down|Breakdown|false|
        Counted|adjustment|Counting|false|
    """,
    "characteristics": """
        name|item|process|step|when|kind|unit|target|lower|upper|chart|subgroup|level|aql|method
        Leg length||Cut legs|Cut|process|variable|mm|430|429.5|430.5|xbar_r|5|||Calliper
        Seat faults|Seat|||receipt|defectives|||||p|50|II|1|By eye
    """,
    "meters": """
        name|resource|place|kind|unit|media|cost|emissions
        Saw 1 hours|Saw 1||counter|h||0|0
        Plant electricity||Plant North|counter|kWh|electricity|0.24|0.38
    """,
    "maintenance_plans": """
        name|resource|process|trigger|interval|meter|use|last|tolerance|priority
        Service of saw 1|Saw 1|Service saw|calendar|90 d||0|2026-09-10 08:00|7 d|2
    """,
    "documents": """
        name|version|kind|resource|acknowledged|required|start|end|text
        Working at the saw|2|procedure|Saw 1|true|false|2026-01-01||Guard closed; push stick in reach
    """,
    "call_kinds": """
        name|first|minutes|next|stops
        Material missing|supervisor|10 min|planner|false
        Machine fault|supervisor|5 min|operations_manager|true
    """,
    "waste_streams": """
        name|code|unit|cost|destination|hazardous
        Sawdust and offcuts|03 01 05|kg|-0.02|energy recovery|false
    """,
}


@cache
def chair_factory() -> Operation:
    """The example as an operation."""
    rows = {
        name: list(csv.DictReader([line.strip() for line in table.strip().splitlines()], delimiter="|"))
        for name, table in _TABLES.items()
    }
    return operation_from_rows(rows, "the chair factory")
