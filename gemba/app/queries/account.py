"""What a person may see of their own account."""

from __future__ import annotations

from typing import Any

from gemba.app.security.permission import may
from gemba.app.security.roles import PERMISSIONS
from gemba.app.security.scope import places_of
from gemba.app.store.models import ApiToken, PlaceScope


def account(user: Any) -> dict[str, Any]:
    """Roles, what they allow in words, where they hold, and the tokens."""
    given: dict[str, list[str]] = {}
    for operation, place in (
        PlaceScope.objects.filter(user=user).order_by("operation", "place").values_list("operation", "place")
    ):
        given.setdefault(operation, []).append(place)
    return {
        "roles": [name.replace("_", " ") for name in user.groups.order_by("name").values_list("name", flat=True)],
        "permissions": [words for code, (_, words) in PERMISSIONS.items() if may(user, code)],
        "places": [_places(user, operation, places) for operation, places in given.items()],
        "tokens": list(ApiToken.objects.filter(user=user).order_by("-created_at").values("id", "label", "created_at")),
    }


def _places(user: Any, operation: str, given: list[str]) -> dict[str, Any]:
    scope = places_of(user, operation)
    inner = sorted(scope - set(given)) if scope else []
    return {"operation": operation, "given": [] if scope is None else given, "inner": inner}
