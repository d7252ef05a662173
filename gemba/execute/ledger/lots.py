"""What goes with a lot wherever it goes."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime

from gemba.operation import Movement


def with_expiry(movements: Sequence[Movement], known: Mapping[tuple[str, str], datetime]) -> list[Movement]:
    """The movements with the expiry of their lots, where they bring a lot into a store and do not say it themselves.

    ``known``: expiry by (item, lot) from the movements before; those of these movements count as well.
    """
    expires = dict(known)
    for m in movements:
        if m.lot and m.expires is not None:
            expires[m.item, m.lot] = max(m.expires, expires.get((m.item, m.lot), m.expires))
    return [
        dataclasses.replace(m, expires=expires[m.item, m.lot])
        if m.expires is None and m.to_kind == "store" and (m.item, m.lot) in expires
        else m
        for m in movements
    ]
