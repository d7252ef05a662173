"""Filters and tags of the templates (``{% load gemba %}``)."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gemba.app.web import formats

register = template.Library()
register.filter("length_of_time", formats.length)
register.filter("hours", formats.hours)
register.filter("quantity", formats.quantity)
register.filter("age", lambda at: formats.age(at))


@register.filter
def when(at: Any, zone: str = "") -> SafeString:
    """A moment in the operation's zone, with the full date behind it."""
    if at in (None, ""):
        return SafeString("")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', formats.when(at, "", "%Y-%m-%dT%H:%M:%SZ"),
        formats.when_full(at, zone), formats.when(at, zone),
    )  # fmt: skip


@register.filter
def day(at: Any, zone: str = "") -> str:
    return formats.when(at, zone, "%d %b %Y")


@register.filter
def percent(value: float | None) -> str:
    """A share as a percentage without its sign."""
    return "" if value is None else f"{100 * value:.1f}".removesuffix(".0")


@register.simple_tag
def punctuality(lateness: int | None, slack: int | None, thin: int, short: float = 0) -> SafeString:
    """The tag that says how late or how far ahead a demand is; a shape besides the colour."""
    if short:
        return format_html('<span class="tag late">short {}</span>', formats.quantity(short))
    if lateness and lateness > 0:
        return format_html('<span class="tag late">late {}</span>', formats.length(lateness))
    if slack is None:
        return SafeString('<span class="tag plain">not planned</span>')
    shape = "thin" if slack < thin else "good"
    return format_html('<span class="tag {}">{} slack</span>', shape, formats.length(slack) if slack >= 60 else "no")
