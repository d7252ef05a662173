"""gemba clock: an operation is played through by setting its clock, and the audit trail says so."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

import pytest

from tests.execute.orders.facts import at, shop


def test_a_clock_is_set_shown_and_given_back_to_the_real_time(
    db: None, monkeypatch: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    from gemba.app import commands
    from gemba.app.store.clock import now, stands
    from gemba.app.store.models import Audit
    from gemba.app.store.operations import save_operation

    monkeypatch.setattr(commands, "_set_up", lambda args: None)
    save_operation(shop())

    def ran(moment: str = "", operation: str = "Shop", still: bool = False) -> int:
        return commands.clock(Namespace(operation=operation, moment=moment, stands=still))

    assert ran("2026-11-23T10:00", still=True) == 0
    assert now("Shop") == at(4)
    assert capsys.readouterr().out == "In Shop it is 2026-11-23 10:00, and stands still.\n"
    assert ran() == 0
    assert ran("real") == 0
    assert not stands("Shop")
    assert Audit.objects.filter(action="set clock").count() == 2
    assert ran("ten o'clock") == 1
    assert "is no moment" in capsys.readouterr().err
    assert ran(operation="Nowhere") == 1
