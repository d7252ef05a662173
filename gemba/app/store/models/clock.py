"""The clock of an operation: the real one, or one of its own for demonstrations and training."""

from __future__ import annotations

from django.db import models


class OperationClock(models.Model):
    """How far an operation's clock is ahead of the real one, or where it stands; without a row it is the real one."""

    operation = models.TextField(unique=True)
    offset = models.BigIntegerField(default=0)  # seconds
    stands = models.DateTimeField(null=True)  # for training and tests: it shows this until it is set again

    class Meta:
        db_table = "operation_clocks"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.operation}: {self.stands or self.offset}"
