"""Accounts of people and tokens of programs."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gemba.app.actions.audit import record
from gemba.app.actions.refused import RefusedError
from gemba.app.security.roles import ROLES
from gemba.app.store.models import ApiToken
from gemba.app.store.operations import NotFoundError


def create_user(username: str, role: str, password: str, *, by: Any = None) -> Any:
    """Make an account with a role. For whoever has the machine (commands); there is no page for it.

    Raises:
        RefusedError: where the name is taken, the role unknown or the password weak.
    """
    users = get_user_model().objects
    if role not in ROLES:
        raise RefusedError(f"The role must be one of {', '.join(ROLES)}.")
    try:
        get_user_model().username_validator(username)
        validate_password(password)
    except ValidationError as error:
        raise RefusedError(" ".join(error.messages)) from None
    hashed = make_password(password)  # slow on purpose: not while others wait for the database
    with transaction.atomic():
        if users.filter(username=username).exists():
            raise RefusedError(f"There is an account {username} already.")
        user = users.create(username=username, password=hashed)
        user.groups.add(Group.objects.get(name=role))
        record(by, "create user", username, after={"role": role})
    return user


def create_token(user: Any, label: str) -> str:
    """A token with which a program may use the API as this user. It is shown once: only its digest is kept."""
    token = "gemba_" + secrets.token_urlsafe(32)
    with transaction.atomic():
        ApiToken.objects.create(user=user, label=label[:200], digest=token_digest(token), created_at=timezone.now())
        record(user, "create token", user.get_username(), after={"label": label[:200]})
    return token


def revoke_token(user: Any, token_id: int) -> None:
    """Make one's own token worthless.

    Raises:
        NotFoundError: where the user has no such token.
    """
    with transaction.atomic():
        token = ApiToken.objects.filter(pk=token_id, user=user).first()
        if token is None:
            raise NotFoundError(f"there is no token {token_id}")
        record(user, "revoke token", user.get_username(), before={"label": token.label})
        token.delete()


def token_digest(token: str) -> str:
    """What is kept of a token. It has 256 random bits, so that a plain digest is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
