"""Exchange with files and other systems: reading operations, writing operations and plans."""

from gemba.exchange.assemble import operation_from_rows
from gemba.exchange.folder import write_folder
from gemba.exchange.read import read
from gemba.exchange.workbook_out import write_template, write_workbook

__all__ = ["operation_from_rows", "read", "write_folder", "write_template", "write_workbook"]
