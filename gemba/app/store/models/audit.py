"""The audit trail: who changed what, and when."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Audit(models.Model):
    """One change, written in the transaction that made it. Rows are only ever added."""

    at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    username = models.TextField(blank=True, default="")  # stays when the account goes
    action = models.TextField()
    subject = models.TextField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        db_table = "audit"
        indexes = [
            models.Index(fields=["subject", "at"], name="audit_subject"),
            models.Index(fields=["at"], name="audit_at"),
        ]
        permissions = [("see_audit", "May see who changed what")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.username} {self.action} {self.subject}"
