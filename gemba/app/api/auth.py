"""Who calls: somebody signed in (a browser, with its CSRF token) or a program with a token."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth

from gemba.app.actions.accounts import token_digest
from gemba.app.store.models import ApiToken


class SignedIn(SessionAuth):
    """The session of a browser; changes need its CSRF token in the header X-CSRFToken."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        return request.user if request.user.is_authenticated else None


class Token(HttpBearer):
    """``Authorization: Bearer gemba_...``: a token made with ``gemba token`` or on the account's page."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        found = ApiToken.objects.select_related("user").filter(digest=token_digest(token), user__is_active=True).first()
        if found is None:
            return None
        request.user = found.user
        return found.user


#: The token first: a program's request has no session, and a browser's no such header.
AUTH = [Token(), SignedIn()]
