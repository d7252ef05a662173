"""Roles as groups: what each may do. A role may do everything the ones after it in the list may."""

from __future__ import annotations

from typing import Any

VIEWER = ("see_operations", "report_incident")
OPERATOR = (*VIEWER, "report_work", "move_stock", "inspect")
SUPERVISOR = (
    *OPERATOR, "request_plan", "release_order", "dispose", "maintain", "manage_safety", "correct_event",
)  # fmt: skip
PLANNER = (*SUPERVISOR, "import_operation", "publish_plan", "delete_plan", "see_cost", "change_setup")
MANAGER = (*PLANNER, "delete_operation", "see_audit", "set_target")
#: Permissions (of the store) by role, from the widest to the narrowest.
ROLES: dict[str, tuple[str, ...]] = {
    "general_manager": MANAGER,
    "operations_manager": MANAGER,
    "planner": PLANNER,
    "supervisor": SUPERVISOR,
    "operator": OPERATOR,
    "viewer": VIEWER,
}

#: Which model each permission belongs to, and its words. Those of daily work belong to the operation as a whole.
PERMISSIONS = {
    "see_operations": ("dataset", "May see operations and plans"),
    "import_operation": ("dataset", "May import and confirm an operation"),
    "delete_operation": ("dataset", "May delete an operation with its plans"),
    "request_plan": ("planversion", "May ask for a plan and cancel the job"),
    "publish_plan": ("planversion", "May publish a plan"),
    "delete_plan": ("planversion", "May delete a plan"),
    "see_audit": ("audit", "May see who changed what"),
    "report_work": ("dataset", "May report work as it is done"),
    "release_order": ("dataset", "May release, split, hold and cancel orders"),
    "move_stock": ("dataset", "May receive, issue, move and count stock"),
    "inspect": ("dataset", "May write down measurements and findings"),
    "dispose": ("dataset", "May decide what becomes of what is not as it should be"),
    "maintain": ("dataset", "May plan and confirm maintenance"),
    "report_incident": ("dataset", "May report an incident or a hazard"),
    "manage_safety": ("dataset", "May follow up incidents and give permits to work"),
    "set_target": ("dataset", "May set targets"),
    "see_cost": ("dataset", "May see costs and prices"),
    "correct_event": ("dataset", "May correct what was reported"),
    "change_setup": ("dataset", "May change resources, processes and other settings of an operation"),
}


def create_roles(apps: Any) -> None:
    """Make the groups and their permissions, for a migration: Django would make the permissions only afterwards."""
    content_types = apps.get_model("contenttypes", "ContentType").objects
    permissions = apps.get_model("auth", "Permission").objects
    made = {}
    for code, (model, words) in PERMISSIONS.items():
        of_model, _ = content_types.get_or_create(app_label="store", model=model)
        made[code], _ = permissions.get_or_create(content_type=of_model, codename=code, defaults={"name": words})
    for role, codes in ROLES.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=role)
        group.permissions.add(*(made[code] for code in codes))
