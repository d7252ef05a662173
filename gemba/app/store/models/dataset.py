"""Datasets: the stored versions of each operation."""

from __future__ import annotations

from django.conf import settings
from django.db import models

DRAFT, CURRENT, PAST, STANDS = "draft", "current", "past", "stands"


class Dataset(models.Model):
    """One stored version of an operation; the tables' rows belong to it.

    A draft waits for somebody to confirm it. One that ``stands`` is a version (its ``base``) as it stood, with the work
    done since, when a plan was made from it; it belongs to that plan.
    """

    name = models.TextField()
    version = models.BigIntegerField()
    state = models.CharField(max_length=7, choices=[(s, s) for s in (DRAFT, CURRENT, PAST, STANDS)], default=DRAFT)
    base = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="+")
    source = models.TextField(blank=True, default="")
    counts = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        db_table = "datasets"
        constraints = [
            models.UniqueConstraint("name", "version", name="datasets_version"),
            # However many confirm at once, one version is current.
            models.UniqueConstraint("name", condition=models.Q(state=CURRENT), name="datasets_current"),
        ]
        permissions = [
            ("see_operations", "May see operations and plans"),
            ("import_operation", "May import and confirm an operation"),
            ("delete_operation", "May delete an operation with its plans"),
        ]
        default_permissions = ()

    @property
    def is_current(self) -> bool:
        """Whether what it was made from is still the current version."""
        return (self.base.state if self.base_id else self.state) == CURRENT

    def __str__(self) -> str:
        return f"{self.name} (version {self.version})"
