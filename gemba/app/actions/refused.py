"""A rule says no."""

from __future__ import annotations


class RefusedError(ValueError):
    """What was asked for is against a rule; the text says which, for the person who asked."""
