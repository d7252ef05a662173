"""The comparison with another planner's plans: what is read of its dumps, and what counts as at least as good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.cases_compare import Service, compare, failing
from benchmarks.cases_expected import Delivered, cases, choose, expected, parse_dump
from benchmarks.cases_report import goal, line, markdown, passed, summary
from benchmarks.cases_run import Result, judge
from benchmarks.check_cases import main
from gemba.operation import Demand, Item, Operation, Plan, Settings
from gemba.operation.moments import seconds
from gemba.operation.plan import Delivery

DUE = datetime(2026, 12, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def _demand(quantity: float = 10, priority: int = 1, name: str = "SO", status: str = "open") -> Demand:
    return Demand(name=name, item="x", quantity=quantity, due=DUE, priority=priority, status=status)


def _part(quantity: float, days: float, name: str = "SO") -> Delivered:
    return Delivered(name, quantity, seconds(DUE + days * DAY))


def _services(demand: Demand, ours: list[Delivered], theirs: list[Delivered]) -> tuple[Service, Service]:
    return compare([demand], ours, theirs)


# what a dump says

DUMP = """BUFFER\tx @ plant\t1971-01-01T00:00:00\t2\t2
DEMAND\tSO 1\t2026-12-05T12:00:00\t7.5\tlater than 2026-12-01T00:00:00
DEMAND\tSO 1\t2026-12-01T00:00:00\t2
DEMAND\tSO 2\tplanned 3.5 units short
DEMAND CONSTRAINT\tSO 1\tManufacturing lead time on 'make'\t2026-11-01T00:00:00 / 2026-12-01T00:00:00
"""


def test_a_dump_lists_deliveries_and_shortages_have_none() -> None:
    assert parse_dump(DUMP) == [
        Delivered("SO 1", 7.5, seconds(datetime(2026, 12, 5, 12, tzinfo=UTC))), Delivered("SO 1", 2, seconds(DUE)),
    ]  # fmt: skip


def test_a_dump_without_demands_says_nothing() -> None:
    assert parse_dump("RESOURCE\tline\t2026-12-01T00:00:00\t1\t1\n") is None
    assert parse_dump("") is None
    assert parse_dump("DEMAND\tSO\tplanned 10 units short\n") == []


def test_deliveries_are_the_first_level_of_a_demand_s_pegging() -> None:
    text = (
        "Pegging of demand SO 1 with quantity 100.0:\n"
        "\t0\t4002\tship\t5.0\t2026-12-01 00:00:00\t2026-12-02 00:00:00\n"
        "\t1\tb\tInventory\t10.0\t1971-01-01 00:00:00\t1971-01-01 00:00:00\n"
        "Upstream pegging of operationplan\n"
        "\t0\t4002\tship\t5.0\t2026-12-01 00:00:00\t2026-12-02 00:00:00\n"
    )
    assert parse_dump(text) == [Delivered("SO 1", 5, seconds(DUE + DAY))]


@pytest.mark.parametrize(
    ("settings", "spoken", "file"),
    [
        ("plantype=1; constraints=15; plantype=2; constraints=15", [0, 1], 0),
        ("plantype=2; constraints=15; plantype=1; constraints=15", [0, 1, 2], 1),
        ("plantype=1; constraints=16; plantype=1; constraints=16+32", [0, 1], 1),
        ("plantype=1; constraints=15; plantype=2; constraints=0", [1, 2], 1),
        ("constraints=15; plantype = 2", [0, 1], 0),
        ("", [2], 2),
        ("plantype=1; constraints=15", [], None),
    ],
)
def test_the_most_constrained_plan_is_compared_with(settings: str, spoken: list[int], file: int | None) -> None:
    assert choose(settings, spoken) == file


def test_dumps_are_numbered_not_sorted_as_text(tmp_path: Path) -> None:
    for n in range(1, 11):
        (tmp_path / f"expected.{n}.tsv").write_text(f"DEMAND\tSO\t2026-12-{n:02}T00:00:00\t1\n", encoding="utf-8")
    file, parts = expected(tmp_path, "plantype=2; constraints=15; plantype=1; constraints=15")
    assert file == "expected.2.tsv"
    assert parts == [Delivered("SO", 1, seconds(DUE + DAY))]
    assert expected(tmp_path / "none") == ("", None)


def test_cases_are_those_of_the_index_else_every_folder_with_a_model(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.xml").write_text("<plan/>", encoding="utf-8")
    assert cases(tmp_path) == [("a", ""), ("b", "")]
    (tmp_path / "index.csv").write_text("case,solver_settings_in_order\nb,plantype=1\n", encoding="utf-8")
    assert cases(tmp_path) == [("b", "plantype=1")]


# what is better


def test_lateness_by_parts_is_share_times_days_over_priority() -> None:
    ours, _ = _services(_demand(priority=2), [_part(4, 0), _part(6, 5)], [])
    assert ours.by_parts == pytest.approx(0.6 * 5 / 2)
    assert ours.at_last == pytest.approx(5 / 2)
    assert ours.short == 0


def test_early_deliveries_are_not_rewarded() -> None:
    ours, _ = _services(_demand(), [_part(5, -3), _part(5, 1)], [])
    assert ours.by_parts == pytest.approx(0.5)


def test_more_than_asked_is_of_no_use() -> None:
    _, theirs = _services(_demand(20), [], [_part(30, 4)])
    assert (theirs.short, theirs.by_parts) == (0, pytest.approx(4))


def test_leaving_a_late_part_out_is_no_better_than_delivering_it() -> None:
    ours, theirs = _services(_demand(), [_part(5, 0), _part(5, 8)], [_part(5, 0)])
    assert (ours.short, theirs.short) == (0, 5)
    assert ours.by_parts == theirs.by_parts == pytest.approx(4)
    assert failing(ours, theirs) == []
    assert "short" in failing(theirs, ours)[0]


def test_only_open_demands_count() -> None:
    ours, _ = compare([_demand(), _demand(name="old", status="closed")], [], [])
    assert list(ours.served) == ["SO"]


def test_later_by_any_measure_fails_and_says_which() -> None:
    late, punctual = _services(_demand(), [_part(9, 1), _part(1, 1)], [_part(9, 0), _part(1, 3)])
    assert failing(late, punctual) == ["lateness by parts 1 > 0.3"]
    assert failing(punctual, late) == ["lateness of last deliveries 3 > 1"]
    assert failing(late, late) == []


def test_rounding_to_a_second_is_no_difference() -> None:
    ours, theirs = _services(_demand(), [_part(10, 5 + 1 / 86400)], [_part(10, 5)])
    assert failing(ours, theirs) == []


# how a case is judged and told


def _judged(deliveries: list[Delivery], theirs: list[Delivered] | None, violations: tuple[str, ...] = ()) -> Result:
    operation = Operation(
        settings=Settings(name="t", now=DUE - 10 * DAY), items=(Item(name="x"),), demands=(_demand(),)
    )
    result = Result("case", read=True)
    judge(result, operation, Plan("t", 0, deliveries=deliveries, violations=list(violations)), "expected.1.tsv", theirs)
    return result


def _on_time(quantity: float = 10) -> list[Delivery]:
    return [Delivery("SO", quantity, seconds(DUE))]


def test_a_plan_at_least_as_good_is_ok() -> None:
    assert _judged(_on_time(), [_part(10, 2)]).ok
    assert not _judged(_on_time(9), [_part(10, 0)]).ok


def test_a_violation_is_never_ok() -> None:
    assert not _judged(_on_time(), [_part(10, 2)], ("overloaded",)).ok


def test_without_a_dump_a_plan_without_violation_is_ok() -> None:
    assert _judged([], None).ok
    assert not _judged([], None, ("overloaded",)).ok


def test_the_goal_is_40_of_45_and_the_same_share_of_others() -> None:
    assert [goal([Result("x")] * n) for n in (45, 9, 1)] == [40, 8, 1]


def test_one_model_unread_or_one_violation_fails_the_whole_run() -> None:
    good = _judged(_on_time(), [_part(10, 2)])
    assert passed([good] * 45)
    assert not passed([good] * 44 + [Result("bad", error="no")])
    assert not passed([good] * 44 + [_judged(_on_time(), [_part(10, 2)], ("overloaded",))])
    assert passed([good] * 40 + [_judged([], [_part(10, 0)])] * 5)
    assert not passed([good] * 39 + [_judged([], [_part(10, 0)])] * 6)
    assert not passed([])


def test_a_line_tells_both_planners_figures_and_why_a_case_fails() -> None:
    told = line(_judged(_on_time(9), [_part(10, 0)]))
    assert "short 1 (1) / 0 (0)" in told
    assert "short 1 > 0" in told
    assert "1 cases: 1 read" in summary([_judged(_on_time(), [_part(10, 2)])])


def test_the_page_lists_every_case() -> None:
    page = markdown([_judged(_on_time(), [_part(10, 2)]), _judged([], None)], 5)
    assert page.count("| case | at least as good | 1 |") == 2
    assert "2 of 2 cases" in page


# the program


MODEL = """<plan xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><current>2026-11-21T00:00:00</current>
<buffers><buffer name="x @ plant" onhand="10"><item name="x"/><location name="plant"/></buffer></buffers>
<demands><demand name="SO" quantity="10" due="2026-12-01T00:00:00"><item name="x"/><location name="plant"/></demand>
</demands></plan>"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "stock"
    folder.mkdir()
    (folder / "model.xml").write_text(MODEL, encoding="utf-8")
    (folder / "expected.1.tsv").write_text("DEMAND\tSO\t2026-12-01T00:00:00\t10\n", encoding="utf-8")
    return tmp_path


