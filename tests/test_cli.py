"""The command gemba, with a planner that takes no time where the plan itself does not matter."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import gemba
from gemba import cli
from gemba.exchange import read, write_folder, write_template
from gemba.exchange.example import chair_factory
from gemba.operation import Delivery, Plan
from gemba.operation.moments import seconds
from tests.exchange.broken.build import good, with_cell, write_csv_folder


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write_csv_folder(tmp_path / "shop", good())


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the planner was called with; it delivers everything in time."""
    called: dict[str, Any] = {}

    def plan(operation: Any, **options: Any) -> Plan:
        called.update(options, operation=operation)
        deliveries = [Delivery(d.name, d.quantity, seconds(d.due)) for d in operation.demands]
        return Plan(operation.name, seconds(operation.now), deliveries=deliveries)

    monkeypatch.setattr(gemba, "plan", plan)
    return called


def test_plan_prints_the_summary_and_writes_a_workbook_beside_the_source(
    shop: Path, planned: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["plan", str(shop)]) == 0
    said = capsys.readouterr().out
    assert "1: 1 on time, 0 late, 0 short" in said
    assert f"Wrote {shop}-plan.xlsx" in said
    assert (shop.parent / "shop-plan.xlsx").exists()


def test_plan_passes_its_options_to_the_planner(shop: Path, planned: dict[str, Any]) -> None:
    cli.main(["plan", str(shop), "--seconds", "2.5", "--steps", "7", "--seed", "3", "--policy", "makespan"])
    assert {k: planned[k] for k in ("seconds", "steps", "seed", "policy")} == {
        "seconds": 2.5, "steps": 7, "seed": 3, "policy": "makespan"}  # fmt: skip


def test_fifteen_seconds_are_the_default_and_steps_alone_set_no_time(shop: Path, planned: dict[str, Any]) -> None:
    cli.main(["plan", str(shop)])
    assert planned["seconds"] == 15
    cli.main(["plan", str(shop), "--steps", "5"])
    assert planned["seconds"] is None


def test_a_plan_as_json_replaces_the_workbook(shop: Path, planned: dict[str, Any], tmp_path: Path) -> None:
    assert cli.main(["plan", str(shop), "--json", str(tmp_path / "plan.json")]) == 0
    assert json.loads((tmp_path / "plan.json").read_text("utf-8"))["schema"] == "gemba.plan"
    assert not (tmp_path / "shop-plan.xlsx").exists()


def test_json_on_the_standard_output_is_alone_there(
    shop: Path, planned: dict[str, Any], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert cli.main(["plan", str(shop), "--json", "-"]) == 0
    sys.stdout.flush()
    out, err = capfdbinary.readouterr()
    assert json.loads(out)["operation"] == "Shop"
    assert b"on time" in err


def test_now_replaces_the_moment_in_the_data(shop: Path, planned: dict[str, Any]) -> None:
    cli.main(["plan", str(shop), "--now", "2026-11-25 06:00"])
    assert planned["operation"].now.isoformat() == "2026-11-25T05:00:00+00:00"


def test_a_now_that_is_none_is_refused(shop: Path, planned: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["plan", str(shop), "--now", "tomorrow"]) == 2
    assert "--now is 'tomorrow'" in capsys.readouterr().err


def test_bad_data_gives_code_2_and_each_fault_by_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write_csv_folder(tmp_path / "shop", with_cell("items", "cost", "much"))
    assert cli.main(["plan", str(source)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "1 fault in the data; nothing was imported." in said.err
    assert "items.csv, items (1)\n  items, row 2 'Chair', cost is 'much'; must be a number" in said.err


def test_at_most_fifty_faults_are_shown_and_the_rest_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [["name", "cost"], *([f"Item {i}", "much"] for i in range(80))]
    source = write_csv_folder(tmp_path / "shop", {"settings": good()["settings"], "items": rows})
    assert cli.main(["check", str(source)]) == 2
    said = capsys.readouterr().err
    assert said.count("cost is 'much'") == 50
    assert "80 faults" in said
    assert "... and 30 more." in said


def test_a_source_that_is_not_there_is_bad_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(tmp_path / "nothing.xlsx")]) == 2
    assert "no file or folder has this name" in capsys.readouterr().err


def test_check_counts_the_tables_and_names_doubts(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(shop)]) == 0
    said = capsys.readouterr().out
    assert "Shop: the data can be planned" in said
    assert "steps                     2" in said
    assert "no resource of kind person" in said


