"""What a form gives, as the values of a record's fields; everything wrong is said at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from gemba.app.actions import RefusedError
from gemba.exchange.convert import converter
from gemba.exchange.wrong import WrongCellError
from gemba.operation import Fault, OperationError
from gemba.operation.noun import Table


def given(form: Mapping[str, Any], table: Table, names: Iterable[str], zone: str) -> dict[str, Any]:
    """The fields of these names that the form fills in; moments are local to the zone.

    Raises:
        OperationError: with every field that cannot be read.
    """
    columns = {c.name: c for c in table.columns}
    found, faults = {}, []
    for name in names:
        typed = str(form.get(name, "")).strip()
        if not typed:
            continue
        try:
            found[name] = converter(columns[name], zone)(typed)
        except WrongCellError as wrong:
            faults.append(Fault(table.name, "", name, typed, str(wrong), wrong.nearest))
    if faults:
        raise OperationError(faults)
    return found


def did(request: HttpRequest, act: Any, done: str = "") -> Any:
    """Do it and tell the person what came of it; what it returned, or None where it was refused."""
    try:
        result = act()
    except RefusedError as refused:
        messages.error(request, str(refused), extra_tags="late")
    except PermissionDenied as denied:
        messages.error(request, str(denied) or "Your role may not do this.", extra_tags="late")
    except OperationError as wrong:
        for fault in wrong.faults[:20]:
            messages.error(request, sentence(fault), extra_tags="late")
    else:
        if done:
            messages.success(request, done.format(result), extra_tags="good")
        return result
    return None


def sentence(fault: Fault) -> str:
    """A fault as the person at the form needs it: which field, and what it must be."""
    field = fault.field.replace("_", " ").capitalize() or fault.table
    value = f" is {fault.value!s}; it" if fault.value not in (None, "") else ""
    near = f" (did you mean {fault.nearest}?)" if fault.nearest else ""
    return f"{field}{value} must be {fault.allowed}{near}."
