"""Signing in, slowed down for whoever guesses passwords."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from gemba.app.store.models import SignInAttempt
from gemba.app.store.quick import ask

WINDOW = timedelta(minutes=15)
#: Failed attempts within the window after which more are refused unread: for an account from one address, from one
#: address, and for an account from anywhere (higher, so that a stranger cannot easily lock somebody out).
PAIR_LIMIT, ADDRESS_LIMIT, ACCOUNT_LIMIT = 5, 20, 50

_PERMISSIONS = """
SELECT t.app_label, p.codename FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id
WHERE p.id IN (SELECT permission_id FROM auth_user_user_permissions WHERE user_id = %s)
  OR p.id IN (SELECT gp.permission_id FROM auth_group_permissions gp
    JOIN auth_user_groups ug ON ug.group_id = gp.group_id WHERE ug.user_id = %s)
"""

TOO_MANY = "Too many failed attempts. Try again in a quarter of an hour."

_hashing = BoundedSemaphore(2)  # argon2 takes 100 MB each time: no more than two at once in a process


def client_address(request: HttpRequest | None) -> str:
    """Where a request comes from. Behind a proxy we trust, the last address of the chain, which the proxy wrote."""
    if request is None:
        return ""
    chain = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
    return (chain.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR") or "")[:45]


def _digest(username: str) -> str:
    return hashlib.sha256(username.strip().casefold().encode("utf-8", "replace")).hexdigest()


def is_throttled(username: str, address: str) -> bool:
    """Whether so many attempts failed lately that another is not even looked at."""
    recent = SignInAttempt.objects.filter(at__gt=timezone.now() - WINDOW)
    account = recent.filter(account=_digest(username))
    return (
        account.filter(address=address).count() >= PAIR_LIMIT
        or recent.filter(address=address).count() >= ADDRESS_LIMIT
        or account.count() >= ACCOUNT_LIMIT
    )


def _remember(username: str, address: str, failed: bool) -> None:
    with transaction.atomic():
        if failed:
            SignInAttempt.objects.create(at=timezone.now(), account=_digest(username), address=address)
            SignInAttempt.objects.filter(at__lt=timezone.now() - 10 * WINDOW).delete()
        else:
            SignInAttempt.objects.filter(account=_digest(username), address=address).delete()


class SignInForm(AuthenticationForm):
    """Says so where attempts are refused unread, instead of blaming the password."""

    def get_invalid_login_error(self) -> ValidationError:
        if is_throttled(self.cleaned_data.get("username") or "", client_address(self.request)):
            return ValidationError(TOO_MANY, code="throttled")
        return super().get_invalid_login_error()


class ThrottledBackend(ModelBackend):
    """Django's own accounts; guesses are counted by account and address, in the database."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """All permissions of a user and of the user's groups, asked for at once (every request needs them)."""
        if obj is not None or not user_obj.is_active or user_obj.is_anonymous or user_obj.is_superuser:
            return set(super().get_all_permissions(user_obj, obj))
        if not hasattr(user_obj, "_perm_cache"):
            user_obj._perm_cache = {f"{app}.{code}" for app, code in ask(_PERMISSIONS, user_obj.pk, user_obj.pk)}
        return set(user_obj._perm_cache)

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Any:
        if username is None or password is None:
            return None
        address = client_address(request)
        if is_throttled(username, address):
            raise PermissionDenied(TOO_MANY)
        with _hashing:
            user = super().authenticate(request, username=username, password=password, **kwargs)
        _remember(username, address, failed=user is None)
        return user
