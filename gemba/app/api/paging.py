"""What the lists take: a page, a size, a sort order, a text to look for, and filters of their own."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Field, Schema

from gemba.app.api.schemas import Text
from gemba.app.queries.page import LARGEST, USUAL


class Part(Schema):
    """Which part of a list."""

    page: int = Field(1, ge=1, le=1_000_000)
    size: int = Field(USUAL, ge=1, le=LARGEST)


class Listing(Part):
    """Which part of a list, in which order."""

    sort: Text = Field("", description="A field, with - before it for falling; blank is the stored order")
    q: Text = Field("", description="Text to look for")

    def how(self) -> dict[str, Any]:
        return {"page": self.page, "size": self.size, "sort": self.sort, "q": self.q}


class OrderFilter(Schema):
    kind: Text = ""
    item: Text = ""
    place: Text = ""
    state: Text = ""
    process: Text = ""
    supplier: Text = ""


class TaskFilter(Schema):
    order: Text = ""
    step: Text = ""
    state: Text = ""


class ProblemFilter(Schema):
    kind: Text = ""
    subject: Text = ""


class AuditListing(Part):
    subject: Text = ""


class OfOperation(Schema):
    operation: Text = Field("", description="Name of an operation; blank for all")


class JobFilter(OfOperation):
    state: Literal["", "queued", "running", "done", "failed", "cancelled"] = ""


class StockFilter(Schema):
    item: Text = ""
    place: Text | None = None


class LoadPeriod(Schema):
    period: Literal["day", "week", "month"] = "day"


class UploadForm(Schema):
    name: Text = Field("", description="Name to give the operation; blank keeps the one in the files")
