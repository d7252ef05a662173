"""One model for each noun of the operation, made from its declaration: same table, same fields."""

from __future__ import annotations

from typing import Any

from django.db import models

from gemba.app.store.fields import of_column
from gemba.app.store.models.dataset import Dataset
from gemba.operation import TABLES, Table


def _model(table: Table) -> type[models.Model]:
    meta = {
        "app_label": "store",
        "db_table": table.name,
        "default_permissions": (),
        "indexes": [models.Index(fields=["dataset", table.key[0]], name=f"{table.name[:20]}_key")],
    }
    attributes: dict[str, Any] = {
        "__module__": __name__,
        "__doc__": table.doc,
        "row": models.BigAutoField(primary_key=True),
        "dataset": models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="+", db_index=False),
        **{column.name: of_column(column) for column in table.columns},
        "Meta": type("Meta", (), meta),
    }
    return type(table.noun.__name__, (models.Model,), attributes)


#: The model of every noun by table name, in the order in which references can be resolved.
MODELS: dict[str, type[models.Model]] = {name: _model(table) for name, table in TABLES.items()}
