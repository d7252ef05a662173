"""Plans, versioned; their tables are made from the plan's dataclasses: same fields."""

from __future__ import annotations

from typing import Any, get_type_hints

from django.conf import settings
from django.db import models

from gemba.app.store.fields import of_dataclass
from gemba.app.store.models.dataset import Dataset
from gemba.operation import Delivery, Flow, Objective, Peg, PlannedOrder, PlannedTask, Problem, Reason

PROPOSED, PUBLISHED, REPLACED = "proposed", "published", "replaced"


class PlanVersion(models.Model):
    """One stored plan of an operation: how it was made, how good it is, what the checker found."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="plans")
    operation = models.TextField()
    number = models.BigIntegerField()
    state = models.CharField(max_length=9, choices=[(s, s) for s in (PROPOSED, PUBLISHED, REPLACED)], default=PROPOSED)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    now = models.BigIntegerField()
    policy = models.TextField()
    seed = models.BigIntegerField()
    seconds = models.FloatField()
    violations = models.JSONField(default=list)
    counts = models.JSONField(default=dict)

    class Meta:
        db_table = "plans"
        constraints = [
            models.UniqueConstraint("operation", "number", name="plans_number"),
            models.UniqueConstraint("operation", condition=models.Q(state=PUBLISHED), name="plans_published"),
        ]
        permissions = [
            ("request_plan", "May ask for a plan and cancel the job"),
            ("publish_plan", "May publish a plan"),
            ("delete_plan", "May delete a plan"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.operation} plan {self.number}"


#: The figures of the objective, each a column of the plan.
OBJECTIVE = tuple(get_type_hints(Objective))
for _name, _field in of_dataclass(Objective).items():
    PlanVersion.add_to_class(_name, _field)


def _model(name: str, cls: type[Any], key: str) -> type[models.Model]:
    meta = {
        "app_label": "store",
        "db_table": f"plan_{name}",
        "default_permissions": (),
        "indexes": [models.Index(fields=["plan", key], name=f"plan_{name}_key")],
    }
    attributes = {
        "__module__": __name__,
        "__doc__": cls.__doc__,
        "row": models.BigAutoField(primary_key=True),
        "plan": models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name=name, db_index=False),
        **of_dataclass(cls),
        "Meta": type("Meta", (), meta),
    }
    return type("Plan" + cls.__name__.removeprefix("Planned"), (models.Model,), attributes)


#: The lists of a plan: name in ``Plan``, dataclass, and the attribute they are looked up by.
PLAN_LISTS: dict[str, tuple[type[Any], str]] = {
    "orders": (PlannedOrder, "name"),
    "tasks": (PlannedTask, "order"),
    "flows": (Flow, "item"),
    "pegs": (Peg, "supply"),
    "deliveries": (Delivery, "demand"),
    "problems": (Problem, "subject"),
    "reasons": (Reason, "demand"),
}
#: The model of each list.
PLAN_TABLES = {name: _model(name, cls, key) for name, (cls, key) in PLAN_LISTS.items()}