def test_template_writes_a_workbook_that_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["template", str(tmp_path / "mine")]) == 0
    assert read(tmp_path / "mine.xlsx") == chair_factory()
    assert "gemba check" in capsys.readouterr().out


def test_template_never_overwrites_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.xlsx").write_bytes(b"work of weeks")
    assert cli.main(["template", str(tmp_path / "mine.xlsx")]) == 1
    assert (tmp_path / "mine.xlsx").read_bytes() == b"work of weeks"


def test_a_folder_that_is_not_there_is_no_traceback(
    shop: Path, planned: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["plan", str(shop), "--json", str(shop / "no" / "plan.json")]) == 1
    assert "gemba: " in capsys.readouterr().err


def test_ctrl_c_stops_with_the_best_plan_so_far(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def plan(operation: Any, *, stop: Any, **_: Any) -> Plan:
        assert not stop()
        os.kill(os.getpid(), signal.SIGINT)
        assert stop()
        return Plan(operation.name, seconds(operation.now))

    monkeypatch.setattr(gemba, "plan", plan)
    assert cli.main(["plan", str(shop)]) == 130
    assert (shop.parent / "shop-plan.xlsx").exists()
    assert "best plan so far" in capsys.readouterr().err


def test_ctrl_c_twice_ends_at_once(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def plan(operation: Any, **_: Any) -> Plan:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        raise AssertionError("not reached")

    monkeypatch.setattr(gemba, "plan", plan)
    assert cli.main(["plan", str(shop)]) == 130
    assert not (shop.parent / "shop-plan.xlsx").exists()


def test_progress_is_one_line_that_is_written_over(capsys: pytest.CaptureFixture[str]) -> None:
    line = cli._ProgressLine()
    line(SimpleNamespace(stage="supply", objective=12.5, bound=3.0, elapsed=2.2))  # type: ignore[arg-type]
    line(SimpleNamespace(stage="supply", objective=11.5, bound=3.0, elapsed=2.3))  # type: ignore[arg-type]
    line.clear()
    said = capsys.readouterr().err
    assert said.startswith("\rsupply     objective 12.5  bound 3  2 s")
    assert "11.5" not in said, "too soon after the first"
    assert "\n" not in said


@pytest.mark.parametrize("name", ["serve", "demo", "worker", "migrate"])
def test_the_commands_of_the_application_get_their_arguments(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[Any] = []
    module = SimpleNamespace(**{name: lambda args: called.append(args) or 0})
    monkeypatch.setitem(sys.modules, "gemba.app.commands", module)  # type: ignore[arg-type]
    monkeypatch.setitem(sys.modules, "gemba.app", SimpleNamespace(commands=module))  # type: ignore[arg-type]
    assert cli.main([name, "--data", "here"]) == 0
    assert called[0].data == "here"


def test_an_application_that_is_not_installed_is_said_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(name: str) -> Any:
        raise ModuleNotFoundError("No module named 'django'", name="django")

    monkeypatch.setattr(cli, "import_module", missing)
    assert cli.main(["serve"]) == 1
    assert "pip install 'gemba[web]'" in capsys.readouterr().err


def test_importing_gemba_imports_nothing_heavy() -> None:
    heavy = {"numpy", "numba", "ortools", "django", "gemba.operation"}
    code = f"import sys, gemba; print(sorted({heavy}.intersection(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_everything_that_gemba_offers_is_there() -> None:
    assert [name for name in gemba.__all__ if not callable(getattr(gemba, name))] == []
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = gemba.nonsense


def test_the_command_runs_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "gemba", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("gemba")


def test_the_example_is_planned_from_end_to_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_template(tmp_path / "chairs.xlsx")
    assert cli.main(["plan", str(tmp_path / "chairs.xlsx"), "--steps", "20"]) == 0
    assert "no rule is broken" in capsys.readouterr().out


def test_the_same_data_in_another_form_gives_the_same_plan(tmp_path: Path) -> None:
    write_template(tmp_path / "chairs.xlsx")
    write_folder(read(tmp_path / "chairs.xlsx"), tmp_path / "chairs")
    for source in ("chairs.xlsx", "chairs"):
        cli.main(["plan", str(tmp_path / source), "--steps", "20", "--json", str(tmp_path / f"{source}.json")])
    first, second = (json.loads((tmp_path / f"{s}.json").read_text("utf-8")) for s in ("chairs.xlsx", "chairs"))
    assert {**first, "seconds": 0} == {**second, "seconds": 0}
