"""Adapters: a folder of SQL files that select Gemba's tables out of any system's export, so that it is connected
without code. DuckDB runs the SQL; sources are CSV, Parquet and Excel files, SQLite and PostgreSQL databases."""

from gemba.exchange.adapters.adapter import Adapter, Parameter, find_adapter, list_adapters
from gemba.exchange.adapters.run import load, run, run_records

__all__ = ["Adapter", "Parameter", "find_adapter", "list_adapters", "load", "run", "run_records"]
