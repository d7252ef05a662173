"""What frePPLe's tables, as a folder of CSV files, mean as an operation."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from gemba.exchange.frepple import is_frepple_tables, read_frepple_tables, read_frepple_tables_with_warnings
from gemba.operation import OperationError

TABLES = {
    "parameter": "name,value\ncurrentdate,2026-11-23 00:00:00\n",
    "item": "name,owner_id,cost\nchair,,40\nleg,,1.5\n",
    "location": "name,available_id\nplant,week\n",
    "calendar": "name,defaultvalue\nweek,0\n",
    "calendarbucket": "startdate,enddate,value,priority,monday,tuesday,wednesday,thursday,friday,saturday,sunday,"
    "starttime,endtime,calendar_id\n2020-01-01 00:00:00,2030-12-31 00:00:00,1,5,True,True,True,True,True,False,False,"
    "06:00:00,23:59:59,week\n",
    "operation": "name,type,duration,duration_per,location_id,item_id,owner_id,priority\n"
    "make,routing,,,plant,chair,,1\nsaw,time_per,600,60.0,plant,,make,1\nglue,fixed_time,7200.0,,plant,,make,2\n",
    "operationmaterial": "quantity,type,operation_id,item_id\n-4,start,saw,leg\n",
    "operationresource": "quantity,operation_id,resource_id\n1,saw,saw 1\n",
    "resource": "name,type,maximum,location_id\nsaw 1,default,1,plant\n",
    "itemsupplier": "leadtime,sizeminimum,sizemultiple,item_id,supplier_id\n86400.0,100,50,leg,Timber\n",
    "itemdistribution": "leadtime,item_id,location_id,origin_id\n3600,chair,shop,plant\n",
    "buffer": "onhand,minimum,item_id,location_id\n12,4,leg,plant\n",
    "demand": "name,due,status,quantity,priority,customer_id,item_id,location_id\n"
    "SO 1,2026-12-01 00:00:00,open,20,2,Office,chair,shop\n",
    "operationplan": "reference,type,status,quantity,startdate,enddate,item_id,location_id,supplier_id\n"
    "PO 1,PO,confirmed,100,2026-11-20 00:00:00,2026-11-25 00:00:00,leg,plant,Timber\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in TABLES.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_routing_s_steps_name_it_as_their_owner(folder: Path) -> None:
    operation = read_frepple_tables(folder)
    assert [(s.process, s.name, s.time, s.time_per_unit) for s in operation.steps] == [
        ("make", "saw", 600, 60), ("make", "glue", 7200, 0),
    ]  # fmt: skip


def test_days_are_flags_and_a_second_before_midnight_means_midnight(folder: Path) -> None:
    (rule,) = read_frepple_tables(folder).calendar_rules
    assert (rule.days, rule.end_time.hour, rule.start_time.hour) == ("Mon,Tue,Wed,Thu,Fri", 0, 6)


def test_materials_suppliers_distributions_stock_demands_and_orders_are_read(folder: Path) -> None:
    operation = read_frepple_tables(folder)
    assert {(o.kind, o.item, o.place) for o in operation.supply_options} == {
        ("make", "chair", "plant"), ("buy", "leg", "plant"), ("move", "chair", "shop"),
    }  # fmt: skip
    assert [(s.item, s.place, s.quantity) for s in operation.stocks] == [("leg", "plant", 12)]
    assert [(d.item, d.place, d.customer, d.minimum_delivery) for d in operation.demands] == [
        ("chair", "shop", "Office", 2)
    ]
    assert [(o.name, o.state, o.option) for o in operation.orders] == [
        ("PO 1", "started", "Purchase leg @ plant from Timber")
    ]
    assert [(i.item, i.quantity) for i in operation.step_items] == [("leg", 4)]


def test_compressed_tables_are_read_too(folder: Path) -> None:
    plain = read_frepple_tables(folder)
    for path in list(folder.glob("*.csv")):
        (folder / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    assert is_frepple_tables(folder)
    assert read_frepple_tables(folder) == plain


def test_a_folder_of_other_tables_is_told_apart(tmp_path: Path) -> None:
    (tmp_path / "demands.csv").write_text("name\n", encoding="utf-8")
    assert not is_frepple_tables(tmp_path)
    assert not is_frepple_tables(tmp_path / "nowhere")
    with pytest.raises(OperationError, match=r"item\.csv"):
        read_frepple_tables(tmp_path)


def test_a_file_that_is_no_text_is_refused(folder: Path) -> None:
    (folder / "item.csv").write_bytes(b"\xff\xfe\x00x")
    with pytest.raises(OperationError, match=r"item\.csv"):
        read_frepple_tables(folder)


def test_a_wrong_value_names_table_and_column(folder: Path) -> None:
    (folder / "demand.csv").write_text(TABLES["demand"].replace(",20,", ",many,"), encoding="utf-8")
    with pytest.raises(OperationError) as error:
        read_frepple_tables(folder)
    assert [(f.table, f.thing, f.field, f.value) for f in error.value.faults] == [
        ("demand", "SO 1", "quantity", "many")
    ]


@pytest.mark.shared
@pytest.mark.parametrize(("name", "demands"), [("demo", 14), ("jobshop", 10), ("manufacturing_demo", 220)])
def test_the_demonstration_models_are_read(shared_data: Path, name: str, demands: int) -> None:
    operation, _ = read_frepple_tables_with_warnings(shared_data / "enterprise" / "frepple_demos" / name)
    assert len(operation.demands) == demands


@pytest.mark.shared
def test_the_job_shop_is_ten_jobs_of_ten_steps_on_ten_machines(shared_data: Path) -> None:
    operation = read_frepple_tables(shared_data / "enterprise" / "frepple_demos" / "jobshop")
    assert len(operation.steps) == len(operation.step_resources) == 100
    assert {d.item for d in operation.demands} == {p.item for p in operation.processes}
