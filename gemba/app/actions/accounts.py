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
from gemba.app.store.models import CURRENT, MODELS, ApiToken, Dataset, PlaceScope
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


def change_password(user: Any, old: str, new: str) -> None:
    """Give oneself another password.

    Raises:
        RefusedError: where the old one is wrong, or the new one weak.
    """
    if not user.check_password(old):
        raise RefusedError("The password you have now is a different one.")
    try:
        validate_password(new, user)
    except ValidationError as error:
        raise RefusedError(" ".join(error.messages)) from None
    hashed = make_password(new)
    with transaction.atomic():
        user.password = hashed
        user.save(update_fields=["password"])
        record(user, "change password", user.get_username())


def give_place(username: str, operation: str, place: str, *, by: Any = None) -> list[str]:
    """Let a user's roles hold at this place and inside it (blank: everywhere); the places there are then.

    For whoever has the machine (commands); there is no page for it.

    Raises:
        NotFoundError: where there is no such account, operation or place.
        RefusedError: where the user has the place already.
    """
    with transaction.atomic():
        scopes, before = _places(username, operation)
        if place in before:
            raise RefusedError(f"{username} has {place or 'every place'} of {operation} already.")
        if place not in {"", *_place_names(operation)}:
            raise NotFoundError(f"{operation} has no place {place!r}. Give the name of one, or '' for every place.")
        scopes.create(user=get_user_model().objects.get(username=username), operation=operation, place=place)
        return _record_places(by, username, operation, before, sorted([*before, place]))


def take_place(username: str, operation: str, place: str, *, by: Any = None) -> list[str]:
    """Take a place away; without any the roles hold everywhere again. Returns the places that are left.

    Raises:
        NotFoundError: where there is no such account, or it does not have the place.
    """
    with transaction.atomic():
        scopes, before = _places(username, operation)
        if place not in before:
            raise NotFoundError(f"{username} does not have {place or 'every place'} of {operation}.")
        scopes.filter(place=place).delete()
        return _record_places(by, username, operation, before, [name for name in before if name != place])


def _places(username: str, operation: str) -> tuple[Any, list[str]]:
    user = get_user_model().objects.select_for_update().filter(username=username).first()
    if user is None:
        raise NotFoundError(f"There is no account {username}.")
    scopes = PlaceScope.objects.filter(user=user, operation=operation)
    return scopes, list(scopes.order_by("place").values_list("place", flat=True))


def _place_names(operation: str) -> set[str]:
    current = Dataset.objects.filter(name=operation, state=CURRENT).first()
    if current is None:
        raise NotFoundError(f"There is no operation {operation}.")
    return set(MODELS["places"].objects.filter(dataset=current).values_list("name", flat=True))


def _record_places(by: Any, username: str, operation: str, before: list[str], after: list[str]) -> list[str]:
    told = [{"operation": operation, "places": places} for places in (before, after)]
    record(by, "change places", username, before=told[0], after=told[1])
    return after
