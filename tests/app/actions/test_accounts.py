"""Accounts, roles, tokens, and signing in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group
from django.test import Client, RequestFactory
from django.utils import timezone

from gemba.app import actions
from gemba.app.security.permission import may
from gemba.app.security.roles import PERMISSIONS, ROLES
from gemba.app.security.throttle import ACCOUNT_LIMIT, ADDRESS_LIMIT, PAIR_LIMIT, client_address
from gemba.app.store.models import ApiToken, SignInAttempt
from gemba.app.store.operations import NotFoundError

pytestmark = pytest.mark.django_db
WORD = "correct horse battery"


def sign_in(username: str, password: str, address: str = "10.0.0.1") -> Any:
    request = RequestFactory().post("/sign-in/", REMOTE_ADDR=address)
    return authenticate(request, username=username, password=password)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_do_what_it_says_and_nothing_else(role: str, make_user: Any) -> None:
    user = make_user(role)
    assert {p for p in PERMISSIONS if may(user, p)} == set(ROLES[role])


def test_the_roles_are_there_in_a_new_database() -> None:
    assert set(Group.objects.values_list("name", flat=True)) == set(ROLES)


def test_somebody_without_a_role_may_do_nothing(make_user: Any) -> None:
    user = make_user("viewer")
    user.groups.clear()
    assert not any(may(user, p) for p in PERMISSIONS)
    assert not may(None, "see_operations")


def test_a_closed_account_may_do_nothing(manager: Any) -> None:
    manager.is_active = False
    assert not may(manager, "see_operations")


@pytest.mark.parametrize(
    ("name", "role", "password", "why"),
    [
        ("ann", "king", WORD, "role must be one of"),
        ("ann", "planner", "12345", "too short"),
        ("ann", "planner", "password123", "too common"),
        ("an n/", "planner", WORD, "valid username"),
        ("planner", "planner", WORD, "already"),
    ],
)
def test_impossible_accounts_are_refused(name: str, role: str, password: str, why: str, planner: Any) -> None:
    with pytest.raises(actions.RefusedError, match=why):
        actions.create_user(name, role, password)


def test_after_some_wrong_passwords_even_the_right_one_is_not_looked_at(planner: Any) -> None:
    for _ in range(PAIR_LIMIT):
        assert sign_in("planner", "wrong") is None
    assert sign_in("planner", WORD) is None


def test_somebody_else_can_sign_in_meanwhile_from_elsewhere(planner: Any) -> None:
    for _ in range(PAIR_LIMIT):
        sign_in("planner", "wrong", "10.6.6.6")
    assert sign_in("planner", WORD, "10.0.0.2") == planner


def test_an_address_that_tries_many_accounts_is_slowed_down(planner: Any) -> None:
    for i in range(ADDRESS_LIMIT):
        sign_in(f"guess{i}", "wrong")
    assert sign_in("planner", WORD) is None
    assert sign_in("planner", WORD, "10.0.0.2") == planner


def test_an_account_guessed_from_many_addresses_is_closed_for_a_while(planner: Any) -> None:
    for i in range(ACCOUNT_LIMIT):
        sign_in("PLANNER " if i % 2 else "planner", "wrong", f"10.1.0.{i}")
    assert sign_in("planner", WORD, "10.0.0.2") is None


def test_after_a_quarter_of_an_hour_one_may_try_again(planner: Any) -> None:
    for _ in range(PAIR_LIMIT):
        sign_in("planner", "wrong")
    SignInAttempt.objects.update(at=timezone.now() - timedelta(minutes=16))
    assert sign_in("planner", WORD) == planner


def test_signing_in_forgets_the_wrong_attempts_before(planner: Any) -> None:
    for _ in range(PAIR_LIMIT - 1):
        sign_in("planner", "wrong")
    sign_in("planner", WORD)
    assert not SignInAttempt.objects.exists()


def test_no_name_that_somebody_typed_is_kept(planner: Any) -> None:
    sign_in("my secret password", "wrong")
    assert "secret" not in SignInAttempt.objects.get().account


def test_a_forwarded_address_counts_only_behind_a_proxy_we_trust(settings: Any) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "6.6.6.6, 10.9.9.9"})
    assert client_address(request) == "10.0.0.1"
    settings.BEHIND_PROXY = True
    assert client_address(request) == "10.9.9.9"


def test_only_the_digest_of_a_token_is_kept(planner: Any) -> None:
    token = actions.create_token(planner, "robot")
    assert token not in str(ApiToken.objects.values())


def test_a_revoked_token_opens_nothing(planner: Any) -> None:
    token = actions.create_token(planner, "robot")
    call = Client(SERVER_NAME="localhost", headers={"Authorization": f"Bearer {token}"})
    assert call.get("/api/v1/operations").status_code == 200
    actions.revoke_token(planner, ApiToken.objects.get().pk)
    assert call.get("/api/v1/operations").status_code == 401


def test_nobody_revokes_the_token_of_another(planner: Any, viewer: Any) -> None:
    actions.create_token(planner, "robot")
    with pytest.raises(NotFoundError):
        actions.revoke_token(viewer, ApiToken.objects.get().pk)


def test_whoever_is_slowed_down_is_told_so(planner: Any) -> None:
    browser = Client(SERVER_NAME="localhost")
    wrong = {"username": "planner", "password": "wrong"}
    pages = [browser.post("/sign-in/", wrong) for _ in range(PAIR_LIMIT + 1)]
    assert "Too many failed attempts" not in pages[0].content.decode()
    assert "Too many failed attempts" in str(pages[-1].context["form"].errors)
