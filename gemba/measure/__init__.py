"""How well: pure functions that turn an operation, its plan and its events into numbers."""
