"""Checkpoints of the ledger: stock on hand at the start of a month, so that no question adds up years of movements.

They are derived: made again from the movements at will, and corrected in the transaction of a movement that lies
before them.
"""

from __future__ import annotations

from django.db import models

from gemba.app.store.fields import ExactField


class StockCheckpoint(models.Model):
    """There are balances of every store of the operation for this moment: all movements before it, none at it."""

    operation = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "stock_checkpoints"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["operation", "at"], name="stock_checkpoints_once")]

    def __str__(self) -> str:
        return f"{self.operation} at {self.at}"


class StockBalance(models.Model):
    """Quantity and value of an item, by lot, at a place at the moment of a checkpoint; without a row there was none."""

    row = models.BigAutoField(primary_key=True)
    checkpoint = models.ForeignKey(StockCheckpoint, on_delete=models.CASCADE, related_name="balances", db_index=False)
    item = models.TextField()
    place = models.TextField()
    lot = models.TextField()
    quantity = ExactField()
    value = ExactField()
    since = models.DateTimeField(null=True)
    expires = models.DateTimeField(null=True)

    class Meta:
        db_table = "stock_balances"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["checkpoint", "item", "place", "lot"], name="stock_balances_once")
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.lot} at {self.place}: {self.quantity}"
