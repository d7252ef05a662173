"""Event logs as files: CSV with any columns, and XES (IEEE 1849), read and written."""

from gemba.exchange.event_log.columns import LogColumns, guessed
from gemba.exchange.event_log.csv_log import read_csv_log
from gemba.exchange.event_log.reading import LogReading
from gemba.exchange.event_log.writing import write_csv_log, write_xes
from gemba.exchange.event_log.xes import read_xes

__all__ = ["LogColumns", "LogReading", "guessed", "read_csv_log", "read_xes", "write_csv_log", "write_xes"]
