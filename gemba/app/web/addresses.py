"""Addresses of the pages: every view's state is in them."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlencode

from django.urls import register_converter, reverse


class NameConverter:
    """A name in a path; a slash in it is written so that it stays inside its part."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        return unquote(value)

    def to_url(self, value: str) -> str:
        return value.replace("%", "%25").replace("/", "%2F")


register_converter(NameConverter, "name")


def with_query(path: str, **query: Any) -> str:
    """The path with what of the query is given."""
    given = {key: value for key, value in query.items() if value not in (None, "")}
    return f"{path}?{urlencode(given)}" if given else path


class Addresses:
    """The addresses of an operation's screens; the chosen plan goes along where it is not the usual one."""

    def __init__(self, operation: str, plan: int | None = None) -> None:
        self.operation, self.plan = operation, plan

    def to(self, screen: str, *names: str, **query: Any) -> str:
        path = reverse(f"web:{screen}", args=[self.operation, *names])
        return with_query(path, plan=self.plan, **query)

    def of(self, plan: int) -> Addresses:
        """The same screens of another plan."""
        return Addresses(self.operation, plan)

    def demand(self, name: str) -> str:
        return self.to("demand", name)

    def board(self, order: str = "", **query: Any) -> str:
        return self.to("board", selected=order, **query)


def twin(what: str, plan_id: int, *names: str, **query: Any) -> str:
    """The same for programs: what the API tells of a plan, such as its board."""
    return with_query(reverse(f"api:{what}", args=[plan_id, *names]), **query)
