"""The audit trail: who changed what, and when."""

from __future__ import annotations

from django.db import models


class Audit(models.Model):
    """One change, written in the transaction that made it. Rows are only ever added; each carries the digest before.

    Nothing in a row refers to another table: it must never change, whatever becomes of the account.
    """

    at = models.DateTimeField()
    account = models.BigIntegerField(null=True)  # number of the account, even after it is gone
    username = models.TextField(blank=True, default="")
    action = models.TextField()
    subject = models.TextField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    previous = models.CharField(max_length=64, unique=True)  # unique: the chain cannot fork
    digest = models.CharField(max_length=64)

    class Meta:
        db_table = "audit"
        indexes = [
            models.Index(fields=["subject", "at"], name="audit_subject"),
            models.Index(fields=["at"], name="audit_at"),
            models.Index(fields=["username", "at"], name="audit_username"),
            models.Index(fields=["action", "at"], name="audit_action"),
        ]
        permissions = [("see_audit", "May see who changed what")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.username} {self.action} {self.subject}"
