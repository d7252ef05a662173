"""Who calls: somebody signed in (a browser, with its CSRF token) or a program with a token."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth

from gemba.app.actions.accounts import token_digest
from gemba.app.store.quick import rows

_WHOSE = "id = (SELECT user_id FROM api_tokens WHERE digest = %s) AND is_active = %s"


class SignedIn(SessionAuth):
    """The session of a browser; changes need its CSRF token in the header X-CSRFToken."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        return request.user if request.user.is_authenticated else None


class Token(HttpBearer):
    """``Authorization: Bearer gemba_...``: a token made with ``gemba token`` or on the account's page."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        found = rows(get_user_model(), _WHOSE, token_digest(token), True, leave=("last_login", "date_joined"))
        if not found:
            return None
        request.user = found[0]
        return found[0]


#: The token first: a program's request has no session, and a browser's no such header.
AUTH = [Token(), SignedIn()]
