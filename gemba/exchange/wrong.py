"""A cell that cannot be read: what would be allowed instead, in the words of a fault."""

from __future__ import annotations


class WrongCellError(ValueError):
    """The text says what the cell must be; ``nearest`` is the closest right value where one is close."""

    def __init__(self, allowed: str, nearest: str = "") -> None:
        super().__init__(allowed)
        self.nearest = nearest
