"""The API under /api/v1: the pages' JSON twin, for programs. The same queries, actions and permissions."""