def test_the_program_reads_plans_and_compares(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = data / "page.md"
    assert main([str(data), "--steps", "2", "--processes", "1", "--markdown", str(page), "-v"]) == 0
    assert "stock" in capsys.readouterr().out
    assert "| stock | at least as good |" in page.read_text(encoding="utf-8")


def test_cases_run_side_by_side_each_in_its_own_process(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(data), "--steps", "2", "--processes", "2"]) == 0
    assert "1 cases: 1 read" in capsys.readouterr().out


def test_a_case_that_takes_too_long_is_given_up(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(data), "--limit", "0.001"]) == 1
    assert "not planned within" in capsys.readouterr().out


def test_the_program_fails_where_a_model_cannot_be_read(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "stock" / "model.xml").write_text("<plan>", encoding="utf-8")
    assert main([str(data), "--steps", "2", "--processes", "1"]) == 1
    assert "UNREAD" in capsys.readouterr().out


def test_the_program_says_where_there_is_no_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1
    assert "no case" in capsys.readouterr().err


@pytest.mark.shared
def test_every_planning_case_has_a_model_and_a_dump_that_can_be_read(shared_data: Path) -> None:
    data = shared_data / "planning_cases"
    found = {case: expected(data / case, settings) for case, settings in cases(data)}
    assert len(found) == 45
    silent = {case for case, (_, parts) in found.items() if parts is None}
    assert silent == {"calendar", "criticality", "period_of_cover", "resource_buckets", "wip_1"}
    assert found["setup_2"][0] == "expected.2.tsv"
    assert found["constraints_leadtime_3"][0] == "expected.2.tsv"
    assert found["constraints_resource_6"][0] == "expected.2.tsv"
