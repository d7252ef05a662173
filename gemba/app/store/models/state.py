"""Where released work stands now: derived from its events in the same transaction, and made again from them at will."""

from __future__ import annotations

from typing import Any

from django.db import models

from gemba.app.store.fields import ExactField


def _amount() -> Any:
    return ExactField(default=0)


class TaskState(models.Model):
    """A task of a released order: its state, what it has yielded, and since when it is in that state."""

    operation = models.TextField()
    order = models.TextField()
    step = models.TextField()
    state = models.CharField(max_length=10)  # waiting, started, paused, done, skipped, cancelled
    since = models.DateTimeField()
    start = models.DateTimeField(null=True)  # first start
    end = models.DateTimeField(null=True)
    seconds = models.FloatField(default=0)  # set-up and production so far
    good = _amount()
    scrap = _amount()
    rework = _amount()
    resource = models.TextField(blank=True, default="")
    person = models.TextField(blank=True, default="")

    class Meta:
        db_table = "task_states"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["operation", "order", "step"], name="task_states_once")]
        indexes = [
            models.Index(fields=["operation", "state"], name="task_states_open"),
            models.Index(fields=["operation", "resource", "state"], name="task_states_resource"),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.step}: {self.state}"


class OrderState(models.Model):
    """A released order: its state and what it has yielded."""

    operation = models.TextField()
    order = models.TextField()
    state = models.CharField(max_length=10)  # released, started, paused, done, closed, cancelled
    since = models.DateTimeField()
    start = models.DateTimeField(null=True)
    end = models.DateTimeField(null=True)
    good = _amount()
    scrap = _amount()

    class Meta:
        db_table = "order_states"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["operation", "order"], name="order_states_once")]
        indexes = [models.Index(fields=["operation", "state"], name="order_states_open")]

    def __str__(self) -> str:
        return f"{self.order}: {self.state}"
