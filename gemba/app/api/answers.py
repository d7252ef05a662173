"""What the API answers with: JSON made by orjson, and errors that say what is wrong."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpResponse
from ninja import Schema
from ninja.renderers import BaseRenderer


class Renderer(BaseRenderer):
    """JSON, quickly."""

    media_type = "application/json"

    def render(self, request: Any, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data, default=str, option=orjson.OPT_NON_STR_KEYS)


def answer(data: Any) -> HttpResponse:
    """A long list as it is: its rows come from our own columns, and are not checked once more one by one."""
    body = data if isinstance(data, bytes) else orjson.dumps(data, default=str)
    return HttpResponse(body, content_type="application/json")


class Wrong(Schema):
    """One thing that is wrong with what was sent."""

    where: str
    message: str


class Error(Schema):
    """Why a request was not carried out."""

    detail: str
    faults: list[Wrong] = []


#: Errors that every operation may answer with, for its declaration.
ERRORS = {frozenset({400, 401, 403, 404, 409, 422}): Error}
