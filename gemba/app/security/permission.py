"""May this person do that?"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied

from gemba.app.security.roles import PERMISSIONS


def may(user: Any, permission: str) -> bool:
    """Whether a user's roles allow it (``permission`` is one of the store's, such as ``publish_plan``)."""
    return user is not None and user.is_active and user.has_perm(f"store.{permission}")


def require(user: Any, permission: str) -> None:
    """Refuse whoever may not.

    Raises:
        PermissionDenied: which the pages and the API answer with 403.
    """
    if not may(user, permission):
        words = PERMISSIONS[permission][1]
        raise PermissionDenied(f"Your role does not allow this. It needs: {words[0].lower()}{words[1:]}.")
