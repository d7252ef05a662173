"""Jobs: the long work that waits, runs or has ended."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from gemba.app.store.models.dataset import Dataset
from gemba.app.store.models.plan import PlanVersion

QUEUED, RUNNING, DONE, FAILED, CANCELLED = STATES = ("queued", "running", "done", "failed", "cancelled")


class Job(models.Model):
    """A request for long work. Who runs it holds a lease; ``token`` tells each holder from those before it."""

    kind = models.CharField(max_length=20, default="plan")
    state = models.CharField(max_length=9, choices=[(s, s) for s in STATES], default=QUEUED)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="jobs")
    options = models.JSONField(default=dict)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    requested_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    worker = models.TextField(blank=True, default="")
    token = models.BigIntegerField(default=0)
    attempts = models.IntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    cancel_requested = models.BooleanField(default=False)
    stop_requested = models.BooleanField(default=False)
    progress = models.JSONField(default=dict)
    error = models.TextField(blank=True, default="")
    plan = models.ForeignKey(PlanVersion, null=True, on_delete=models.SET_NULL, related_name="jobs")

    class Meta:
        db_table = "jobs"
        indexes = [models.Index(fields=["state", "lease_until"], name="jobs_waiting")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"job {self.pk} ({self.kind}, {self.state})"
