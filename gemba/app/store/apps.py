"""The store as a Django application."""

from __future__ import annotations

from django.apps import AppConfig
from django.core import checks


class StoreConfig(AppConfig):
    name = "gemba.app.store"
    label = "store"
    verbose_name = "Operations and plans"

    def ready(self) -> None:
        from gemba.app.store.sqlite_version import check_sqlite

        checks.register(check_sqlite, checks.Tags.database)
