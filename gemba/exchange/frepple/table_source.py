"""Reads frePPLe's database tables, one CSV file (or .csv.gz) per entity, into the same entities as its XML."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

from gemba.exchange.frepple.entities import NAMED, REFERENCES, Entity, Model
from gemba.operation.fault import Fault, OperationError

_Row = dict[str, str]
#: Tables whose name is not that of the entity they hold.
_KINDS = {"operationmaterial": "flow", "operationresource": "load", "calendarbucket": "bucket", "setuprule": "rule",
          "operationdependency": "dependency"}  # fmt: skip
_TABLES = (*NAMED, "calendarbucket", "operationmaterial", "operationresource", "suboperation", "operationdependency",
           "itemsupplier", "itemdistribution", "resourceskill", "setuprule", "operationplan")  # fmt: skip
_COLUMNS = {
    "pk": "name", "sizeminimum": "size_minimum", "sizemultiple": "size_multiple", "sizemaximum": "size_maximum",
    "startdate": "start", "enddate": "end", "defaultvalue": "default", "fixed_quantity": "quantity_fixed",
    "sub_operation": "operation", "setup_matrix": "setupmatrix", "batchwindow": "batchwindow",
}  # fmt: skip
_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")


def is_tables(folder: Path) -> bool:
    """Whether a folder holds frePPLe's tables: they are named in the singular (``operation.csv``, ``demand.csv``)."""
    return folder.is_dir() and _file(folder, "item") is not None and _file(folder, "demand") is not None


def read_tables(folder: Path) -> Model:
    """The entities of a folder of tables.

    Raises:
        OperationError: where it holds none of the tables, or a file cannot be read.
    """
    if not is_tables(folder):
        allowed = "a folder with frePPLe's tables as CSV files, item.csv and demand.csv among them"
        raise OperationError([Fault("folder", folder.name, "", None, allowed, source=folder.name)])
    model = Model(source=folder.name)
    for row in _rows(folder, "parameter"):
        model.settings[row.get("name") or row.get("pk") or ""] = row.get("value", "")
    model.settings["current"] = model.settings.get("currentdate", "")
    model.settings["individualPoolResources"] = model.settings.get("plan.individualPoolResources", "")
    for table in _TABLES:
        for row in _rows(folder, table):
            _entity(model, _KINDS.get(table, table), row)
    return model


def _file(folder: Path, table: str) -> Path | None:
    found = (folder / f"{table}{end}" for end in (".csv", ".csv.gz"))
    return next((path for path in found if path.is_file()), None)


def _rows(folder: Path, table: str) -> list[_Row]:
    path = _file(folder, table)
    if path is None:
        return []
    data = path.read_bytes()
    try:
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        fault = Fault("file", path.name, "", None, f"a CSV file in UTF-8 ({error})", source=path.name)
        raise OperationError([fault]) from None
    return [{k: v or "" for k, v in row.items() if isinstance(k, str)} for row in csv.DictReader(io.StringIO(text))]


def _entity(model: Model, kind: str, row: _Row) -> None:
    fields = {_column(kind, column): value.strip() for column, value in row.items() if value.strip()}
    if kind == "bucket":
        _bucket(fields, row)
    if kind == "operationplan":
        entity = model.plan(fields.get("reference", ""))
        fields["ordertype"] = fields.pop("type", "MO")
    elif kind in NAMED:
        entity = model.find(kind, _name(kind, fields))
        entity.type = _type(kind, fields.pop("type", "")) or entity.type
    else:
        entity = model.row(kind, _type(kind, fields.pop("type", "")))
    entity.fields.update(fields)
    for column, other in REFERENCES.items():
        if column in fields:
            model.find(other, fields[column])
    _owner(model, entity)


def _column(kind: str, column: str) -> str:
    name = column.removesuffix("_id")
    if kind == "itemdistribution" and name == "location":
        return "destination"
    if kind == "dependency" and name == "blockedby":
        return "blockedby"
    return _COLUMNS.get(name, name)


def _name(kind: str, fields: dict[str, str]) -> str:
    name = fields.pop("name", "")
    if kind == "buffer":
        place = fields.get("location", "")
        return f"{fields.get('item', name)} @ {place}" if place else fields.get("item", name)
    return name


def _type(kind: str, value: str) -> str:
    return f"{kind}_{value}" if value and kind in ("operation", "resource", "flow", "demand", "buffer") else ""


def _bucket(fields: dict[str, str], row: _Row) -> None:
    """Flags of days as a bit mask."""
    if any(day in row for day in _DAYS):
        on = [i for i, day in enumerate(_DAYS) if row.get(day, "True").lower() in ("true", "1", "t", "")]
        fields["days"] = str(sum(1 << i for i in on))


def _owner(model: Model, entity: Entity) -> None:
    """An operation's owner is the routing or alternate it is a part of."""
    owner = entity.text("owner")
    if not owner:
        return
    if entity.kind == "operation":
        model.find("operation", owner)
        part = model.row("suboperation")
        part.fields = {"owner": owner, "operation": entity.name, "priority": entity.text("priority", "1")}
        del entity.fields["owner"]
    elif entity.kind in NAMED:
        model.find(entity.kind, owner)
