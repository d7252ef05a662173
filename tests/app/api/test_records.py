"""Records through the API and the command: each uid once, whole or not at all, and back out again."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from gemba.app import record_commands
from gemba.app.actions.records import import_records
from gemba.app.store.models import Audit, OrderState
from gemba.app.store.records import read
from gemba.exchange.records import read_records
from gemba.operation import OperationError

pytestmark = pytest.mark.django_db
ORDER = {"uid": "o", "at": "2026-03-02T06:00:00Z", "order": "MO-7", "quantity": "4.5"}
DONE = {"uid": "e", "at": "2026-03-02T12:00:00Z", "kind": "finished", "order": "MO-7", "good": 4, "resource": "R",
        "start": "2026-03-02T11:00:00Z", "seconds": 3600}  # fmt: skip


def post(call: Any, name: str, table: str, *records: dict[str, Any]) -> Any:
    return call.post(f"/api/v1/operations/{name}/records/{table}", list(records), content_type="application/json")


def get(call: Any, name: str, table: str, **only: Any) -> Any:
    return call.get(f"/api/v1/operations/{name}/records/{table}", only)


def test_records_are_taken_once_and_listed_page_by_page(call: Any, stored: Any) -> None:
    many = [{**DONE, "uid": f"e{i}", "at": f"2026-03-02T12:0{i}:00Z"} for i in range(3)]
    assert post(call, stored.name, "events", *many).json() == {"added": 3, "known": 0}
    assert post(call, stored.name, "events", *many).json() == {"added": 0, "known": 3}
    page = get(call, stored.name, "events", size=2).json()
    assert [r["uid"] for r in page["rows"]] == ["e0", "e1"]
    rest = get(call, stored.name, "events", size=2, after=page["after"]).json()
    assert ([r["uid"] for r in rest["rows"]], rest["after"]) == (["e2"], None)
    late = get(call, stored.name, "events", at__gte="2026-03-02T12:01:00Z", resource="R", order="MO-7").json()
    assert [r["uid"] for r in late["rows"]] == ["e1", "e2"]
    assert get(call, stored.name, "events", resource="another").json()["rows"] == []


def test_one_wrong_record_refuses_all_and_each_fault_says_where(call: Any, stored: Any) -> None:
    wrong = [{**DONE, "uid": "a"}, {**DONE, "uid": "b", "kind": "done"}, {**DONE, "uid": "c", "good": -4}]
    refused = post(call, stored.name, "events", *wrong)
    assert refused.status_code == 422
    faults = refused.json()["faults"]
    assert [f["where"] for f in faults] == ["records.1", "records.2"]
    assert "kind is 'done'; must be one of" in faults[0]["message"]
    assert read(stored.name, "events") == []
    assert get(call, stored.name, "movements", resource="R").status_code == 422


def test_where_orders_stand_follows_from_imported_events(call: Any, stored: Any) -> None:
    post(call, stored.name, "released_orders", ORDER)
    assert OrderState.objects.get(operation=stored.name, order="MO-7").good == 0
    post(call, stored.name, "events", {**DONE, "step": ""})
    assert OrderState.objects.get(operation=stored.name, order="MO-7").good == 4
    (audit,) = Audit.objects.filter(action="import records").order_by("-pk")[:1]
    assert audit.after == {"source": "API", "added": {"events": 1}}


def test_only_who_may_import_sends_records(caller: Any, viewer: Any, stored: Any) -> None:
    assert post(caller(viewer), stored.name, "events", DONE).status_code == 403
    assert post(caller(viewer), "nothing", "events", DONE).status_code == 403


def test_a_fault_found_late_undoes_what_was_added_before(planner: Any, stored: Any, tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text("uid,at,kind\ne,2026-03-02,checked\nf,2026-03-02,wrong\n")

    def chunks() -> Any:
        yield read_records(tmp_path, lenient=True).records["events"]
        yield read_records(tmp_path).records["events"]

    with pytest.raises(OperationError):
        import_records(planner, stored.name, chunks())
    assert read(stored.name, "events") == []


def options(path: Path, stored: Any, user: Any, **more: Any) -> Namespace:
    given = {"operation": stored.name, "user": user.get_username(), "adapter": None, "lenient": False, "report": None,
             "tables": None}  # fmt: skip
    return Namespace(path=path, **{**given, **more})


def test_the_command_takes_the_good_ones_reports_the_others_and_writes_them_out(
    planner: Any, stored: Any, tmp_path: Path, capsys: Any
) -> None:
    folder, report = tmp_path / "in", tmp_path / "report.csv"
    folder.mkdir()
    (folder / "events.csv").write_text("uid,at,kind,resource\ne,2026-03-02,checked,Nobody\nf,2026-03-02,wrong,\n")
    with pytest.raises(OperationError):
        record_commands.import_(options(folder, stored, planner, report=report))
    assert read(stored.name, "events") == []
    assert record_commands.import_(options(folder, stored, planner, lenient=True, report=report)) == 0
    said = capsys.readouterr().out
    assert "1 new" in said
    assert "one of the resources" in said
    kinds = [line.split(",")[0] for line in report.read_text().splitlines()]
    assert kinds == ["kind", "fault", "doubt"]
    for name in ("out", "out.xlsx"):
        assert record_commands.export(options(tmp_path / name, stored, planner)) == 0
        again = read_records(tmp_path / name, stored.settings.get("zone", "") if hasattr(stored, "settings") else "")
        assert [e.uid for e in again.records["events"]] == ["e"]
    assert record_commands.template(options(tmp_path / "t", stored, planner)) == 0
    assert record_commands.template(options(tmp_path / "t", stored, planner)) == 1
