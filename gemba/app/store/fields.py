"""From what the model says about a field to a database field."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, get_args, get_origin, get_type_hints

from django.db import models

from gemba.operation.noun import EXACT, Column


class LocalMomentField(models.CharField):
    """A wall-clock date and time without a zone, kept as ISO text: a database would give it a zone of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 26)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, *_: Any) -> datetime | None:
        return datetime.fromisoformat(value) if value else None

    def to_python(self, value: Any) -> Any:
        return datetime.fromisoformat(value) if isinstance(value, str) and value else value

    def get_prep_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime) else value


class ExactField(models.BigIntegerField):
    """A decimal number kept as a whole number of millionths: exact in every database, also when it is added up."""

    def from_db_value(self, value: Any, *_: Any) -> Decimal | None:
        return None if value is None else int(value) * EXACT

    def to_python(self, value: Any) -> Any:
        return None if value is None else Decimal(str(value)).quantize(EXACT)

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else millionths(value)


def millionths(value: Any) -> int:
    """An exact number as the database keeps it."""
    return int(Decimal(str(value)).quantize(EXACT).scaleb(6))


def of_column(column: Column) -> models.Field:
    """The database field of a noun's column. The database holds values; limits are the noun's to check."""
    optional: dict[str, Any] = {} if column.required else {"default": column.default}
    if optional and column.default is None:
        optional = {"null": True, "blank": True}
    kind = column.kind
    if kind == "choice":
        length = max(len(c) for c in column.choices)
        choices = [(c, c) for c in column.choices]
        return models.CharField(max_length=length, blank="" in column.choices, choices=choices, **optional)
    if kind == "text":
        return models.TextField(blank=not column.required, **optional)
    simple: dict[str, type[models.Field]] = {
        "number": models.FloatField,
        "exact": ExactField,
        "duration": models.FloatField,
        "whole": models.BigIntegerField,
        "flag": models.BooleanField,
        "moment": models.DateTimeField,
        "local_moment": LocalMomentField,
        "clock": models.TimeField,
    }
    return simple[kind](**optional)


#: Database fields of the plain types of the plan's dataclasses. Moments are whole seconds there.
_PLAIN: dict[Any, type[models.Field]] = {
    str: models.TextField,
    float: models.FloatField,
    int: models.BigIntegerField,
    bool: models.BooleanField,
}


def of_type(hint: Any) -> models.Field:
    """The database field of a dataclass field by its type; tuples and lists are kept as JSON."""
    if get_origin(hint) in (tuple, list):
        return models.JSONField()
    plain = [t for t in get_args(hint) if t is not type(None)] or [hint]
    optional = {"null": True, "blank": True} if type(None) in get_args(hint) else {}
    return _PLAIN[plain[0]](**optional)


#: Django keeps the name ``id`` for its own key, so a dataclass field of that name is the attribute ``name``.
RENAMED = {"id": "name"}


def attribute(field: str) -> str:
    return RENAMED.get(field, field)


def of_dataclass(cls: type[Any]) -> dict[str, models.Field]:
    """Database fields by attribute name, in the order of the dataclass."""
    return {attribute(name): of_type(hint) for name, hint in get_type_hints(cls).items()}
