"""Places: where work is done and stock is kept, as a tree (ISA-95 equipment hierarchy)."""

from __future__ import annotations

from gemba.operation.noun import Noun, choice, noun, text

PLACE_KINDS = ("enterprise", "site", "area", "work centre", "store", "counter", "ward", "office")


@noun("places", "name")
class Place(Noun):
    """Where work is done or stock is kept: enterprise, site, area, work centre, store, counter, ward."""

    name: str = text("Unique name of the place", example="Plant North")
    kind: str = choice("Level or use of the place (ISA-95)", PLACE_KINDS, default="site", example="site")
    parent: str = text("The place it belongs to; blank for the top", default="", refers_to="places", example="")
    calendar: str = text(
        "Working hours of the place; blank means always open", default="", refers_to="calendars", example=""
    )
    description: str = text("Free text", default="", example="Assembly and packing")
