"""Where stock is kept: frePPLe's buffers, and items at locations, as (item, place)."""

from __future__ import annotations

from gemba.exchange.frepple.build import Build, Spot
from gemba.exchange.frepple.entities import Entity

_AT = " @ "


class Spots:
    """Finds the item and place that a buffer, a flow or a demand means.

    A buffer with an item and a location is that item there. A buffer without location is a stock of its own (there
    may be several of one item): an item named like the buffer, at the place without a name.
    """

    def __init__(self, build: Build) -> None:
        self._model = build.model
        self.buffers: dict[str, Spot] = {b.name: _spot(b) for b in build.model.all("buffer")}
        self._loose: dict[str, list[Spot]] = {}
        for buffer in build.model.all("buffer"):
            if not self.buffers[buffer.name][1]:
                self._loose.setdefault(buffer.text("item"), []).append(self.buffers[buffer.name])
        places = set(build.model.named["location"])
        self._only = places.pop() if len(places) == 1 else ""
        self.used: dict[Spot, None] = {}
        self._of_item: dict[str, dict[Spot, None]] = {}
        for name, spot in self.buffers.items():
            self._note(spot)
            if not spot[1]:
                self._of_item.setdefault(build.model.named["buffer"][name].text("item"), {})[spot] = None

    def _note(self, spot: Spot) -> Spot:
        self.used[spot] = None
        self._of_item.setdefault(spot[0], {})[spot] = None
        return spot

    def of_item(self, item: str) -> list[Spot]:
        """Every stock of the item known so far, those of buffers without location among them."""
        return list(self._of_item.get(item, ()))

    def of_flow(self, flow: Entity, place: str) -> Spot:
        """Where a flow takes from or puts to; ``place`` is its operation's."""
        buffer = flow.text("buffer")
        if buffer:
            spot = self.buffers.get(buffer) or _named(buffer)
        else:
            spot = self.at(flow.text("item"), flow.text("location") or place)
        return self._note(spot)

    def at(self, item: str, place: str) -> Spot:
        """The stock of an item at a place; without a place that of its only buffer, else of the only location."""
        if not place:
            loose = self._loose.get(item, [])
            return loose[0] if len(loose) == 1 else (item, "")
        return self._note((item, place))

    def demanded(self, demand: Entity) -> Spot:
        """Where a demand without delivery operation is served from."""
        item, place = demand.text("item"), demand.text("location")
        if not place:
            known = self._of_item.get(item, {}).keys() & set(self.buffers.values())
            if len(known) == 1:
                return next(iter(known))
            place = self._only
            if known:
                self._model.warn(f"demand '{demand.name}' has no location; item '{item}' has {len(known)} stocks")
        return self.at(item, place)


def _spot(buffer: Entity) -> Spot:
    item, place = buffer.text("item"), buffer.text("location")
    if not place and item and buffer.name.startswith(item + _AT):
        place = buffer.name.removeprefix(item + _AT)
    if not item:
        return _named(buffer.name, place)
    return (item, place) if place else (buffer.name, "")


def _named(name: str, place: str = "") -> Spot:
    """A stock known by its name only: ``item @ place``."""
    item, at, found = name.rpartition(_AT)
    return (item, place or found) if at else (name, place)
