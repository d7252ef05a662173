"""Adapters: another system's export becomes an operation by SQL alone; what is wrong is named."""

from __future__ import annotations

import csv
import gzip
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gemba.exchange import adapters, read
from gemba.operation import OperationError

pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")


def write_adapter(folder: Path, **files: str) -> Path:
    """An adapter folder: items="SELECT …" makes items.sql, sources="…" sources.toml."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / ("sources.toml" if name == "sources" else f"{name}.sql")).write_text(text, encoding="utf-8")
    return folder


def write_csv(file: Path, *rows: list[Any], **options: Any) -> None:
    with file.open("w", newline="", encoding=options.pop("encoding", "utf-8")) as out:
        csv.writer(out, **options).writerows(rows)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "export"
    folder.mkdir()
    write_csv(folder / "articles.csv", ["code", "name"], ["007", "NA"], ["8", ""], ["9", "null"])
    return folder


def fails(adapter: Path | str, source: Path | str, parameters: dict[str, Any] | None = None) -> str:
    with pytest.raises(OperationError) as error:
        adapters.run(adapter, source, parameters)
    return str(error.value)


def test_every_column_of_a_csv_file_is_text_and_only_an_empty_cell_is_null(tmp_path: Path, source: Path) -> None:
    adapter = write_adapter(tmp_path / "a", items="SELECT code AS name, name AS description FROM articles")
    assert adapters.run(adapter, source) == {
        "items": [
            {"name": "007", "description": "NA"},
            {"name": "8", "description": None},
            {"name": "9", "description": "null"},
        ]
    }


def test_columns_have_another_type_where_sources_toml_says_so(tmp_path: Path, source: Path) -> None:
    sources = '[sources.articles]\nfile = "articles.csv"\ncolumns = { code = "INTEGER" }'
    adapter = write_adapter(tmp_path / "a", items="SELECT code + 1 AS name FROM articles", sources=sources)
    assert adapters.run(adapter, source)["items"] == [{"name": 8}, {"name": 9}, {"name": 10}]


def test_a_pattern_takes_several_files_packed_or_not_and_written_another_way(tmp_path: Path, source: Path) -> None:
    write_csv(source / "s_1.txt", ["a", "b"], ["1", "x;y"], delimiter=";")
    (source / "s_2.txt").write_bytes("a;b\n2;\xe4\n".encode())
    sources = '[sources.s]\nfile = "s_*.txt"\ndelimiter = ";"'
    adapter = write_adapter(tmp_path / "a", items="SELECT a AS name, b AS description FROM s", sources=sources)
    assert [r["description"] for r in adapters.run(adapter, source)["items"]] == ["x;y", "ä"]
    with gzip.open(source / "t.csv.gz", "wt", encoding="utf-8") as file:
        file.write("name\nZ\n")
    adapter = write_adapter(tmp_path / "b", items="SELECT name FROM t")
    assert adapters.run(adapter, source)["items"] == [{"name": "Z"}]


def test_parquet_files_keep_their_types(tmp_path: Path, source: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"code": ["A"], "cost": [1.5]}), source / "prices.parquet")
    adapter = write_adapter(tmp_path / "a", items="SELECT code AS name, cost * 2 AS cost FROM prices")
    assert adapters.run(adapter, source)["items"] == [{"name": "A", "cost": 3.0}]


def test_each_sheet_of_a_workbook_is_a_view_of_text(tmp_path: Path, source: Path) -> None:
    _workbook(
        source / "book.xlsx", "Stock", [["Item", "Qty", "On"], ["A1", 40, datetime(2026, 3, 1)], ["A2", 0.5, None]]
    )
    sql = 'SELECT Item AS item, Qty::DOUBLE AS quantity, "On" AS expires FROM "Stock"'
    assert adapters.run(write_adapter(tmp_path / "a", stocks=sql), source)["stocks"] == [
        {"item": "A1", "quantity": 40.0, "expires": "2026-03-01"},
        {"item": "A2", "quantity": 0.5, "expires": None},
    ]
    assert adapters.run(tmp_path / "a", source / "book.xlsx")["stocks"][0]["item"] == "A1"


def _workbook(file: Path, sheet: str, rows: list[list[Any]]) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd"})
    page = book.add_worksheet(sheet)
    for i, row in enumerate(rows):
        page.write_row(i, 0, row)
    book.close()


def test_a_sqlite_file_is_read_through_its_driver_and_not_changed(tmp_path: Path) -> None:
    file = tmp_path / "erp 1.db"
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE article (code TEXT, cost)")
        database.executemany("INSERT INTO article VALUES (?, ?)", [("A", 1), ("B", 2.5), ("C", None)])
    before = file.read_bytes()
    adapter = write_adapter(tmp_path / "a", items="SELECT code AS name, cost FROM article")
    costs = [r["cost"] for r in adapters.run(adapter, file)["items"]]
    assert [None if c is None else float(c) for c in costs] == [1.0, 2.5, None]
    assert file.read_bytes() == before
    sources = '[sources.article]\ntable = "articles"'
    adapter = write_adapter(tmp_path / "b", items="SELECT code AS name FROM article", sources=sources)
    assert "no such table: articles" in fails(adapter, file)


@pytest.mark.postgres
def test_a_postgresql_database_is_read_through_its_driver(tmp_path: Path, postgres_url: str) -> None:
    pytest.importorskip("adbc_driver_postgresql")
    sources = (
        "[sources.article]\nquery = \"SELECT 'A' AS code, 1.25::numeric AS cost, "
        "timestamptz '2026-03-01 12:00+02' AS until_when\""
    )
    items = "SELECT code AS name, cost::DOUBLE AS cost FROM article"
    stocks = "SELECT code AS item, 1 AS quantity, until_when AS expires FROM article"
    adapter = write_adapter(tmp_path / "a", sources=sources, items=items, stocks=stocks)
    rows = adapters.run(adapter, postgres_url)
    assert rows["items"] == [{"name": "A", "cost": 1.25}]
    assert rows["stocks"][0]["expires"] == "2026-03-01T10:00:00Z"
    adapter = write_adapter(
        tmp_path / "b", items="SELECT 1 AS name", sources='[sources.x]\nquery = "CREATE TABLE x (a int)"'
    )
    assert "read-only" in fails(adapter, postgres_url)


def test_an_unreachable_database_is_named_without_its_password(tmp_path: Path) -> None:
    pytest.importorskip("adbc_driver_postgresql")
    sources = '[parameters]\naddress = {}\n[sources.x]\ndatabase = "$address"\ntable = "x"'
    adapter = write_adapter(tmp_path / "a", items="SELECT 1 AS name", sources=sources)
    said = fails(adapter, tmp_path, {"address": "postgresql://me:secret@127.0.0.1:1/erp"})
    assert "127.0.0.1:1/erp" in said
    assert "secret" not in said


def test_parameters_are_given_or_have_their_default(tmp_path: Path, source: Path) -> None:
    sources = "[parameters]\nfirst = 7\nlast = { description = 'to' }"
    sql = "SELECT code AS name FROM articles WHERE code::INTEGER BETWEEN $first AND $last"
    adapter = write_adapter(tmp_path / "a", items=sql, sources=sources)
    assert [r["name"] for r in adapters.run(adapter, source, {"last": 8})["items"]] == ["007", "8"]
    assert "'$last' must be given" in fails(adapter, source)
    assert "did you mean 'last'" in fails(adapter, source, {"lats": 8})


def test_files_that_begin_with_an_underscore_prepare_in_the_order_of_their_names(tmp_path: Path, source: Path) -> None:
    adapter = write_adapter(tmp_path / "a", items="SELECT name FROM two;", _1_one="SELECT code FROM articles",
                            _2_two="SELECT code || '!' AS name FROM one -- shout")  # fmt: skip
    assert [r["name"] for r in adapters.run(adapter, source)["items"]] == ["007!", "8!", "9!"]


def test_moments_with_an_offset_and_lengths_of_time_arrive_as_such(tmp_path: Path, source: Path) -> None:
    sql = """SELECT 'D' AS name, 'I' AS item, 1 AS quantity, timestamptz '2026-03-01 12:00:00+02' AS due,
             INTERVAL 90 MINUTE AS maximum_lateness"""
    adapter = write_adapter(tmp_path / "a", demands=sql, items="SELECT 'I' AS name")
    operation = adapters.load(adapter, source, now=datetime(2026, 3, 1))
    assert operation.demands[0].due == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert operation.demands[0].maximum_lateness == timedelta(minutes=90).total_seconds()


def test_a_row_at_fault_is_named_with_the_file_that_selected_it(tmp_path: Path, source: Path) -> None:
    adapter = write_adapter(tmp_path / "a", items="SELECT code AS name, 'much' AS cost FROM articles")
    with pytest.raises(OperationError, match=r"items\.sql.*'007'.*cost is 'much'"):
        adapters.load(adapter, source, now=datetime(2026, 3, 1))


def test_a_folder_with_sql_files_beside_the_data_is_its_own_adapter(source: Path) -> None:
    write_adapter(source, items="SELECT code AS name FROM articles")
    assert [i.name for i in read(source, now=datetime(2026, 3, 1)).items] == ["007", "8", "9"]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT nam FROM articles", "items.sql.*nam"),
        ("SELEC 1", "items.sql.*syntax error"),
        ("SELECT code FROM articles", "items.sql.*code.*must be one of name, kind"),
        ("SELECT code AS nam FROM articles", "did you mean 'name'"),
        ("SELECT 1 AS name; SELECT 2 AS name", "one SELECT"),
        ("DROP VIEW articles", "one SELECT"),
        ("SELECT code::DATE AS name FROM articles", "items.sql.*007"),
        ("SELECT * FROM read_text('/etc/hostname')", "items.sql.*Permission"),
        ("SELECT * FROM read_csv('../a/items.sql')", "items.sql.*Permission"),
        ("COPY articles TO 'out.csv'", "one SELECT"),
    ],
)
def test_sql_that_fails_or_reaches_out_is_named_with_its_file(
    tmp_path: Path, source: Path, sql: str, said: str
) -> None:
    import re

    assert re.search(said, fails(write_adapter(tmp_path / "a", items=sql), source), re.DOTALL)


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ('[sources.x]\nfile = "gone.csv"', "gone.csv"),
        ('[sources.x]\nfile = "../a/items.sql"', "inside the source folder"),
        ('[sources.x]\nworkbook = "gone.xlsx"', "gone.xlsx"),
        ('[sources.x]\nfil = "articles.csv"', "fil"),
        ("[sources.x]\nlenient = true", "given a file"),
        ('[sources.x]\nfile = "articles.csv"\ncolumns = { nope = "DOUBLE" }', "nope"),
        ("[sources.x", "TOML"),
    ],
)
def test_a_source_that_is_not_there_or_not_understood_is_named(
    tmp_path: Path, source: Path, sources: str, said: str
) -> None:
    assert said in fails(write_adapter(tmp_path / "a", items="SELECT 1 AS name", sources=sources), source)


def test_an_adapter_or_table_that_does_not_exist_is_named_with_the_nearest(tmp_path: Path, source: Path) -> None:
    assert "did you mean 'adventureworks'" in fails("adventurework", source)
    assert "did you mean 'items'" in fails(write_adapter(tmp_path / "a", item_s="SELECT 1", itens="SELECT 1"), source)
    assert "no file or folder" in fails("adventureworks", tmp_path / "gone")
    (tmp_path / "b").mkdir()
    assert "SQL files" in fails(tmp_path / "b", source)


def test_two_sources_of_one_name_are_refused(tmp_path: Path, source: Path) -> None:
    _workbook(source / "book.xlsx", "articles", [["a"], ["1"]])
    assert "named once" in fails(write_adapter(tmp_path / "a", items="SELECT 1 AS name"), source)


def test_the_adapters_that_come_with_gemba_say_what_they_are_for() -> None:
    found = {a.name: a for a in adapters.list_adapters()}
    assert {"adventureworks", "adventureworks-history"} <= set(found)
    assert all(a.description and all(p.description for p in a.parameters) for a in found.values())
