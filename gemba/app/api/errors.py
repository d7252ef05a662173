"""From what went wrong to an answer: every error has the same shape."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from gemba.app.actions import RefusedError
from gemba.app.queries.page import UnknownColumnError
from gemba.app.store.operations import NotFoundError
from gemba.operation import OperationError

MOST_FAULTS = 200


def register(api: NinjaAPI) -> None:
    """Have the API answer these errors."""

    def say(kind: type[Exception], status: int, words: str = "") -> None:
        def answer(request: HttpRequest, error: Any) -> HttpResponse:
            return api.create_response(request, {"detail": words or str(error), "faults": []}, status=status)

        api.add_exception_handler(kind, answer)

    say(AuthenticationError, 401, "Sign in, or send a token.")
    say(PermissionDenied, 403)
    say(NotFoundError, 404)
    say(Http404, 404, "There is nothing here.")
    say(RefusedError, 409)
    say(UnknownColumnError, 422)
    api.add_exception_handler(HttpError, lambda r, e: _detail(api, r, e))
    api.add_exception_handler(ValidationError, lambda r, e: _invalid(api, r, e))
    api.add_exception_handler(OperationError, lambda r, e: _faulty(api, r, e))


def _detail(api: NinjaAPI, request: HttpRequest, error: Any) -> HttpResponse:
    return api.create_response(request, {"detail": str(error), "faults": []}, status=error.status_code)


def _invalid(api: NinjaAPI, request: HttpRequest, error: Any) -> HttpResponse:
    faults = [{"where": ".".join(str(p) for p in e["loc"]), "message": e["msg"]} for e in error.errors]
    return api.create_response(request, {"detail": "The request is not understood.", "faults": faults}, status=422)


def _faulty(api: NinjaAPI, request: HttpRequest, error: Any) -> HttpResponse:
    faults = [{"where": f.source or f.table, "message": str(f)} for f in error.faults[:MOST_FAULTS]]
    detail = f"The data have {len(error.faults)} faults; nothing was stored."
    return api.create_response(request, {"detail": detail, "faults": faults}, status=422)
