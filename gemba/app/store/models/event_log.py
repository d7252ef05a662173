"""Event logs that somebody uploaded to look at: theirs alone, and gone after a while."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class UploadedLog(models.Model):
    """A log as it was read, packed as CSV; and what could not be read."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.TextField()
    created_at = models.DateTimeField(db_index=True)
    content = models.BinaryField()
    reading = models.JSONField(default=dict)  # rows, left_out, counts, faults, doubts, folding

    class Meta:
        db_table = "uploaded_logs"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name} of {self.user}"
