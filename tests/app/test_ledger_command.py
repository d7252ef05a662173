"""gemba ledger: the checkpoints are compared with the movements, and made again where they are wrong."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

import pytest
from django.db import transaction

from tests.execute.ledger.plant import AT, maker, plant


def test_wrong_checkpoints_are_told_and_made_again(
    db: None, monkeypatch: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    from gemba.app import commands
    from gemba.app.actions.stock import post_movements
    from gemba.app.store.clock import set_now
    from gemba.app.store.models import StockBalance, StockCheckpoint
    from gemba.app.store.operations import save_operation
    from gemba.app.store.records import delete_records

    monkeypatch.setattr(commands, "_set_up", lambda args: None)
    save_operation(plant())
    set_now("Bakery", AT)
    with transaction.atomic():
        post_movements("Bakery", [maker(AT.replace(month=9)).receipt("r", "Milk", 5, "Store", lot="M1")])

    def ran(what: str, operation: str = "Bakery") -> int:
        return commands.ledger(Namespace(what=what, operation=operation))

    assert ran("verify") == 0
    StockBalance.objects.update(quantity=1)
    assert ran("verify") == 1
    assert "Milk M1 at Store: 1 worth 5 instead of 5 worth 5" in capsys.readouterr().out
    assert ran("rebuild") == 0
    assert ran("verify") == 0
    assert ran("verify", "Nowhere") != 0
    delete_records("Bakery")
    assert not StockCheckpoint.objects.exists()
