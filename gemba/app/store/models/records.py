"""One model for each record of what happened, made from its declaration: same table, same fields, only ever added to.

Records belong to an operation by its name, not to a version of it. ``row`` is the order in which they were taken.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from gemba.app.store.fields import of_column
from gemba.operation import RECORDS, Table

#: By what else records are looked up, beside the operation and the moment.
LOOKED_UP: dict[str, tuple[tuple[str, ...], ...]] = {
    "released_orders": (("order",), ("demand",)),
    "released_tasks": (("order",), ("place", "start")),
    "events": (("order", "step"), ("resource", "at"), ("lot",), ("kind", "item")),
    "movements": (("item", "at"), ("order",), ("lot",)),
    "deliveries": (("demand",),),
    "measurements": (("characteristic", "at"), ("meter", "at"), ("order",), ("lot",)),
    "chart_limits": (("characteristic",),),
    "counts": (("item", "at"),),
    "concerns": (("concern",), ("kind", "at")),
    "concern_changes": (("concern",),),
    "targets": (("kpi",),),
    "standard_costs": (("item",),),
}


def _model(table: Table) -> type[models.Model]:
    short = table.name[:16]
    looked_up = [
        models.Index(fields=["operation", *names], name=f"{short}_{'_'.join(names)}"[:30])
        for names in LOOKED_UP[table.name]
    ]
    meta = {
        "app_label": "store",
        "db_table": table.name,
        "default_permissions": (),
        "indexes": [models.Index(fields=["operation", "at"], name=f"{short}_at"), *looked_up],
        "constraints": [models.UniqueConstraint(fields=["operation", "uid"], name=f"{short}_once")],
    }
    attributes: dict[str, Any] = {
        "__module__": __name__,
        "__doc__": table.doc,
        "row": models.BigAutoField(primary_key=True),
        "operation": models.TextField(),
        **{column.name: of_column(column) for column in table.columns},
        "recorded_at": models.DateTimeField(),
        "recorded_by": models.ForeignKey(
            settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
        ),
        "Meta": type("Meta", (), meta),
    }
    return type(table.noun.__name__, (models.Model,), attributes)


#: The model of every record by table name.
RECORD_MODELS: dict[str, type[models.Model]] = {name: _model(table) for name, table in RECORDS.items()}
