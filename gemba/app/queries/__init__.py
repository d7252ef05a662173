"""What pages and API show, as plain dictionaries: read from the store, or derived from a loaded plan.

Nothing here asks who is looking; whoever calls has done so. Moments of a plan are ISO 8601 text in the operation's
zone (without an offset where it has none), but for the board, which takes seconds.
"""
