"""One's own account: role and places, tokens of programs, password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import authenticate, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from gemba.app import actions
from gemba.app.actions.accounts import change_password
from gemba.app.queries.account import account as account_of
from gemba.app.security.throttle import TOO_MANY, client_address, is_throttled
from gemba.app.store.operations import NotFoundError
from gemba.app.web.shell import Shell


@login_required
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    return _page(request)


@login_required
@never_cache
@require_POST
def create_token(request: HttpRequest) -> HttpResponse:
    """Shows the token in the answer itself: it is in no address, no cookie and no message that would be kept."""
    label = request.POST.get("label", "").strip()
    if not label:
        messages.error(request, "A token needs a name that says what it is for.", extra_tags="late")
        return redirect("web:account")
    return _page(request, token=actions.create_token(request.user, label), label=label)


@login_required
@require_POST
def revoke_token(request: HttpRequest, number: int) -> HttpResponse:
    try:
        actions.revoke_token(request.user, number)
    except NotFoundError as error:
        raise Http404(str(error)) from None
    messages.success(request, "The token is worthless now.", extra_tags="good")
    return redirect("web:account")


@sensitive_post_parameters("old", "new", "again")
@login_required
@require_POST
def password(request: HttpRequest) -> HttpResponse:
    """Change the password; other browsers have to sign in again, tokens stay."""
    try:
        _change(request)
    except actions.RefusedError as refused:
        messages.error(request, str(refused), extra_tags="late")
    else:
        messages.success(request, "The password is changed. Other browsers have to sign in again.", extra_tags="good")
    return redirect("web:account")


def _change(request: HttpRequest) -> None:
    old, new, again = (request.POST.get(name, "") for name in ("old", "new", "again"))
    if new != again:
        raise actions.RefusedError("The two new passwords differ.")
    username = request.user.get_username()
    if is_throttled(username, client_address(request)):
        raise actions.RefusedError(TOO_MANY)
    authenticate(request, username=username, password=old)  # counts wrong ones, as signing in does
    change_password(request.user, old, new)
    update_session_auth_hash(request, request.user)


def _page(request: HttpRequest, token: str = "", label: str = "") -> HttpResponse:
    shell = Shell(request, "account")
    return shell.page("account.html", account=account_of(request.user), token=token, label=label)
