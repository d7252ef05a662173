"""Roles as groups: what each may do. A role may do everything the ones after it in the list may."""

from __future__ import annotations

from typing import Any

SEE = ("see_operations",)
PLAN = (*SEE, "request_plan", "import_operation")
#: Permissions (of the store) by role, from the widest to the narrowest.
ROLES: dict[str, tuple[str, ...]] = {
    "general_manager": (*PLAN, "publish_plan", "delete_plan", "delete_operation", "see_audit"),
    "operations_manager": (*PLAN, "publish_plan", "delete_plan", "delete_operation", "see_audit"),
    "planner": (*PLAN, "publish_plan", "delete_plan"),
    "supervisor": (*SEE, "request_plan"),
    "operator": SEE,
    "viewer": SEE,
}

#: Which model each permission is declared on, and its words; the declarations are in the models.
PERMISSIONS = {
    "see_operations": ("dataset", "May see operations and plans"),
    "import_operation": ("dataset", "May import and confirm an operation"),
    "delete_operation": ("dataset", "May delete an operation with its plans"),
    "request_plan": ("planversion", "May ask for a plan and cancel the job"),
    "publish_plan": ("planversion", "May publish a plan"),
    "delete_plan": ("planversion", "May delete a plan"),
    "see_audit": ("audit", "May see who changed what"),
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
